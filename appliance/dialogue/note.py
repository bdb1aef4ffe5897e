"""The one short note over the lower lines: what it says, and how long it stands there."""

from __future__ import annotations

from appliance.clock import Clock
from ui.screens.toast import Toast

SHORTEST_SECONDS = 2.5
SECONDS_PER_CHARACTER = 0.08  # a slow reader of Latin letters
GLANCE_SECONDS = 0.8  # whoever presses a key after that has seen it


class Note:
    """At most one is shown, the newest."""

    def __init__(self, clock: Clock) -> None:
        self.shown: Toast | None = None
        self._clock = clock
        self._since = 0.0
        self._until = 0.0

    def show(self, text: str, fraction: float | None = None) -> None:
        """`fraction` adds a bar."""
        self.shown = Toast(text, fraction)
        self._since = self._clock()
        self._until = self._since + max(SHORTEST_SECONDS, SECONDS_PER_CHARACTER * len(text))

    @property
    def deadline(self) -> float | None:
        """When it goes away by itself."""
        return self._until if self.shown else None

    def tick(self, now: float) -> bool:
        """Whether it went away."""
        if self.shown is None or now < self._until:
            return False
        self.shown = None
        return True

    def pressed(self, now: float) -> None:
        """A key: what was seen stands in the way of what is typed."""
        if now - self._since >= GLANCE_SECONDS:
            self.shown = None
