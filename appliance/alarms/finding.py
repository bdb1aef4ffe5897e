"""Which of the alarms that are set a sentence means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from appliance.alarms.alarm import Alarm, Moment, State
from appliance.understanding.alarms.requests import (
    Choose,
    Kind,
    Missing,
    Refuse,
    Set,
    Which,
)

# What they are called together is no name of one.
_COMMON = re.compile(
    r"闹钟|计时器?|倒计时|定时器?|提醒|和|与|跟|还有|以及|、|alarms?|timers?|reminders?|and"
)


def matching(which: Which, alarms: Sequence[Alarm], now: Moment) -> list[Alarm]:
    """All that fit, in the order of `alarms`; where nothing is told of it, all of the kind.

    A kind is how people happen to call it: where none of it fits, another kind may be meant.
    """
    which = replace(which, text=_COMMON.sub("", which.text).strip())
    found = [alarm for alarm in alarms if _fits(which, alarm, now)]
    alike = [alarm for alarm in found if which.kind is None or alarm.kind is which.kind]
    if not alike and which.kind is not None and _is_told(which):
        alike = [it for it in found if it.kind is not Kind.TIMER or which.kind is Kind.TIMER]
    return _picked(which, alike, now)


def _is_told(which: Which) -> bool:
    told = (which.text, which.seconds, which.times, which.day, which.days)
    return any(told)


def _fits(which: Which, alarm: Alarm, now: Moment) -> bool:
    meant = meant_time(alarm)
    if which.text and not (which.text in alarm.text or (alarm.text and alarm.text in which.text)):
        return False
    if which.seconds is not None and alarm.seconds != which.seconds:
        return False
    if which.times and (meant is None or meant.time().replace(second=0) not in which.times):
        return False
    if which.day is not None and not _comes_on(alarm, which, meant):
        return False
    return not which.days or _on_days(alarm, which, meant)


def _comes_on(alarm: Alarm, which: Which, meant: datetime | None) -> bool:
    if meant is not None and meant.date() == which.day:
        return True
    if alarm.rule is None or which.day is None or alarm.rule.at is None:
        return False
    before = datetime.combine(which.day, alarm.rule.at) - timedelta(seconds=1)
    comes = alarm.rule.after(before)
    return comes is not None and comes.date() == which.day


def _on_days(alarm: Alarm, which: Which, meant: datetime | None) -> bool:
    if alarm.rule is not None and alarm.rule.days:
        return alarm.rule.days == which.days or which.days <= alarm.rule.days
    return meant is not None and meant.weekday() in which.days


def _picked(which: Which, found: list[Alarm], now: Moment) -> list[Alarm]:
    if which.every or not found:
        return found
    if which.latest:
        return [max(found, key=lambda alarm: alarm.id)]
    if which.soonest:
        return found[:1]
    if which.nth:
        place = which.nth - 1 if which.nth > 0 else which.nth
        return [found[place]] if -len(found) <= place < len(found) else []
    if not _is_told(which) and (ringing := [it for it in found if it.state is State.RINGING]):
        return ringing
    return found


def meant_time(alarm: Alarm) -> datetime | None:
    """The time that was said: without what it rings early, and without what it was put off."""
    due = alarm.last if alarm.state is State.SNOOZED and not alarm.counts_down else alarm.due
    return due + timedelta(seconds=alarm.lead) if due is not None else None


def retimed(alarm: Alarm, to: Set | Choose | Missing | Refuse) -> Set | None:
    """What `alarm` becomes; what was not said of its new time is as it was. None: it must be asked.

    An hour that could be meant for either half of the day is meant for the alarm's own.
    """
    meant = meant_time(alarm)
    target: Set | None = None
    match to:
        case Set():
            target = to
        case Choose(choices) if meant is not None:
            timed = [choice for choice in choices if choice.due is not None]
            target = min(timed, key=lambda it: abs(_seconds(it) - _of_day(meant)), default=None)
        case Missing(day=date(), rule=None) if meant is not None and to.day is not None:
            target = Set(to.kind, datetime.combine(to.day, meant.time()))
    if target is None or target.due is None:
        return target
    return _as_it_was(alarm, target, to)


def _as_it_was(alarm: Alarm, target: Set, to: Set | Choose | Missing | Refuse) -> Set:
    assert target.due is not None
    text, kind = target.text or alarm.text, alarm.kind
    if alarm.rule is not None and target.rule is None and not alarm.counts_down:
        rule = replace(alarm.rule, at=target.due.time())
        due = rule.after(target.due - timedelta(days=1)) or target.due
        return replace(target, kind=kind, text=text, rule=rule, due=due)
    meant = meant_time(alarm)
    if isinstance(to, Choose) and meant is not None:
        # Nobody said another day.
        return replace(
            target, kind=kind, text=text, due=datetime.combine(meant.date(), target.due.time())
        )
    return replace(target, kind=kind, text=text)


def _seconds(choice: Set) -> float:
    return _of_day(choice.due) if choice.due is not None else 0.0


def _of_day(moment: datetime) -> float:
    return moment.hour * 3600.0 + moment.minute * 60.0
