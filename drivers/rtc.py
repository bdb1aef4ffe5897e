"""A real-time clock on the box's own bus: what every driver of one can do, and its digits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from drivers import ds3231, pcf8563
from drivers.bus import BusError, I2CBus


class RealTimeClock(Protocol):
    """One chip. It counts UTC, so that a change of the zone or of summer time moves nothing."""

    def read(self) -> datetime | None:
        """The time it has kept, in UTC to the second; None: its oscillator stopped, it is lost.

        Raises:
            BusError: nothing answers, or what answers is no clock.
        """
        ...

    def set(self, moment: datetime) -> None:
        """Count on from `moment`, and take back the mark that the time was lost.

        Raises:
            BusError: nothing answers.
            ValueError: the chip cannot hold that year, or `moment` has no zone.
        """
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of chip and where it answers; its address cannot be changed."""

    name: str
    address: int
    make: Callable[[I2CBus], RealTimeClock]


KINDS = (
    Kind("DS3231", ds3231.ADDRESS, ds3231.DS3231),
    Kind("PCF8563", pcf8563.ADDRESS, pcf8563.PCF8563),
)


def find(bus: I2CBus) -> tuple[Kind, RealTimeClock] | None:
    """The first chip on `bus` that answers as a clock does, valid or not."""
    for kind in KINDS:
        chip = kind.make(bus)
        try:
            chip.read()
        except BusError:
            continue
        return kind, chip
    return None
