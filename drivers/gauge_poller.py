"""Looks at the fuel gauge now and then, after everybody else on the bus."""

from __future__ import annotations

from collections.abc import Callable

from drivers.bus import BusError
from drivers.max1704x import Charge, Max1704x

INTERVAL = 20.0
"""Seconds between looks: a gauge measures four times a second, a battery changes in minutes."""
ABSENT_INTERVAL = 120.0
"""Seconds until a gauge that is not there is looked for again."""


class GaugePoller:
    """A `drivers.arbiter.Task`; give it to the bus thread last.

    `charge` is the latest reading, None while no gauge answers; any thread may read it.
    """

    def __init__(self, gauge: Max1704x) -> None:
        self.charge: Charge | None = None
        self._gauge = gauge

    def bind(self, wake: Callable[[], None]) -> None:
        """It wakes itself."""

    def run(self, now: float) -> float | None:
        """Four registers at most, 50 bits each."""
        try:
            self.charge = self._gauge.read()
        except BusError:
            self.charge = None
            return now + ABSENT_INTERVAL
        return now + INTERVAL

    def finish(self, now: float) -> bool:
        """Nothing to send before the end."""
        return False
