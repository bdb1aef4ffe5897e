"""The toast over the lower lines: what it says, and how long it stands there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from appliance.timers import Timer, Timers

SHORTEST_SECONDS = 2.5
SECONDS_PER_CHARACTER = 0.08  # a slow reader of Latin letters
GLANCE_SECONDS = 0.8  # whoever presses a key after that has seen it


@dataclass(frozen=True, slots=True)
class Shown:
    """What it says; `fraction` adds a bar."""

    text: str
    fraction: float | None = None


class Toasts:
    """At most one is shown, the newest. `changed` is called when it goes away by itself."""

    def __init__(self, timers: Timers, changed: Callable[[], None]) -> None:
        self.shown: Shown | None = None
        self._timers = timers
        self._changed = changed
        self._since = 0.0
        self._end: Timer | None = None

    def show(self, text: str, fraction: float | None = None) -> None:
        """`fraction` adds a bar."""
        self._put_away()
        self.shown = Shown(text, fraction)
        self._since = self._timers.clock()
        seconds = max(SHORTEST_SECONDS, SECONDS_PER_CHARACTER * len(text))
        self._end = self._timers.after(seconds, self._over)

    def pressed(self, now: float) -> None:
        """A key: what was seen stands in the way of what is typed."""
        if now - self._since >= GLANCE_SECONDS:
            self._put_away()

    def _over(self) -> None:
        self._put_away()
        self._changed()

    def _put_away(self) -> None:
        self.shown = None
        if self._end is not None:
            self._end.cancel()
