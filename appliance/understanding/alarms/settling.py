"""A kind, a moment, what for and how long before: what is to be set."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from appliance.understanding.alarms.requests import (
    LONGEST_TEXT,
    Choose,
    Kind,
    Missing,
    Refuse,
    Set,
    Setting,
)
from appliance.understanding.moments import LONGEST_COUNT, Bias, Moment, settle
from appliance.understanding.settled import (
    Again,
    At,
    Either,
    Impossible,
    In,
    NoHour,
    Settled,
)
from appliance.understanding.tokens import Duration

_MORNING = re.compile(
    r"起床|起来|睡醒|醒|早饭|早餐|早点起|早起|晨跑|晨练|早操|早读|早课|赶早|上班|上学|\b(?:wake"
    r"|get up|breakfast)\b"
)
_EVENING = re.compile(
    r"睡觉|睡了|上床|晚饭|晚餐|夜宵|宵夜|下班|放学|晚自习|\b(?:bed|sleep|dinner|supper)\b"
)
_DAY = re.compile(
    r"会|课|面试|接|取|看病|医院|医生|快递|约|见|客户|出发|火车|高铁|飞机|机场|买|交|打球|运动"
    r"|健身|吃|喝|电话|开车|送|电影|比赛|培训|考试|汇报|下午茶"
    r"|\b(?:meeting|call|lunch|class|doctor|dentist|pick|buy|appointment|interview|exam|flight"
    r"|train)\b"
)


def bias_of(text: str) -> Bias:
    """Which half of the day it is likely to be for."""
    if _MORNING.search(text):
        return Bias.MORNING
    if _EVENING.search(text):
        return Bias.EVENING
    return Bias.DAY if _DAY.search(text) else Bias.NONE


def set_at(
    kind: Kind,
    moment: Moment | None,
    now: datetime | None,
    text: str = "",
    lead: Duration | None = None,
    bias: Bias | None = None,
) -> Setting:
    """What comes of it; `moment` None: no time was said. `bias` None: as `text` tells."""
    text = text[:LONGEST_TEXT]
    ahead = lead.seconds if lead else 0
    if moment is None:
        return Missing(kind, text, lead=ahead)
    settled = settle(moment, now, bias or bias_of(text.lower()))
    return _built(kind, settled, text, ahead, now)


def _built(kind: Kind, settled: Settled, text: str, ahead: int, now: datetime | None) -> Setting:
    match settled:
        case Impossible():
            return Refuse(kind, settled)
        case NoHour(day, part, rule):
            return Missing(kind, text, day, part, rule, ahead)
        case Either(choices):
            built = [_built(kind, choice, text, ahead, now) for choice in choices]
            return Choose(tuple(one for one in built if isinstance(one, Set)))
        case In(seconds, due):
            return _sooner(Set(_counting(kind, text), due, seconds, text=text), ahead, now)
        case At(due, moved):
            return _sooner(Set(kind, due, text=text, moved=moved), ahead, now)
        case Again(rule, due):
            return _sooner(Set(kind, due, rule=rule, text=text), ahead, now)


def _counting(kind: Kind, text: str) -> Kind:
    return Kind.TIMER if kind is Kind.ALARM and not text else kind


def _sooner(wanted: Set, ahead: int, now: datetime | None) -> Setting:
    """So many seconds before what is meant."""
    if not ahead:
        return wanted
    if wanted.seconds is not None:
        left = wanted.seconds - ahead
        if left <= 0:
            return Refuse(wanted.kind, Impossible.PAST)
        due = wanted.due and wanted.due - timedelta(seconds=ahead)
        return replace(wanted, seconds=left, due=due, lead=ahead)
    if wanted.due is None:
        return wanted
    due = wanted.due - timedelta(seconds=ahead)
    rule = wanted.rule
    if rule is not None and rule.at is not None:
        if due.date() != wanted.due.date():
            return Refuse(wanted.kind, Impossible.FAR)
        rule = replace(rule, at=due.time())
        if now is not None:
            due = rule.after(now.replace(tzinfo=None)) or due
    elif now is not None and due <= now.replace(tzinfo=None):
        return Refuse(wanted.kind, Impossible.PAST)
    return replace(wanted, due=due, rule=rule, lead=ahead)


def set_span(kind: Kind, span: Duration, now: datetime | None, text: str = "") -> Setting:
    """A countdown of that length."""
    text = text[:LONGEST_TEXT]
    if span.months or span.seconds > LONGEST_COUNT:
        return Refuse(kind, Impossible.FAR)
    if span.seconds <= 0:
        return Refuse(kind, Impossible.NEGATIVE)
    due = now and now.replace(tzinfo=None) + timedelta(seconds=span.seconds)
    return Set(kind, due, span.seconds, text=text)
