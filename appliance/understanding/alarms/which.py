"""Which of those that are set is meant: by its time, its day, how long it was set for."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from appliance.understanding.alarms.requests import Which
from appliance.understanding.days import NoSuchDayError, day_of
from appliance.understanding.moments import Moment
from appliance.understanding.tokens import Clock, Part


def named_by(which: Which, moment: Moment, now: datetime | None) -> Which | None:
    """The one of that day, of that time of day; None where there is no such day."""
    day = None
    if moment.day is not None and now is not None:
        try:
            day = day_of(moment.day, now.date())
        except NoSuchDayError:
            return None
    times = _times(moment.clock, moment.part) if moment.clock else ()
    days = moment.repeat.days if moment.repeat else frozenset[int]()
    seconds = moment.span.seconds if moment.span else which.seconds
    return replace(which, day=day, times=times, days=days, seconds=seconds)


def _times(clock: Clock, part: Part | None) -> tuple[time, ...]:
    """The times of day it may be: both halves of the day where neither was said."""
    minutes = clock.hour * 60 + clock.minute
    part = clock.part or part
    if not 0 <= minutes <= 24 * 60:
        return ()
    either = [minutes]
    if not clock.exact and clock.hour <= 12:
        either = [minutes % 720, minutes % 720 + 720]
        if part is not None:
            either = either[1:] if _late(part, clock.hour) else either[:1]
    return tuple(time(m // 60 % 24, m % 60) for m in either)


def _late(part: Part, hour: int) -> bool:
    if part is Part.NOON:
        return hour not in (10, 11)
    if part is Part.NIGHT:
        return 5 <= hour < 12
    return part in (Part.AFTERNOON, Part.EVENING)
