"""Which day a date token is, seen from today."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from appliance.errors import LoryError
from appliance.understanding.festivals import FESTIVALS, Lunar, Nth, Rule, Solar, Term
from appliance.understanding.lunar_days import UnknownDayError, lunar_of, solar_of, terms_of
from appliance.understanding.tokens import (
    CalendarDay,
    DateToken,
    DayOffset,
    Festival,
    LunarDay,
    Weekday,
)


class NoSuchDayError(LoryError, ValueError):
    """2月30日, or a day that the calendars here do not reach."""


def day_of(token: DateToken, today: date, again: bool = False) -> date:
    """The day; where the token leaves open which, the next one, today among them.

    `again`: today is over, the next such day is wanted.

    Raises:
        NoSuchDayError: there is none.
    """
    first = today + timedelta(days=1) if again else today
    try:
        match token:
            case DayOffset():
                return today + timedelta(days=token.days)
            case Weekday():
                return _weekday(token, today, first)
            case CalendarDay():
                return _calendar_day(token, today, first)
            case LunarDay():
                return _yearly(Lunar(token.month, token.day), token, today, first, token.leap)
            case Festival():
                day = _yearly(
                    FESTIVALS[token.name].rule, token, today, first - timedelta(days=token.offset)
                )
                return day + timedelta(days=token.offset)
    except (OverflowError, ValueError, UnknownDayError) as error:
        raise NoSuchDayError(str(error)) from error
    raise NoSuchDayError(repr(token))


def _weekday(token: Weekday, today: date, first: date) -> date:
    if token.week is None:
        return first + timedelta(days=(token.day - first.weekday()) % 7)
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(days=7 * token.week + token.day)


def _calendar_day(token: CalendarDay, today: date, first: date) -> date:
    if token.month is None:
        if token.months is not None:
            return _in_month(today.year, today.month + token.months, token.day)
        for months in range(12):
            day = _in_month_or_none(first.year, first.month + months, token.day)
            if day and day >= first:
                return day
        raise NoSuchDayError(str(token.day))
    if token.year is not None or token.years is not None:
        year = token.year if token.year is not None else today.year + (token.years or 0)
        return _in_month(year, token.month, token.day)
    for year in range(first.year, first.year + 9):
        day = _in_month_or_none(year, token.month, token.day)
        if day and day >= first:
            return day
    raise NoSuchDayError(f"{token.month}-{token.day}")


def _in_month(year: int, month: int, day: int) -> date:
    year, month = (
        year + (month - 1) // 12 if month > 12 else year,
        (month - 1) % 12 + 1 if month > 12 else month,
    )
    if day == -1:
        return date(year, month, calendar.monthrange(year, month)[1])
    return date(year, month, day)


def _in_month_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return _in_month(year, month, day)
    except ValueError:
        return None


def _yearly(
    rule: Rule, token: LunarDay | Festival, today: date, first: date, leap: bool = False
) -> date:
    if token.year is not None or token.years is not None:
        year = token.year if token.year is not None else today.year + (token.years or 0)
        return festival_in(year, rule, leap)
    for year in range(first.year - 1, first.year + (30 if leap else 3)):
        try:
            day = festival_in(year, rule, leap)
        except UnknownDayError:
            continue
        if day >= first:
            return day
    raise NoSuchDayError(repr(rule))


def festival_in(year: int, rule: Rule, leap: bool = False) -> date:
    """The day of a rule in a year; of the Chinese calendar its year, which ends in the next.

    除夕 is said of the year that is about to begin or to end alike: 2026年除夕 is the one of
    February 2026 nobody can tell; the Chinese year counts.

    Raises:
        UnknownDayError, ValueError: there is none.
    """
    match rule:
        case Solar():
            return date(year, rule.month, rule.day)
        case Lunar():
            return solar_of(year, rule.month, rule.day, leap)
        case Nth():
            first = date(year, rule.month, 1)
            return first + timedelta(days=(rule.weekday - first.weekday()) % 7 + 7 * (rule.nth - 1))
        case Term():
            return terms_of(year)[rule.name]


__all__ = ["NoSuchDayError", "day_of", "festival_in", "lunar_of"]
