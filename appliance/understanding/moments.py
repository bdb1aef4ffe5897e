"""What the times of a sentence come to: a moment, a span, a rule, a question, or a refusal.

Local wall-clock time without a zone throughout: which instant that is, is decided when it comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import Enum

from appliance.understanding.days import NoSuchDayError, day_of
from appliance.understanding.durations import DAY
from appliance.understanding.recurrence import SHORTEST, Recurrence
from appliance.understanding.settled import Again, At, Either, Impossible, In, NoHour, Settled
from appliance.understanding.tokens import (
    After,
    CalendarDay,
    Clock,
    DateToken,
    DayOffset,
    Duration,
    Every,
    Except,
    Festival,
    LunarDay,
    Part,
    PartOfDay,
    Repeat,
    Token,
    Vague,
    Weekday,
)

FURTHEST = timedelta(days=3660)
"""What is further away is refused: it is a slip of the tongue, or no use."""
LONGEST_COUNT = 100 * 3600
"""Seconds a countdown may last; what is longer is a moment of the calendar."""


class Bias(Enum):
    """Which half of the day an hour without one is meant for, by what it is for."""

    NONE = 0
    MORNING = 1  # 起床
    EVENING = 2  # 睡觉
    DAY = 3  # 开会: not in the small hours


@dataclass(frozen=True, slots=True)
class Moment:
    """The times of one sentence, gathered. `part` holds for a clock that has none of its own."""

    day: DateToken | None = None
    clock: Clock | None = None
    part: Part | None = None
    span: Duration | None = None
    repeat: Repeat | None = None
    without: frozenset[int] = frozenset()
    vague: bool = False


def gather(tokens: Iterable[Token]) -> Moment | None:
    """One moment out of neighbouring tokens; None where they contradict each other."""
    moment = Moment()
    for token in tokens:
        joined = _with(moment, token)
        if joined is None:
            return None
        moment = joined
    return moment


def _with(moment: Moment, token: Token) -> Moment | None:
    match token:
        case Repeat() if moment.repeat is None:
            return replace(moment, repeat=token, part=moment.part or token.part)
        case Repeat(every=Every.DAY, interval=1) | Repeat(every=Every.WEEK) if moment.repeat:
            return _narrowed(moment, token)
        case Except():
            return replace(moment, without=moment.without | token.days)
        case After() if moment.span is None:
            return replace(moment, span=token.span)
        case Clock() if moment.clock is None:
            return replace(moment, clock=token)
        case PartOfDay() if moment.part is None or moment.part is token.part:
            return replace(moment, part=token.part)
        case PartOfDay(part=part) if part in (Part.NIGHT, Part.DAWN):
            return replace(moment, part=token.part)
        case DayOffset() | Weekday() | CalendarDay() | LunarDay() | Festival():
            return _dated(moment, token)
        case Vague():
            return replace(moment, vague=True)
        case _:
            return None


def _narrowed(moment: Moment, token: Repeat) -> Moment | None:
    """每周一到周五每天: the days stand."""
    if moment.repeat is None:
        return None
    kept = token if moment.repeat.every is Every.DAY else moment.repeat
    return replace(moment, repeat=kept, part=moment.part or token.part)


def _dated(moment: Moment, token: DateToken) -> Moment | None:
    if moment.day is None:
        return replace(moment, day=token)
    # 12月5日星期六: the weekday is an aside, and the date counts.
    if isinstance(token, Weekday) and token.week is None:
        return moment
    if isinstance(moment.day, Weekday) and moment.day.week is None:
        return replace(moment, day=token)
    # "wednesday tomorrow", 今天晚上 again
    if (
        isinstance(token, DayOffset)
        and isinstance(moment.day, DayOffset)
        and token.days == moment.day.days
    ):
        return moment
    return None


def settle(moment: Moment, now: datetime | None, bias: Bias = Bias.NONE) -> Settled:
    """What it comes to, said at `now` (local; its zone is not looked at). None: the time of day is
    not known, and only spans can be counted."""
    now = now.replace(tzinfo=None) if now else None
    if moment.clock and not _is_time(moment.clock):
        return Impossible.HOUR
    if moment.span and not (moment.clock and moment.span.days is not None):
        return _span(moment, now)
    if moment.repeat or moment.without:
        return _again(moment, now, bias)
    if moment.day is None and moment.clock is None and moment.part is not Part.NOON:
        return NoHour(part=moment.part)
    return Impossible.UNSET if now is None else _once(moment, now, bias)


def _is_time(clock: Clock) -> bool:
    limit = 24 if clock.minute == 0 and clock.second == 0 else 23
    return clock.hour <= limit + (clock.minute < 0) and clock.minute < 60 and clock.second < 60


def _span(moment: Moment, now: datetime | None) -> Settled:
    span = moment.span
    if span is None or moment.repeat:
        return NoHour()
    if span.seconds < 0 or span.months < 0 or not (span.seconds or span.months):
        return Impossible.NEGATIVE
    if span.seconds > FURTHEST.total_seconds() or span.months > 120:
        return Impossible.FAR
    if (
        span.months == 0
        and (span.seconds % DAY or span.seconds < DAY)
        and span.seconds <= LONGEST_COUNT
    ):
        return In(span.seconds, now and now + timedelta(seconds=span.seconds))
    if now is None:
        return In(span.seconds, None) if not span.months else Impossible.UNSET
    return At(_later(now, span))


def _later(now: datetime, span: Duration) -> datetime:
    months = now.month - 1 + span.months
    year, month = now.year + months // 12, months % 12 + 1
    for back in range(4):
        try:
            moved = now.replace(year=year, month=month, day=now.day - back)
        except ValueError:
            continue
        return moved + timedelta(seconds=span.seconds)
    raise AssertionError("every month has 28 days")


# ------------------------------------------------------------ hours


def _shifted(clock: Clock, hour: int, days: int = 0) -> timedelta:
    """From midnight of the day that is named."""
    return timedelta(days=days, hours=hour, minutes=clock.minute, seconds=clock.second)


def _hour(clock: Clock, part: Part | None, dated: bool) -> timedelta | None:
    """The time of day where it is certain; None where 1 to 12 may be both."""
    hour = clock.hour
    if hour == 24:
        return _shifted(clock, 24)
    if clock.exact or hour > 12:
        late = hour == 0 and part in (Part.EVENING, Part.NIGHT)
        return _shifted(clock, 24 if late else hour)
    match part:
        case Part.DAWN:
            return _shifted(clock, hour % 12)
        case Part.MORNING:
            return _shifted(clock, hour)
        case Part.NOON:
            return _shifted(clock, hour if hour >= 10 else hour + 12)
        case Part.AFTERNOON:
            return _shifted(clock, hour % 12 + 12)
        case Part.EVENING | Part.NIGHT:
            if hour == 12 or hour < 5:
                return _shifted(clock, hour % 12 + 24 if dated else hour % 12 + 24 * (hour == 12))
            return _shifted(clock, hour + 12)
    return None


def _bare(clock: Clock, bias: Bias) -> timedelta | None:
    """An hour without its half of the day, where what it is for, or custom, decides it."""
    hour = clock.hour
    match bias:
        case Bias.MORNING:
            return _shifted(clock, hour)
        case Bias.EVENING:
            return _shifted(clock, hour + 12)
        case Bias.DAY if hour < 7:
            return _shifted(clock, hour + 12)
    return _shifted(clock, hour) if hour >= 7 else None


def _both(clock: Clock) -> tuple[timedelta, timedelta]:
    return _shifted(clock, clock.hour % 12), _shifted(clock, clock.hour % 12 + 12)


# ------------------------------------------------------------ once


def _once(moment: Moment, now: datetime, bias: Bias) -> Settled:
    clock, part = moment.clock, moment.part
    if clock is None and part is Part.NOON:
        clock = Clock(0, 0, 12, exact=True)
    dated = moment.day is not None or moment.span is not None
    if clock is None:
        return _no_hour(moment, now)
    hour = _hour(clock, _later_part(clock.part, part), dated)
    if not dated:
        return _next_bare(clock, now, bias) if hour is None else _next(hour, now)
    try:
        return _on_day(moment, clock, hour, now, bias)
    except NoSuchDayError:
        return Impossible.DAY
    except OverflowError:
        return Impossible.FAR


def _later_part(own: Part | None, other: Part | None) -> Part | None:
    """今晚凌晨两点 is after the evening; 明天早上, 七点 has the part before it."""
    if own is Part.DAWN and other in (Part.EVENING, Part.NIGHT):
        return Part.NIGHT
    return own or other


def _no_hour(moment: Moment, now: datetime) -> Settled:
    if moment.day is None:
        return NoHour(part=moment.part)
    try:
        day = day_of(moment.day, now.date())
    except NoSuchDayError:
        return Impossible.DAY
    if day < now.date():
        return Impossible.PAST
    return Impossible.FAR if day - now.date() > FURTHEST else NoHour(day, moment.part)


def _next(hour: timedelta, now: datetime) -> At:
    midnight = datetime.combine(now.date(), time())
    due = midnight + hour
    if due - timedelta(days=1) > now:
        due -= timedelta(days=1)  # 半夜十二点 said before it, in the small hours
    if due > now:
        return At(due)
    return At(due + timedelta(days=1), moved=True)


def _next_bare(clock: Clock, now: datetime, bias: Bias, only_today: bool = False) -> Settled:
    """八点 without a day: the next one, or a question where two are as likely."""
    midnight = datetime.combine(now.date(), time())
    tomorrow = midnight + timedelta(days=1)
    hour = _bare(clock, bias) if bias in (Bias.MORNING, Bias.EVENING) else None
    if hour is not None and (midnight + hour > now or not only_today):
        return _next(hour, now)
    early, late = _both(clock)
    if clock.hour == 12:
        early, late = late, early + timedelta(days=1)  # noon, then the midnight after it
    if midnight + early > now and not (bias is Bias.DAY and clock.hour < 6):
        return At(midnight + early)
    if midnight + late > now:
        if clock.hour < 5 or only_today or bias is Bias.DAY:
            return At(midnight + late)
        return Either((At(midnight + late), At(tomorrow + early)))
    if only_today:
        return Impossible.PAST
    if clock.hour >= 7 or (now.hour >= 18 and clock.hour >= 4):
        return At(tomorrow + early, moved=True)
    if bias is Bias.DAY:
        return At(tomorrow + late, moved=True)
    return Either((At(tomorrow + early), At(tomorrow + late)))


def _on_day(
    moment: Moment, clock: Clock, hour: timedelta | None, now: datetime, bias: Bias
) -> Settled:
    today = now.date()
    if moment.day is None:
        span = moment.span or Duration(0, 0, 0)
        day = today + timedelta(seconds=span.seconds)
    else:
        day = day_of(moment.day, today)
    if hour is None and day == today and moment.day is not None:
        if isinstance(moment.day, DayOffset):
            return _next_bare(clock, now, bias, only_today=True)
        hour = _bare(clock, bias) or _both(clock)[1]
    if hour is None:
        hour = _bare(clock, bias)
    if hour is None:
        midnight = datetime.combine(day, time())
        return Either(tuple(At(midnight + either) for either in _both(clock)))
    return _checked(moment, _small_hours(day, hour, clock, now), hour, now)


def _small_hours(day: date, hour: timedelta, clock: Clock, now: datetime) -> datetime:
    """今晚两点 said at one in the morning is in an hour."""
    due = datetime.combine(day, time()) + hour
    early = due - timedelta(days=1)
    return (
        early
        if hour >= timedelta(days=1) and now < early and day == now.date() and now.hour < 5
        else due
    )


def _checked(moment: Moment, due: datetime, hour: timedelta, now: datetime) -> Settled:
    if due <= now and moment.day is not None:
        again = day_of(moment.day, now.date(), again=True)
        if datetime.combine(again, time()) + hour <= now:
            return Impossible.PAST
        due = datetime.combine(again, time()) + hour
        return At(due, moved=True)
    return Impossible.FAR if due - now > FURTHEST else At(due)


# ------------------------------------------------------------ again


def _again(moment: Moment, now: datetime | None, bias: Bias) -> Settled:
    repeat = moment.repeat or Repeat(0, 0, Every.DAY)
    if repeat.every is Every.SPAN:
        return _every_span(repeat, now)
    if repeat.interval < 1:
        return Impossible.OFTEN
    if _incomplete(repeat, moment.without):
        return NoHour(part=moment.part)
    if repeat.day and not (repeat.day == -1 or 1 <= repeat.day <= 31):
        return Impossible.DAY
    if repeat.month and not _exists(repeat.month, repeat.day):
        return Impossible.DAY
    rule = _rule(moment, repeat)
    if rule is None:
        return Impossible.DAY
    clock, part = moment.clock, moment.part
    if clock is None:
        if part is not Part.NOON:
            return NoHour(part=part, rule=rule)
        clock = Clock(0, 0, 12, exact=True)
    if now is None:
        return Impossible.UNSET
    if moment.day is not None:
        try:
            rule = replace(rule, start=day_of(moment.day, now.date()))
        except NoSuchDayError:
            return Impossible.DAY
    elif rule.interval > 1:
        rule = replace(rule, start=now.date())
    hour = _hour(clock, _later_part(clock.part, part), dated=False) or _bare(clock, bias)
    if hour is None:
        options = [_first(rule, either, now) for either in _both(clock)]
        return Either(tuple(option for option in options if option))
    return _first(rule, hour, now) or Impossible.DAY


def _incomplete(repeat: Repeat, without: frozenset[int]) -> bool:
    """每周, 每月: on which day is not said."""
    weekly = repeat.every is Every.WEEK and not repeat.days and not without
    return weekly or (repeat.every in (Every.MONTH, Every.YEAR) and not repeat.day)


def _exists(month: int, day: int) -> bool:
    try:
        date(2024, month, day if day > 0 else 1)
    except ValueError:
        return False
    return True


def _rule(moment: Moment, repeat: Repeat) -> Recurrence | None:
    days = repeat.days
    if moment.without:
        if repeat.every not in (Every.DAY, Every.WEEK) or repeat.interval != 1:
            return None
        days = (days or frozenset(range(7))) - moment.without
        return Recurrence(Every.WEEK, None, days) if days else None
    return Recurrence(repeat.every, None, days, repeat.day, repeat.month, repeat.interval)


def _first(rule: Recurrence, hour: timedelta, now: datetime) -> Again | None:
    at = (datetime(2000, 1, 1) + hour).time()
    rule = replace(rule, at=at)
    due = rule.after(now)
    return Again(rule, due) if due else None


def _every_span(repeat: Repeat, now: datetime | None) -> Settled:
    if repeat.interval < SHORTEST:
        return Impossible.OFTEN
    if repeat.interval > FURTHEST.total_seconds():
        return Impossible.FAR
    if now is None:
        return Impossible.UNSET
    rule = Recurrence(Every.SPAN, interval=repeat.interval)
    due = rule.after(now)
    return Again(rule, due) if due else Impossible.FAR
