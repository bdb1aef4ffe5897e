"""Which channel of a microphone is the voice.

The channels of an array are one sound at slightly other times, some raw, some processed, one
perhaps what the speaker plays: their mean is a comb filter with an echo in it. So one channel is
taken, the first that carries anything; by the custom of arrays it is the processed one. Source:
Seeed, ReSpeaker USB 4 Mic Array: channel 0 processed, 1-4 raw, 5 playback.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_DEAD_SECONDS = 0.5  # a converter's noise is never exactly silent for so long
_DEAD = 1e-7


class ChannelPicker:
    """Fed with blocks (frames, channels) at `rate` Hz; stays with a channel while it lives."""

    def __init__(self, rate: int) -> None:
        self._dead_after = round(_DEAD_SECONDS * rate)
        self._channel = 0
        self._silent = 0  # frames

    def mono(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """The channel's samples, as a copy."""
        picked = block[:, self._channel]
        if np.abs(picked).max(initial=0.0) > _DEAD:
            self._silent = 0
        else:
            self._silent += len(block)
            if self._silent >= self._dead_after:
                picked = self._next_alive(block)
        return np.array(picked, np.float32)

    def _next_alive(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        alive = np.flatnonzero(np.abs(block).max(axis=0, initial=0.0) > _DEAD)
        if alive.size:
            self._channel, self._silent = int(alive[0]), 0
        return block[:, self._channel]
