"""What a speech synthesiser is to the rest of the box."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeAlias

import msgspec

if TYPE_CHECKING:  # main reads the configuration types and carries no numpy
    import numpy as np
    from numpy.typing import NDArray

OnSamples: TypeAlias = "Callable[[NDArray[np.float32]], None]"
ShouldStop = Callable[[], bool]


class TtsConfig(msgspec.Struct, frozen=True):
    """Which engine, and its files.

    `voices` are speaker ids by name, where the model's own metadata does not name them.
    `files` names files inside `directory` by role; roles that are absent have the engine's usual
    names. `threads` is fixed when the model is loaded. `parameters` are the engine's own numbers
    (`noise_scale`, `length_scale`, …). `sha256` by role is checked before loading, where given.
    """

    engine: str
    directory: str
    files: dict[str, str] = {}
    voices: dict[str, int] = {}
    threads: int = 1
    parameters: dict[str, float] = {}
    sha256: dict[str, str] = {}


class Synthesiser(Protocol):
    """One loaded voice model."""

    rate: int
    """Of the samples, in Hz."""
    voices: tuple[str, ...]
    """Names `synthesise` knows; the first is the default."""

    def synthesise(
        self,
        text: str,
        voice: str,
        speed: float,
        on_samples: OnSamples,
        should_stop: ShouldStop,
    ) -> None:
        """Speak one clause of ordinary text: mono float32 blocks in -1..1 go to `on_samples`.

        An unknown or empty `voice` is the default one; `speed` is clamped to 0.5…2. Nothing is
        emitted when nothing can be spoken. `should_stop` is asked between the engine's own
        blocks; nothing is emitted once it said yes.
        """


def clamp_speed(speed: float) -> float:
    """What the engines accept; sherpa says nothing at all at 0 and below."""
    return min(2.0, max(0.5, speed)) if speed == speed else 1.0
