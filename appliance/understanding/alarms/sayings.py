"""Every request of alarms said back as it was understood, in Chinese and in English."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from appliance.understanding.alarms.requests import (
    Cancel,
    Change,
    Choose,
    Extend,
    Kind,
    ListThem,
    Missed,
    Missing,
    Pause,
    Refuse,
    Remaining,
    Rename,
    Request,
    Resume,
    Set,
    SkipNext,
    Snooze,
    Which,
)
from appliance.understanding.saying_times import (
    say_day,
    say_duration,
    say_moment,
    say_rule,
    say_time,
    say_weekdays,
)
from appliance.understanding.settled import Impossible
from appliance.understanding.tokens import Part

_REFUSALS = {
    Impossible.HOUR: ("没有这个时间", "there is no such time of day"),
    Impossible.DAY: ("没有这一天", "there is no such day"),
    Impossible.PAST: ("这个时间已经过去了", "that time is over"),
    Impossible.NEGATIVE: ("时间要大于零", "it must be some time from now"),
    Impossible.FAR: ("太远了，我最多记十年", "that is too far away: ten years at most"),
    Impossible.OFTEN: ("太密了，最短一分钟一次", "that is too often: once a minute at most"),
    Impossible.SEVERAL: ("一次只能设一个时间", "one time at a time, please"),
    Impossible.UNSET: ("我还不知道现在几点", "I don't know what time it is"),
}
_KINDS = {
    Kind.ALARM: ("闹钟", "alarm"),
    Kind.TIMER: ("计时", "timer"),
    Kind.REMINDER: ("提醒", "reminder"),
}
_PARTS = {
    Part.DAWN: ("凌晨", "in the early morning"),
    Part.MORNING: ("早上", "in the morning"),
    Part.NOON: ("中午", "at noon"),
    Part.AFTERNOON: ("下午", "in the afternoon"),
    Part.EVENING: ("晚上", "in the evening"),
    Part.NIGHT: ("夜里", "at night"),
}


def said_back(request: Request, language: str, now: datetime | None) -> str:
    """What was understood, `language` being `zh` or `en`. `now` as for the understanding."""
    now = now.replace(tzinfo=None) if now else None
    return _english(request, now) if language == "en" else _chinese(request, now)


def _ends(text: str, end: str) -> str:
    return text if text[-1:] in "。？！.?!" else text + end


# ------------------------------------------------------------ Chinese


def _chinese(request: Request, now: datetime | None) -> str:
    match request:
        case Set():
            return _ends(_set_zh(request, now), "。")
        case Choose(choices):
            names = [_choice_zh(one, now) for one in choices]
            return "还是".join(names) + "？"
        case Missing():
            return _missing_zh(request, now)
        case Refuse(kind, reason):
            return f"{_KINDS[kind][0]}没有设：{_REFUSALS[reason][0]}。"
        case Cancel(which):
            return f"取消{_which_zh(which, now)}。"
        case ListThem(which):
            return f"看{_all_zh(which, now)}。"
        case Remaining(which):
            return f"{'' if which == Which() else _which_zh(which, now)}还剩多久。"
        case Extend(which, seconds):
            verb = "加" if seconds > 0 else "减"
            return f"{_which_zh(which, now)}{verb}{say_duration(abs(seconds), 'zh')}。"
        case Pause(which):
            return f"暂停{_which_zh(which, now)}。"
        case Resume(which):
            return f"继续{_which_zh(which, now)}。"
        case Rename(which, text):
            return f"{_which_zh(which, now)}改名叫“{text}”。"
        case Snooze(seconds):
            return f"{say_duration(seconds, 'zh')}后再响。" if seconds else "过一会儿再响。"
        case SkipNext(which):
            return f"{_which_zh(which, now)}跳过一次。"
        case Change(which, to):
            return f"{_which_zh(which, now)}改到：{_chinese(to, now)}"
        case Missed():
            return "看错过了什么。"


def _set_zh(request: Set, now: datetime | None) -> str:
    what = _what_zh(request)
    early = f"，提前{say_duration(request.lead, 'zh')}" if request.lead else ""
    if request.seconds is not None:
        length = say_duration(request.seconds, "zh")
        until = f"（{say_moment(request.due, now, 'zh')}）" if request.due else ""
        return f"{length}后{until}{what}{early}"
    if request.rule is not None:
        first = f"，下一次{say_moment(request.due, now, 'zh')}" if request.due else ""
        return f"{say_rule(request.rule, 'zh')}{what}{early}{first}"
    when = say_moment(request.due, now, "zh") if request.due else ""
    over = "今天的时间已过，" if request.moved else ""
    return f"{over}{when}{what}{early}"


def _what_zh(request: Set) -> str:
    verb = {Kind.ALARM: "叫你", Kind.TIMER: "计时结束", Kind.REMINDER: "提醒你"}[request.kind]
    return f"{verb}：{request.text}" if request.text else verb


def _choice_zh(one: Set, now: datetime | None) -> str:
    if one.rule is not None:
        return say_rule(one.rule, "zh")
    return say_moment(one.due, now, "zh", spoken=True) if one.due else ""


def _missing_zh(request: Missing, now: datetime | None) -> str:
    what = f"：{request.text}" if request.text else ""
    if request.kind is Kind.TIMER:
        return f"计时多久{what}？"
    day = say_day(request.day, now, "zh") if request.day else ""
    part = _PARTS[request.part][0] if request.part else ""
    rule = say_rule(request.rule, "zh") if request.rule else ""
    verb = "叫你" if request.kind is Kind.ALARM else "提醒你"
    return f"{rule}{day}{part}几点{verb}{what}？"


def _all_zh(which: Which, now: datetime | None) -> str:
    return _which_zh(replace(which, every=True), now).replace("所有的", "")


def _which_zh(which: Which, now: datetime | None) -> str:
    name = _KINDS[which.kind][0] if which.kind else "闹钟和计时" if which.every else "那一个"
    parts = [
        "所有的" if which.every else "",
        "最后一个" if which.nth == -1 else f"第{which.nth}个" if which.nth else "",
        "刚设的" if which.latest else "下一个" if which.soonest else "",
        say_day(which.day, now, "zh") if which.day else "",
        say_weekdays(which.days, "zh") if which.days else "",
        "或".join(say_time(at) for at in which.times),
        say_duration(which.seconds, "zh") if which.seconds else "",
        f"“{which.text}”" if which.text else "",
    ]
    of = "的" if any(parts[3:]) else ""
    return "".join(parts) + of + name


# ------------------------------------------------------------ English


def _english(request: Request, now: datetime | None) -> str:
    match request:
        case Set():
            return _ends(_capital(_set_en(request, now)), ".")
        case Choose(choices):
            return _capital(" or ".join(_choice_en(one, now) for one in choices)) + "?"
        case Missing():
            return _missing_en(request, now)
        case Refuse(kind, reason):
            return f"The {_KINDS[kind][1]} is not set: {_REFUSALS[reason][1]}."
        case Cancel(which):
            return f"Cancel {_which_en(which, now)}."
        case ListThem(which):
            return f"Show {_which_en(which, now)}."
        case Remaining(which):
            return f"Time left of {_which_en(which, now)}."
        case Extend(which, seconds):
            way = "more" if seconds > 0 else "less"
            return (
                f"{_capital(say_duration(abs(seconds), 'en'))} {way} for {_which_en(which, now)}."
            )
        case Pause(which):
            return f"Pause {_which_en(which, now)}."
        case Resume(which):
            return f"Resume {_which_en(which, now)}."
        case Rename(which, text):
            return f"Name {_which_en(which, now)}: {text}."
        case Snooze(seconds):
            return f"Again in {say_duration(seconds, 'en')}." if seconds else "Again in a while."
        case SkipNext(which):
            return f"Skip {_which_en(which, now)} once."
        case Change(which, to):
            return f"Change {_which_en(which, now)}: {_english(to, now)}"
        case Missed():
            return "Show what was missed."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _set_en(request: Set, now: datetime | None) -> str:
    name = {Kind.ALARM: "alarm", Kind.TIMER: "timer ends", Kind.REMINDER: "reminder"}[request.kind]
    what = f"{name}: {request.text}" if request.text else name
    early = f", {say_duration(request.lead, 'en')} early" if request.lead else ""
    if request.seconds is not None:
        until = f" ({say_moment(request.due, now, 'en')})" if request.due else ""
        return f"in {say_duration(request.seconds, 'en')}{until}, {what}{early}"
    if request.rule is not None:
        first = f"; next {say_moment(request.due, now, 'en')}" if request.due else ""
        return f"{say_rule(request.rule, 'en')}, {what}{early}{first}"
    when = say_moment(request.due, now, "en") if request.due else ""
    over = "that is over today, so " if request.moved else ""
    return f"{over}{when}, {what}{early}"


def _choice_en(one: Set, now: datetime | None) -> str:
    if one.rule is not None:
        return say_rule(one.rule, "en")
    return say_moment(one.due, now, "en") if one.due else ""


def _missing_en(request: Missing, now: datetime | None) -> str:
    what = f": {request.text}" if request.text else ""
    if request.kind is Kind.TIMER:
        return f"How long{what}?"
    rule = f"{say_rule(request.rule, 'en')}, " if request.rule else ""
    day = f" {say_day(request.day, now, 'en')}" if request.day else ""
    part = f" {_PARTS[request.part][1]}" if request.part else ""
    return _capital(f"{rule}at what time{day}{part}{what}?")


def _which_en(which: Which, now: datetime | None) -> str:
    noun = _KINDS[which.kind][1] if which.kind else "alarm or timer"
    if which.every:
        noun = f"all {noun}s".replace("alarm or timers", "alarms and timers")
    place = "the last" if which.nth == -1 else f"number {which.nth}," if which.nth else "the"
    parts = [
        "" if which.every else place,
        "latest" if which.latest else "next" if which.soonest else "",
        f"“{which.text}”" if which.text else "",
        say_duration(which.seconds, "en") if which.seconds else "",
        noun,
        ("at " + " or ".join(say_time(at) for at in which.times)) if which.times else "",
        say_day(which.day, now, "en") if which.day else "",
        say_weekdays(which.days, "en") if which.days else "",
    ]
    return " ".join(part for part in parts if part)
