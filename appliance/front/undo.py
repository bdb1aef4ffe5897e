"""What was just done can be taken back for a moment, with 0."""

from __future__ import annotations

import logging
from collections.abc import Callable

from appliance.pages.page import Page
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

    def offer(self, undo: Callable[[], object]) -> None:
        """From now on, for a while; what was offered before stays done."""
        self._offer = undo
        if self._end is not None:
            self._end.cancel()
        self._end = self._timers.after(SECONDS, self.withdraw)
        self._changed()

    def open_in(self, state: State, page: Page | None) -> bool:
        """Whether 0 takes something back here; `page` is the top one, if any is open."""
        if self._offer is None or state not in _FREE:
            return False
        return state is not State.MENU or page is None or page.leaves_zero

    def takes(self, key: Key, edge: Edge, state: State, page: Page | None) -> bool:
        """Whether this edge is for us; the press of a 0 takes back."""
        undo = self._offer
        if key is not Key.D0 or edge is not Edge.PRESS or undo is None:
            return False
        if not self.open_in(state, page):
            return False
        self.withdraw()
        undo()
        return True

    def withdraw(self) -> None:
        """What was offered stays done from now on."""
        if self._end is not None:
            self._end.cancel()
        self._end = self._offer = None
        self._changed()
