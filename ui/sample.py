"""What is seen of a microphone: its level, sample by sample."""

from __future__ import annotations

from typing import Final, NamedTuple

SAMPLES: Final = 60
"""As many as a scope shows."""


class Sample(NamedTuple):
    """A tenth of a second: `level` 0..1, and whether it was taken for speech."""

    level: float
    speech: bool
