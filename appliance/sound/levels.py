"""Loudness in dBFS, for meters and for the VAD of last resort."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

SILENCE_DB = -96.0
Flaw = Literal["", "dead", "clipped"]

_FULL = 0.985  # of full scale: converters do not always reach it
_CLIPPED_SHARE = 0.002
_DEAD_SAMPLES = 8000  # half a second at 16 kHz


def rms_db(samples: NDArray[np.float32]) -> float:
    """RMS level; a full-scale square wave is 0."""
    if samples.size == 0:
        return SILENCE_DB
    return _db(float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))))


def peak_db(samples: NDArray[np.float32]) -> float:
    """Peak level."""
    return SILENCE_DB if samples.size == 0 else _db(float(np.abs(samples).max()))


def _db(amplitude: float) -> float:
    return max(SILENCE_DB, 20 * float(np.log10(max(amplitude, 1e-9))))


class SignalCheck:
    """What is wrong with a microphone, over one utterance of its own samples."""

    def __init__(self) -> None:
        self._count = self._full = 0
        self._silent = True

    def add(self, samples: NDArray[np.float32]) -> None:
        """Samples as they were captured, before any gain."""
        magnitudes = np.abs(samples)
        self._count += magnitudes.size
        self._full += int(np.count_nonzero(magnitudes >= _FULL))
        self._silent = self._silent and not magnitudes.any()

    @property
    def flaw(self) -> Flaw:
        """`dead`: digital silence, as from a muted microphone; `clipped`: too loud for it."""
        if self._silent and self._count >= _DEAD_SAMPLES:
            return "dead"
        return "clipped" if self._full > _CLIPPED_SHARE * max(1, self._count) else ""
