"""The heat governor: fewer threads before the SoC throttles, more again when it has cooled.

A SoC that throttles halves its clock at once and for all; one thread less costs a fraction of that
and is taken back. So the limit goes down one by one while a zone is near its trip point, and up
one by one after it has been well below for a while.
"""

from __future__ import annotations

from collections.abc import Sequence

from appliance.health.machine import Temperature

MARGIN = 5.0
"""°C below a zone's trip point at which it counts as hot."""
HYSTERESIS = 7.0
"""°C below that, from which on it counts as cool."""
COOL_READINGS = 4
"""So many cool readings in a row give one thread back."""
ASSUMED_TRIP = 85.0
"""°C, for a zone that does not tell: the usual passive trip point of an RK3588."""


class Governor:
    """`limit` is how many threads the LLM may use, at most `threads` and at least 1.

    `acting` while that is fewer; `celsius` is then the zone that is to blame.
    """

    def __init__(self, threads: int) -> None:
        self._threads = max(1, threads)
        self.limit = self._threads
        self.celsius: float | None = None
        self._cool = 0

    @property
    def acting(self) -> bool:
        return self.limit < self._threads

    def feel(self, zones: Sequence[Temperature]) -> None:
        """Take one reading of all zones; what cannot be read is no reason to act."""
        if not zones:
            return
        worst = max(zones, key=_closeness)
        self.celsius = worst.celsius
        excess = _closeness(worst)
        if excess >= -MARGIN:
            self._cool = 0
            self.limit = max(1, self.limit - 1)
        elif excess <= -MARGIN - HYSTERESIS:
            self._cool += 1
            if self._cool >= COOL_READINGS and self.acting:
                self._cool = 0
                self.limit += 1
        else:
            self._cool = 0


def _closeness(zone: Temperature) -> float:
    """°C above its trip point; negative below."""
    return zone.celsius - (ASSUMED_TRIP if zone.throttles_at is None else zone.throttles_at)
