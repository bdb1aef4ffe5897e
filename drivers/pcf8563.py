"""PCF8563 real-time clock on I2C, and the HYM8563 of many RK3588 boards, its like.

Source: NXP PCF8563 product data sheet, "Register organization" (table 4), "Voltage-low detector
and clock monitor", "Setting and reading the time": time registers are frozen during one access.
"""

from __future__ import annotations

from datetime import UTC, datetime

from drivers import bcd
from drivers.bus import BusError, I2CBus

ADDRESS = 0x51

CONTROL, SECONDS = 0x00, 0x02
STOPPED = 0x20  # STOP in control/status 1
VOLTAGE_LOW = 0x80  # VL in the seconds: the integrity of the time is not guaranteed
CENTURY = 0x80  # C in the month: 1 is the next century

_FIRST_YEAR, _LAST_YEAR = 2000, 2199


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
    month = held[5]
    year = _FIRST_YEAR + bcd.decode(held[6]) + (100 if month & CENTURY else 0)
    return datetime(
        year,
        bcd.decode(month & 0x1F),
        bcd.decode(held[3] & 0x3F),
        bcd.decode(held[2] & 0x3F),
        bcd.decode(held[1] & 0x7F),
        bcd.decode(held[0] & 0x7F),
        tzinfo=UTC,
    )


def _registers(moment: datetime) -> bytes:
    """Seconds to year; days of the week are numbered from Sunday 0."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    utc = moment.astimezone(UTC)
    if not _FIRST_YEAR <= utc.year <= _LAST_YEAR:
        raise ValueError(f"the chip cannot hold the year {utc.year}")
    century, year = divmod(utc.year - _FIRST_YEAR, 100)
    return bytes(
        (
            bcd.encode(utc.second),
            bcd.encode(utc.minute),
            bcd.encode(utc.hour),
            bcd.encode(utc.day),
            utc.isoweekday() % 7,
            bcd.encode(utc.month) | (CENTURY if century else 0),
            bcd.encode(year),
        )
    )
