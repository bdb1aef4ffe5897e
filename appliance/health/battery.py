"""What the battery's charge means: nothing, an icon, or that it is time to save and shut down."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

LOW = 20.0
"""Percent at which the icon comes, and the frugal mode where it is automatic."""
RECOVERED = 25.0
"""Percent at which a battery that was low no longer is, though nobody charges it."""
READINGS_TO_BELIEVE = 3
"""So many readings in a row that say it is empty: one alone may be a load's dip."""


@dataclass(frozen=True, slots=True)
class Charge:
    """`percent` in 0..100; `charging` None: not known, which counts as not charging."""

    percent: float
    charging: bool | None


class Level(Enum):
    NONE = auto()  # there is no battery
    FINE = auto()
    LOW = auto()
    EMPTY = auto()


class Battery:
    """Follows the readings. `empty` is the percent at which the box has to end."""

    def __init__(self, empty: float) -> None:
        self.level = Level.NONE
        self.charge: Charge | None = None
        self._empty = empty
        self._empty_readings = 0

    def feel(self, charge: Charge | None) -> None:
        self.charge = charge
        if charge is None:
            self.level, self._empty_readings = Level.NONE, 0
            return
        drained = charge.percent <= self._empty and not charge.charging
        self._empty_readings = self._empty_readings + 1 if drained else 0
        if self._empty_readings >= READINGS_TO_BELIEVE:
            self.level = Level.EMPTY
        elif charge.charging:
            self.level = Level.FINE
        else:
            bound = RECOVERED if self.level in (Level.LOW, Level.EMPTY) else LOW
            self.level = Level.LOW if charge.percent <= bound else Level.FINE
