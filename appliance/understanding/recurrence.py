"""When something comes again, as a rule: RFC 5545 for its form, wall-clock time for its meaning.

Only what people ask an alarm for: every so many days, days of the week, a day of the month or of
the year, and every so many seconds. A month without its 31st has no such alarm that month.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from appliance.understanding.tokens import Every

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SEARCHED = 366 * 9
"""Days that are searched: a 29th of February is eight years away at most."""
SHORTEST = 60
"""Seconds of the shortest repeated span: what rings more often is no alarm."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`days` of the week (0 is Monday) for `WEEK`; `day` (-1: the last) for `MONTH` and, with
    `month`, for `YEAR`; `interval` days, weeks or, for `SPAN`, seconds. `at`: the time of day; a
    `SPAN` has none. `start`: the first day that counts, from which intervals are counted."""

    every: Every
    at: time | None = None
    days: frozenset[int] = frozenset()
    day: int = 0
    month: int = 0
    interval: int = 1
    start: date | None = None

    @property
    def rrule(self) -> str:
        """The rule as RFC 5545 writes it (3.3.10); the time of day is told apart from it."""
        if self.every is Every.SPAN:
            return _span_rule(self.interval)
        parts = [f"FREQ={self.every.value}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.days:
            parts.append("BYDAY=" + ",".join(_CODES[day] for day in sorted(self.days)))
        if self.month:
            parts.append(f"BYMONTH={self.month}")
        if self.day:
            parts.append(f"BYMONTHDAY={self.day}")
        return ";".join(parts)

    @classmethod
    def parse(cls, rrule: str, at: time | None = None, start: date | None = None) -> Recurrence:
        """The rule that `rrule` gave. ValueError for any other text."""
        fields = dict(part.partition("=")[::2] for part in rrule.split(";"))
        try:
            return _parsed(fields, at, start)
        except (KeyError, ValueError) as error:
            raise ValueError(f"no rule of ours: {rrule!r}") from error

    def after(self, moment: datetime) -> datetime | None:
        """The first time strictly after a local moment; None where there is none."""
        if self.every is Every.SPAN or self.at is None:
            return moment + timedelta(seconds=self.interval)
        first = max(moment.date(), self.start or moment.date())
        for away in range(_SEARCHED):
            try:
                day = first + timedelta(days=away)
            except OverflowError:
                return None
            if self._on(day) and (due := datetime.combine(day, self.at)) > moment:
                return due
        return None

    def _on(self, day: date) -> bool:
        match self.every:
            case Every.DAY:
                return self.interval == 1 or self._counted((day - self._origin).days)
            case Every.WEEK:
                weeks = (day - self._origin).days + self._origin.weekday() - day.weekday()
                return day.weekday() in self.days and self._counted(weeks // 7)
            case Every.MONTH:
                return day.day == self._day_in(day)
            case Every.YEAR:
                return day.month == self.month and day.day == self._day_in(day)
            case _:
                return False

    @property
    def _origin(self) -> date:
        return self.start or date(2024, 1, 1)

    def _counted(self, units: int) -> bool:
        return units % self.interval == 0

    def _day_in(self, day: date) -> int:
        return calendar.monthrange(day.year, day.month)[1] if self.day == -1 else self.day


def _span_rule(seconds: int) -> str:
    for name, worth in (("HOURLY", 3600), ("MINUTELY", 60)):
        if seconds % worth == 0:
            return f"FREQ={name}" + (f";INTERVAL={seconds // worth}" if seconds > worth else "")
    return f"FREQ=SECONDLY;INTERVAL={seconds}"


_SPANS = {"HOURLY": 3600, "MINUTELY": 60, "SECONDLY": 1}


def _parsed(fields: dict[str, str], at: time | None, start: date | None) -> Recurrence:
    interval = int(fields.get("INTERVAL", "1"))
    if interval < 1:
        raise ValueError("an interval of nothing")
    if worth := _SPANS.get(fields["FREQ"]):
        return Recurrence(Every.SPAN, interval=interval * worth)
    codes: Iterator[str] = filter(None, fields.get("BYDAY", "").split(","))
    days = frozenset(_CODES.index(code) for code in codes)
    day, month = int(fields.get("BYMONTHDAY", "0")), int(fields.get("BYMONTH", "0"))
    return Recurrence(Every(fields["FREQ"]), at, days, day, month, interval, start)
