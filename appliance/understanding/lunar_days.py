"""The Chinese calendar, by `lunar-python`, which is loaded when it is first asked.

Its tables reach from 1900 to 2100; outside of them nothing is known, and that is said.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from appliance.errors import LoryError

FIRST_YEAR, LAST_YEAR = 1901, 2099


class UnknownDayError(LoryError, ValueError):
    """No such day in the Chinese calendar, or none that is known."""


def _library() -> Any:
    import lunar_python  # 40 ms and 6 MB, of which most boxes need none

    return lunar_python


@lru_cache(256)
def solar_of(year: int, month: int, day: int, leap: bool = False) -> date:
    """The date of a day of the Chinese calendar; `day` -1 is the last of its month.

    Raises:
        UnknownDayError: there is no such day, or the year is out of reach.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnknownDayError(f"year {year}")
    library = _library()
    months = {
        m.getMonth(): m.getDayCount() for m in library.LunarYear.fromYear(year).getMonthsInYear()
    }
    days = months.get(-month if leap else month)
    if days is None or not (day == -1 or 1 <= day <= days):
        raise UnknownDayError(f"{year}-{month}-{day}")
    solar = library.Lunar.fromYmd(
        year, -month if leap else month, days if day == -1 else day
    ).getSolar()
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


@lru_cache(256)
def lunar_of(day: date) -> tuple[int, int, int, bool]:
    """Year, month, day of the Chinese calendar, and whether the month is a leap month.

    Raises:
        UnknownDayError: out of reach.
    """
    if not FIRST_YEAR < day.year <= LAST_YEAR:
        raise UnknownDayError(str(day))
    lunar = _library().Solar.fromYmd(day.year, day.month, day.day).getLunar()
    month = lunar.getMonth()
    return lunar.getYear(), abs(month), lunar.getDay(), month < 0


@lru_cache(16)
def terms_of(year: int) -> dict[str, date]:
    """The days of the 24 solar terms of a solar year, by their names.

    Raises:
        UnknownDayError: out of reach.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnknownDayError(f"year {year}")
    found: dict[str, date] = {}
    for of in (year, year + 1):
        table = _library().Lunar.fromYmd(of, 1, 1).getJieQiTable()
        for name, solar in table.items():
            if solar.getYear() == year and "\u4e00" <= name[0] <= "\u9fff":
                found[name] = date(solar.getYear(), solar.getMonth(), solar.getDay())
    return found
