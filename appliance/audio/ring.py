"""The last seconds of the microphone, so that a key finds the syllable spoken before it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Ring:
    """Mono float32 samples; the oldest are overwritten."""

    def __init__(self, capacity: int) -> None:
        self._data = np.zeros(capacity, np.float32)
        self._next = 0
        self._filled = 0

    def __len__(self) -> int:
        return self._filled

    def write(self, block: NDArray[np.float32]) -> None:
        """Append samples."""
        capacity = len(self._data)
        block = block[-capacity:]
        head = min(len(block), capacity - self._next)
        self._data[self._next : self._next + head] = block[:head]
        self._data[: len(block) - head] = block[head:]
        self._next = (self._next + len(block)) % capacity
        self._filled = min(capacity, self._filled + len(block))

    def last(self, count: int) -> NDArray[np.float32]:
        """A copy of the newest `count` samples, or of all there are, oldest first."""
        count = max(0, min(count, self._filled))
        indices = np.arange(self._next - count, self._next) % len(self._data)
        return self._data[indices]

    def clear(self) -> None:
        """Forget everything, in memory too: nothing of it may be read later."""
        self._data[:] = 0
        self._next = self._filled = 0
