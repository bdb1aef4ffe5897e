"""Automatic gain: a quiet microphone is raised slowly, and lowered at once before it clips."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from appliance.sound.levels import peak_db, rms_db

TARGET_DB = -20.0
"""RMS at which speech is comfortable to every engine, in dBFS."""
MOST_DB = 24.0
_CEILING_DB = -1.0
_RISE_DB, _FALL_DB = 8.0, 24.0  # a second
_ABOVE_FLOOR_DB = 10.0  # above the quiet of the room: somebody speaks
_FLOOR_RISE_DB = 3.0  # a second: the room itself may grow louder
_LEAST_DB = -62.0  # nothing below this is worth raising


class AutoGain:
    """Gain in dB, 0 to `MOST_DB`, that follows the speech and not the room between the words."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Another microphone."""
        self.gain_db = 0.0
        self._floor = -50.0

    def apply(self, block: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
        """The block at the gain of now, moved towards the one it should have."""
        if not block.size:
            return block
        seconds = len(block) / rate
        before = self.gain_db
        level = rms_db(block)
        self._floor = min(level, self._floor + _FLOOR_RISE_DB * seconds)
        if level > max(_LEAST_DB, self._floor + _ABOVE_FLOOR_DB):
            missing = TARGET_DB - (level + before)
            moved = min(_RISE_DB * seconds, max(-_FALL_DB * seconds, missing))
            self.gain_db = min(MOST_DB, max(0.0, before + moved))
        self.gain_db = max(0.0, min(self.gain_db, _CEILING_DB - peak_db(block)))
        if before == self.gain_db == 0.0:
            return block
        # From one gain to the next without a step; a peak is met at its own gain at once.
        start = min(before, self.gain_db)
        ramp = np.linspace(_factor(start), _factor(self.gain_db), len(block), dtype=np.float32)
        return block * ramp


def _factor(decibels: float) -> float:
    return float(10 ** (decibels / 20))
