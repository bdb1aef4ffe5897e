"""What a speech recogniser is to the rest of the box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from appliance.engines.errors import EngineError

if TYPE_CHECKING:  # main reads the configuration types and carries no numpy
    import numpy as np
    from numpy.typing import NDArray

RATE = 16000
"""Of the samples every recogniser wants, in Hz."""


class AsrConfig(msgspec.Struct, frozen=True):
    """Which engine, and its files.

    `files` names files inside `directory` by role; roles that are absent have the engine's usual
    names. `threads` is fixed when the model is loaded. `hot_words` where the engine has them.
    `sha256` by role is checked before loading, where given. `server`: the address of a FunASR
    runtime server, `unix:PATH` or `ws://HOST:PORT`, for the engines that are one.
    """

    engine: str
    directory: str
    files: dict[str, str] = {}
    threads: int = 1
    language: str = "zh"
    tail_paddings: int = 500
    sha256: dict[str, str] = {}
    server: str = ""


class Recogniser(Protocol):
    """One utterance at a time: `reset`, `accept` …, `finish`."""

    def reset(self, language: str = "", hot_words: tuple[str, ...] = ()) -> None:
        """Begin an utterance. Empty `language`: the configured one."""

    def accept(self, samples: NDArray[np.float32], rate: int) -> None:
        """More of it: mono samples in -1..1 at `RATE`."""

    def partial(self) -> str:
        """What was heard so far; may compute, but never for longer than a pause hides."""

    def finish(self) -> str:
        """The utterance is over: its text. Empty when there was no speech in it."""


class Decoder(Protocol):
    """An engine that transcribes a whole segment at once."""

    longest: float
    """Seconds of speech it takes at once."""

    def decode(
        self, samples: NDArray[np.float32], language: str, hot_words: tuple[str, ...]
    ) -> str:
        """The text of a segment of mono samples at `RATE`, cleaned of the engine's quirks.

        Engines without hot words take no notice of them.
        """


def require_rate(rate: int) -> None:
    """The audio worker converts; an engine that is fed another rate hears nonsense."""
    if rate != RATE:
        raise EngineError(f"recognisers take {RATE} Hz, not {rate} Hz")
