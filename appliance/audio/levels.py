"""Loudness in dBFS, for meters and for the VAD of last resort."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SILENCE_DB = -96.0


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
