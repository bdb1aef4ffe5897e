"""A recording in the microphone's place: spoken questions for tests, benches and demos."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from appliance.audio.vad import RATE
from appliance.clock import Clock

_BLOCK = RATE // 50
_AHEAD = 0.05  # seconds that are due before their time


class FileMicrophone:
    """What a microphone would have given by now, for one turn. `samples` are mono at `RATE`.

    `fast`: all of it is due at once.
    """

    def __init__(self, turn: int, samples: NDArray[np.float32], clock: Clock, fast: bool) -> None:
        self.turn = turn
        self._samples = samples
        self._clock = clock
        self._fast = fast
        self._began = clock()
        self._given = 0

    @property
    def ended(self) -> bool:
        """Whether all of it was given."""
        return self._given >= len(self._samples)

    def due(self) -> Iterator[NDArray[np.float32]]:
        """The blocks that were not given yet and are due."""
        whole = len(self._samples)
        elapsed = self._clock() - self._began + _AHEAD
        due = whole if self._fast else min(whole, int(elapsed * RATE))
        while self._given < due:
            block = self._samples[self._given : self._given + _BLOCK]
            self._given += _BLOCK
            yield block
