"""Heat and power of the box, looked at now and then; what follows from them for the rest.

Hot: the LLM gets fewer threads, and the glass shows the temperature. Battery low: an icon, and the
frugal mode where it is automatic. Empty: the box saves and ends.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from appliance.configuration.settings import Settings
from appliance.health.battery import Battery, Charge, Level
from appliance.health.governor import Governor
from appliance.health.machine import Temperature

BUSY_SECONDS = 4.0
"""Between readings while an engine computes, or it is too hot: heat comes within seconds."""
IDLE_SECONDS = 30.0

log = logging.getLogger("lory.vitals")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the sensors say; no battery is None."""

    zones: Sequence[Temperature]
    charge: Charge | None


class Body(Protocol):
    """Whose heat and power they are. Called on the loop."""

    @property
    def busy(self) -> bool:
        """Whether an engine computes."""

    def limit_threads(self, threads: int) -> None:
        """The LLM may use so many at most."""

    def vitals_changed(self) -> None:
        """Something is to be shown or done otherwise."""

    def battery_empty(self) -> None:
        """Said once."""


class _Nobody:
    """There is no box yet."""

    busy = False

    def limit_threads(self, threads: int) -> None:
        """Nobody computes."""

    def vitals_changed(self) -> None:
        """Nothing is shown."""

    def battery_empty(self) -> None:
        """Nothing ends."""


class Vitals:
    """`read` asks the sensors, on another thread; `body` is told what follows."""

    def __init__(self, settings: Settings, cores: int, read: Callable[[], Reading]) -> None:
        self.body: Body = _Nobody()
        self._settings = settings
        self._cores = cores
        self._read = read
        self._governor = Governor(cores)
        self._battery = Battery(settings.number("power.empty"))
        self._shown: tuple[object, ...] = ()
        settings.watch(("power.frugal",), self.apply)

    @property
    def celsius(self) -> int | None:
        """The temperature, while it is why the box is slower."""
        governor = self._governor
        hot = governor.acting and governor.celsius is not None
        return round(governor.celsius or 0.0) if hot else None

    @property
    def low_percent(self) -> int | None:
        """What the battery has left, while that is little."""
        charge = self._battery.charge
        low = self._battery.level in (Level.LOW, Level.EMPTY)
        return round(charge.percent) if low and charge is not None else None

    @property
    def frugal(self) -> bool:
        """Whether to be quiet and save power: fewer threads, nothing done ahead of being asked."""
        wanted = self._settings.text("power.frugal")
        return wanted == "on" or (wanted == "auto" and self.low_percent is not None)

    async def watch(self) -> None:
        """Look for ever."""
        while True:
            self.feel(await asyncio.to_thread(self._read))
            hurry = self.body.busy or self._governor.acting
            await asyncio.sleep(BUSY_SECONDS if hurry else IDLE_SECONDS)

    def feel(self, reading: Reading) -> None:
        """Draw the conclusions from one reading."""
        before = self._battery.level
        self._governor.feel(reading.zones)
        self._battery.feel(reading.charge)
        self.apply()
        if self._battery.level is Level.EMPTY and before is not Level.EMPTY:
            log.warning("the battery is empty")
            self.body.battery_empty()

    def apply(self) -> None:
        """Hand on what holds now: after a reading, or a changed setting."""
        most = max(1, self._cores // 2) if self.frugal else self._cores
        threads = min(self._governor.limit, most)
        shown = (threads, self.frugal, self.celsius, self.low_percent)
        if shown != self._shown:
            if self._shown[:1] != shown[:1]:
                log.info("the LLM may use %d threads (%s °C)", threads, self._governor.celsius)
            self._shown = shown
            self.body.limit_threads(threads)
            self.body.vitals_changed()
