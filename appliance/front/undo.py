"""What was just done can be taken back for a moment, with 0."""

from __future__ import annotations

import logging
from collections.abc import Callable

from appliance.timers import Timer, Timers
from drivers.keys import Edge, Key
from ui.keymap import State

SECONDS = 10.0
# Where 0 is not needed for anything that is going on.
_FREE = (State.HOME, State.ANSWER, State.BUSY, State.MENU)

log = logging.getLogger("lory.undo")


class Undo:
    """One offer at a time. `changed` is called when the last row is to say something else."""

    def __init__(self, timers: Timers, changed: Callable[[], object]) -> None:
        self._timers = timers
        self._changed = changed
        self._offer: Callable[[], object] | None = None
        self._end: Timer | None = None

    @property
    def offered(self) -> bool:
        """Whether 0 takes something back."""
        return self._offer is not None

    def offer(self, undo: Callable[[], object]) -> None:
        """From now on, for a while; what was offered before stays done."""
        self._offer = undo
        if self._end is not None:
            self._end.cancel()
        self._end = self._timers.after(SECONDS, self._over)
        self._changed()

    def takes(self, key: Key, edge: Edge, state: State) -> bool:
        """Whether this edge is for us; the press of a 0 takes back."""
        if key is not Key.D0 or edge is not Edge.PRESS or state not in _FREE:
            return False
        undo = self._offer
        if undo is None:
            return False
        self._over()
        undo()
        return True

    def _over(self) -> None:
        self._offer = None
        self._changed()
