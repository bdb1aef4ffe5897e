"""What a wake-word spotter is to the rest of the box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:  # main reads the configuration type and carries no numpy
    import numpy as np
    from numpy.typing import NDArray


class KwsConfig(msgspec.Struct, frozen=True):
    """sherpa-onnx's keyword spotter: its files in `directory` by role, as in the catalogue."""

    directory: str
    files: dict[str, str]
    threads: int = 1
    sha256: dict[str, str] = {}


class Sighting(msgspec.Struct, frozen=True):
    """`score` 0..1 of the phrase in `text`, which is what was understood ("" where nothing is).

    `rest`: what was said after it, where words are understood.
    """

    text: str
    score: float
    rest: str = ""


class Spotter(Protocol):
    """One stretch of speech at a time: `reset`, `accept` …, `finish`."""

    def reset(self, phrase: str) -> None:
        """Look for this phrase from now on."""

    def accept(self, samples: NDArray[np.float32], rate: int) -> bool:
        """More of it; True as soon as the phrase was heard for certain."""

    def finish(self) -> Sighting:
        """The stretch is over."""
