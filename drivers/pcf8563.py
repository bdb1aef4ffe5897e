"""PCF8563 real-time clock on I2C, and the HYM8563 of many RK3588 boards, its like.

Source: NXP PCF8563 product data sheet, "Register organization" (table 4), "Voltage-low detector
and clock monitor", "Setting and reading the time": time registers are frozen during one access.
"""

from __future__ import annotations

from datetime import datetime

from drivers import bcd, clock_registers
from drivers.bus import BusError, I2CBus

ADDRESS = 0x51

CONTROL, SECONDS = 0x00, 0x02
STOPPED = 0x20  # STOP in control/status 1
VOLTAGE_LOW = 0x80  # VL in the seconds: the integrity of the time is not guaranteed


class PCF8563:
    """One chip. `read` gives None while VL is set; `set` clears it."""

    def __init__(self, bus: I2CBus, address: int = ADDRESS) -> None:
        self._bus = bus
        self._address = address

    def read(self) -> datetime | None:
        """The time in UTC, None if it was lost.

        Raises:
            BusError: nothing answers, or the registers hold no time: another chip.
        """
        held = self._bus.exchange(self._address, bytes((CONTROL,)), 9)
        lost = bool(held[SECONDS] & VOLTAGE_LOW or held[CONTROL] & STOPPED)
        try:
            moment = _moment(held[SECONDS:])
        except ValueError as error:
            if lost:
                return None
            raise BusError(f"no clock at 0x{self._address:02X}: {error}") from error
        return None if lost else moment

    def set(self, moment: datetime) -> None:
        """Stop, write all of the time in one access, count on: VL is cleared with the seconds.

        Raises:
            BusError: nothing answers.
            ValueError: no zone, or a year outside 2000-2199.
        """
        registers = _registers(moment)
        self._bus.write(self._address, bytes((CONTROL, STOPPED)))
        self._bus.write(self._address, bytes((SECONDS, *registers)))
        self._bus.write(self._address, bytes((CONTROL, 0x00)))


def _moment(held: bytes) -> datetime:
    day, hour = held[3] & 0x3F, bcd.decode(held[2] & 0x3F)
    minute, second = held[1] & 0x7F, held[0] & 0x7F
    return clock_registers.moment(day, held[5], held[6], hour, minute, second)


def _registers(moment: datetime) -> bytes:
    """Seconds to year; days of the week are numbered from Sunday 0."""
    utc = clock_registers.in_utc(moment)
    days = (bcd.encode(utc.day), utc.isoweekday() % 7)
    return bytes((*clock_registers.time_of_day(utc), *days, *clock_registers.month_and_year(utc)))
