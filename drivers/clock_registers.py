"""What registers of real-time clocks have in common: BCD, two digits of the year, a century bit.

Source: Maxim DS3231 datasheet, table 1; NXP PCF8563 product data sheet, table 4.
"""

from __future__ import annotations

from datetime import UTC, datetime

from drivers import bcd

CENTURY = 0x80
"""In the month: set, it is the second of the two centuries."""

_FIRST_YEAR, _LAST_YEAR = 2000, 2199


def moment(day: int, month: int, year: int, hour: int, minute: int, second: int) -> datetime:
    """The time in UTC of registers without flags; `month` keeps its century, `hour` is decoded.

    Raises:
        ValueError: they hold no time.
    """
    return datetime(
        _FIRST_YEAR + bcd.decode(year) + (100 if month & CENTURY else 0),
        bcd.decode(month & 0x1F),
        bcd.decode(day),
        hour,
        bcd.decode(minute),
        bcd.decode(second),
        tzinfo=UTC,
    )


def in_utc(moment: datetime) -> datetime:
    """It, as the chip is to hold it.

    Raises:
        ValueError: no zone, or a year outside 2000-2199.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its zone")
    utc = moment.astimezone(UTC)
    if not _FIRST_YEAR <= utc.year <= _LAST_YEAR:
        raise ValueError(f"the chip cannot hold the year {utc.year}")
    return utc


def time_of_day(utc: datetime) -> tuple[int, int, int]:
    """Seconds, minutes, hours of 24."""
    return bcd.encode(utc.second), bcd.encode(utc.minute), bcd.encode(utc.hour)


def month_and_year(utc: datetime) -> tuple[int, int]:
    """The month with its century, and the year."""
    century, year = divmod(utc.year - _FIRST_YEAR, 100)
    return bcd.encode(utc.month) | (CENTURY if century else 0), bcd.encode(year)
