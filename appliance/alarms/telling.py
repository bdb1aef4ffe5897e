"""Alarms in words: in a list, in an answer, on the glass while they ring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from appliance.alarms.alarm import Alarm, Moment, State
from appliance.alarms.table import Note
from appliance.understanding.alarms.requests import Kind
from appliance.understanding.recurrence import Recurrence
from appliance.understanding.saying_times import (
    say_day,
    say_duration,
    say_moment,
    say_rule,
    say_time,
    say_weekdays,
)
from appliance.understanding.tokens import Every
from ui.strings import Text

MOST_LISTED = 8

_KINDS = {
    Kind.ALARM: Text("闹钟", "Alarm"),
    Kind.TIMER: Text("计时", "Timer"),
    Kind.REMINDER: Text("提醒", "Reminder"),
}


def _pick(zh: str, en: str, language: str) -> str:
    return Text(zh, en).of(language)


def kind_of(alarm: Alarm, language: str) -> str:
    """闹钟, 计时, 提醒"""
    return _KINDS[alarm.kind].of(language)


def clock_of(alarm: Alarm, now: Moment) -> str:
    """7:30 of an alarm, 4:05 of a countdown: what is left, or when."""
    if _is_counted(alarm, now):
        return digits(alarm.remaining(now) or 0.0)
    due = alarm.last if alarm.state is State.RINGING else alarm.due
    return f"{due:%H:%M}" if due is not None else "--:--"


def _is_counted(alarm: Alarm, now: Moment) -> bool:
    """Whether what is left of it says more than when it comes."""
    if alarm.state is State.SNOOZED:
        return now.wall is None or alarm.due is None
    return alarm.counts_down


def digits(seconds: float) -> str:
    """4:05, 1:02:03; the last second counts to its end."""
    whole = max(0, -int(-seconds // 1))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def row_of(alarm: Alarm, now: Moment, language: str) -> str:
    """One line of a list: when, how often, what for."""
    parts = [_when(alarm, now, language), alarm.text]
    match alarm.state:
        case State.OFF:
            parts.append(_pick("关", "off", language))
        case State.PAUSED:
            parts.append(_pick("暂停", "paused", language))
        case State.SNOOZED:
            parts.append(_pick("再响", "snoozed", language))
    return " ".join(part for part in parts if part)


def short_row(alarm: Alarm, now: Moment, language: str) -> str:
    """As a row of the list on the glass has room for it: 7:30 工作日 起床."""
    clock = clock_of(alarm, now)
    parts = [f"⏱{clock}" if _is_counted(alarm, now) else clock]
    if alarm.rule is not None and not alarm.counts_down:
        parts.append(_how_often(alarm.rule, language))
    elif alarm.due is not None and now.wall is not None and alarm.due.date() != now.wall.date():
        parts.append(say_day(alarm.due.date(), now.wall, language, weekday=False))
    return " ".join((*parts, alarm.text)).strip()


def _how_often(rule: Recurrence, language: str) -> str:
    """工作日, not 每个工作日: the row is short."""
    if rule.every is Every.WEEK and rule.interval == 1 and len(rule.days) < 7:
        return say_weekdays(rule.days, language)
    return say_rule(replace(rule, at=None), language)


def _when(alarm: Alarm, now: Moment, language: str) -> str:
    if alarm.counts_down:
        return digits(alarm.remaining(now) or 0.0)
    if alarm.rule is not None:
        return say_rule(alarm.rule, language)
    if alarm.due is None:
        return "--:--"
    return say_moment(alarm.due, now.wall, language)


def name_of(alarm: Alarm, now: Moment, language: str) -> str:
    """What one is called in a sentence: 明天（周三）7:30的闹钟（起床）."""
    what = Text("（{name}）", " ({name})").of(language).format(name=alarm.text)
    form = Text("{when}的{kind}{what}", "{kind} {when}{what}").of(language)
    return form.format(
        when=_named_when(alarm, now, language),
        kind=kind_of(alarm, language).lower(),
        what=what if alarm.text else "",
    )


def _named_when(alarm: Alarm, now: Moment, language: str) -> str:
    if alarm.seconds is not None:
        return say_duration(alarm.seconds, language)
    return _when(alarm, now, language)


def listed(alarms: Sequence[Alarm], notes: Sequence[Note], now: Moment, language: str) -> str:
    """An answer that names them all, as far as anybody listens."""
    if not alarms:
        return _pick("没有闹钟，也没有计时。", "There are no alarms and no timers.", language)
    shown = [_listed(alarm, now, language) for alarm in alarms[:MOST_LISTED]]
    more = len(alarms) - len(shown)
    lines = [f"{number}. {text}" for number, text in enumerate(shown, 1)]
    if more:
        lines.append(_pick(f"还有{more}个。", f"And {more} more.", language))
    if now.wall is None and any(alarm.needs_wall for alarm in alarms):
        lines.append(not_trusted(language))
    head = _pick(f"有{len(alarms)}个：", f"There are {len(alarms)}:", language)
    return "\n".join((head, *lines))


def _listed(alarm: Alarm, now: Moment, language: str) -> str:
    if alarm.counts_down:  # 5:00 would be heard as a time of day
        return remaining(alarm, now, language).rstrip("。.")
    text = row_of(alarm, now, language)
    waits = alarm.needs_wall and now.wall is None
    return f"{text} {_pick('待校时', 'waits for the time', language)}" if waits else text


def remaining(alarm: Alarm, now: Moment, language: str) -> str:
    """How long until it rings."""
    left = alarm.remaining(now)
    name = name_of(alarm, now, language)
    if left is None:
        return _pick(f"{name}现在不会响。", f"The {name} will not ring.", language)
    length = say_duration(max(1, round(left)), language)
    if alarm.state is State.PAUSED:
        return _pick(
            f"{name}暂停着，还剩{length}。", f"The {name} is paused at {length}.", language
        )
    return _pick(f"{name}还剩{length}。", f"The {name} has {length} left.", language)


def not_trusted(language: str) -> str:
    """Why nothing rings yet."""
    return _pick(
        "时间还没校准，校好才会响：菜单 → 时间。",
        "The time is not sure yet: it rings once it is set (menu, Time).",
        language,
    )


def missed(notes: Sequence[Note], now: Moment, language: str) -> str:
    """What was missed, the latest first."""
    if not notes:
        return _pick("没有错过什么。", "Nothing was missed.", language)
    lines = [_note(note, now, language) for note in reversed(notes[-MOST_LISTED:])]
    return "\n".join((_pick("错过了：", "Missed:", language), *lines))


def _note(note: Note, now: Moment, language: str) -> str:
    when = say_moment(note.due, now.wall, language) if note.due else ""
    times = _pick(f"（{note.times}次）", f" ({note.times} times)", language)
    what = note.text or _KINDS[note.kind].of(language)
    return f"{when} {what}".strip() + (times if note.times > 1 else "")


def title_of(alarms: Sequence[Alarm], language: str) -> str:
    """The head of what rings."""
    first = alarms[0]
    if len(alarms) > 1:
        return _pick(f"{len(alarms)}个到时间了", f"{len(alarms)} are due", language)
    if first.kind is Kind.TIMER:
        return _pick("计时结束", "Time is up", language)
    return kind_of(first, language)


def text_of(alarms: Sequence[Alarm], late: timedelta, language: str) -> str:
    """What it is for, and how late it comes."""
    what = (
        Text("、", ", ")
        .of(language)
        .join(dict.fromkeys(alarm.text for alarm in alarms if alarm.text))
    )
    minutes = int(late.total_seconds() // 60)
    if minutes < 1:
        return what
    behind = _pick(f"晚了{minutes}分钟", f"{minutes} min late", language)
    return f"{what} {behind}".strip()


def big_of(alarm: Alarm) -> str:
    """The digits that are read across the room: when it was due, or how long it was set for."""
    if alarm.seconds is not None:
        return digits(alarm.seconds)
    return say_time(alarm.last) if alarm.last is not None else ""


def at(moment: datetime | None, seconds: float) -> str:
    """When it rings again: the time, or how many minutes away."""
    return f"{moment:%H:%M}" if moment is not None else f"{round(seconds / 60)}′"
