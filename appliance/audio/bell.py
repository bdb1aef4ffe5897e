"""The sound of an alarm: bursts with a rest between them, louder and louder, for a while."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from appliance.audio.chimes import burst
from appliance.messages import Ring


class Bell:
    """Rendered block by block. It counts seconds, so the rate may change in between."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._position = 0.0

    @property
    def over(self) -> bool:
        """Whether it has rung as long as it was to."""
        return self._position >= self._ring.longest

    def render(self, frames: int, rate: int) -> NDArray[np.float32]:
        """The next samples; silence once it is over."""
        pattern = burst(self._ring.kind, rate)
        start = round(self._position * rate)
        at = (np.arange(frames) + start) % len(pattern)
        seconds = self._position + np.arange(frames) / rate
        self._position += frames / rate
        return (pattern[at] * self._level(seconds)).astype(np.float32)

    def _level(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        ring = self._ring
        risen = np.clip(seconds / ring.ramp, 0, 1) if ring.ramp > 0 else np.ones_like(seconds)
        return np.where(seconds < ring.longest, ring.low + (ring.high - ring.low) * risen, 0.0)
