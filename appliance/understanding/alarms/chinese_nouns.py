"""定个七点的闹钟, 倒计时五分钟, 设个番茄钟, 工作日七点响铃: to set one by its name."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache

from appliance.understanding.alarms.errands import is_errand
from appliance.understanding.alarms.nouns import (
    ALARM_ZH,
    NOUN_ZH,
    POMODORO,
    REMINDER_ZH,
    TIMER_ZH,
    kind_of,
)
from appliance.understanding.alarms.requests import Kind, Set, Setting
from appliance.understanding.alarms.settling import set_at, set_span
from appliance.understanding.courtesies import bare
from appliance.understanding.sketches import LEAD, SPAN, WHEN, WORDS, Sketch
from appliance.understanding.tokens import Duration

_HOW_MANY = r"(?:上|好|了)?(?:一个|个|一下|下|一|新的|个新的|一个新的)?"
_SET = (
    r"(?:给我|帮我|替我|再|请你?|,)*(?:设置|设定|设立|设|预订|预定|预约|定|订|调|上|启动|开启"
    r"|开始|开|来|添加|增加|新增|加|新建|创建|建立|建|弄|搞|整|安排|做|要|准备|添)" + _HOW_MANY
)
_TO = (
    r"(?:,|:|\s|为|到|在|是|设成?|定成?|调成?|开|叫|定在|设在|设到|设成|设为|定为|定到|调到|调成"
    r"|调在|响铃?时间(?:是|为)?"
    r"|时间(?:是|为|定在|设为|设在)?|,?时间)*"
)
_ALSO = (
    rf"(?:[,.\s]?(?:到时候|准时|用来|来)*(?:叫|提醒|喊)(?:醒)?我?(?:一下)?(?P<also>{WORDS}*)"
    rf"|[,.](?P<what>{WORDS}{{1,30}}))?"
)
_TEXT = rf"{WORDS}{{1,24}}?"
_OF = r"(?:的|,)?"


@cache
def _rules() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(rule)
        for rule in (
            # 明早七点给我定个闹钟
            rf"(?:在|到)?(?P<when>{WHEN})(?:的时候)?,?(?P<text>{_TEXT})??[,.]?(?P<set>{_SET})(?:"
            rf"的)?("
            rf"?P<text2>{_TEXT})??(?:的)?(?P<noun>{ALARM_ZH}|{REMINDER_ZH}){_ALSO}",
            # 定一个明早七点起床的闹钟; 七点的闹钟
            rf"(?P<set>{_SET})?(?P<when>{WHEN})(?:响)?{_OF}(?P<text>{_TEXT})??{_OF}(?P<noun>"
            rf"{ALARM_ZH}|{REMINDER_ZH}|定时){_ALSO}",
            # 定个闹钟明早七点; 闹钟定在七点; 把闹钟设到七点
            rf"(?:把|将)?(?P<set>{_SET})?(?P<noun>{ALARM_ZH}"
            rf"|{REMINDER_ZH}){_TO}(?P<when>{WHEN})(?:响"
            rf"|响铃|的)?{_ALSO}(?:,?(?P<text>{_TEXT}))?",
            # 六点半的闹钟帮我定一下
            rf"(?P<when>{WHEN}){_OF}(?P<text>{_TEXT})??{_OF}(?P<noun>{ALARM_ZH}"
            rf"|{REMINDER_ZH}),?(?P<set>{_SET})(?:一下)?",
            # 定个闹钟
            rf"(?P<set>{_SET})(?P<text>{_TEXT})??(?:的)?(?P<noun>{ALARM_ZH}|{REMINDER_ZH}){_ALSO}",
            # 定个提前十分钟的…
            rf"(?P<when>{WHEN})(?P<text>{_TEXT})[,.]?(?P<lead>{LEAD})(?P<set>{_SET})(?P<noun>"
            rf"{NOUN_ZH})",
        )
    )


@cache
def _timers() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(rule)
        for rule in (
            # 五分钟的倒计时; 定个五分钟煮面的计时器; 定个十分钟的闹钟
            rf"(?P<set>{_SET})?(?P<span>{SPAN}){_OF}(?P<text>{_TEXT})??{_OF}(?P<noun>{TIMER_ZH})("
            rf"?:开"
            rf"始|吧)?{_ALSO}",
            rf"(?P<set>{_SET})(?P<span>{SPAN}){_OF}(?P<text>{_TEXT})??{_OF}(?P<noun>{ALARM_ZH}"
            rf"|{REMINDER_ZH}){_ALSO}",
            # 倒计时五分钟; 设个计时器，十分钟; 计时五分钟煮面
            rf"(?:把|将)?(?P<set>{_SET})?(?P<text2>{_TEXT})??(?:的)?(?P<noun>{TIMER_ZH}){_TO}(?:"
            rf"个)?("
            rf"?P<span>{SPAN})(?:开始|后)?(?:[,.]?(?P<text>{_TEXT}))?{_ALSO}",
            # 计个五分钟的时; 计五分钟
            rf"(?P<noun>计)(?:个|上)?(?P<span>{SPAN})(?:的?时)?{_ALSO}",
            rf"(?P<noun>倒)?数(?P<span>{SPAN})",
            # 设一个叫面条的五分钟计时器
            rf"(?P<set>{_SET})(?:名?叫|名为)(?P<text>{_TEXT})的(?P<span>{SPAN})(?:的)?(?P<noun>"
            rf"{TIMER_ZH}|{ALARM_ZH})",
            # 煮面计时五分钟
            rf"(?P<text>{_TEXT})[,\s]?(?P<noun>{TIMER_ZH})(?:个)?(?P<span>{SPAN})",
            # 给我计个时
            r"(?P<noun>(?:开始)?(?:计个时|计一下时|计下时|计时)|倒计个时|倒数一下)(?:一下)?",
            rf"(?P<set>{_SET})(?P<text>{_TEXT})??(?:的)?(?P<noun>{TIMER_ZH})(?:一下)?",
            # 定时到七点, 七点的倒计时: by the clock
            rf"(?P<set>{_SET})?(?P<when>{WHEN}){_OF}(?P<noun>{TIMER_ZH})",
            r"(?P<noun>番茄钟|番茄时钟|番茄计时)(?:开始|走起)?",
            rf"(?P<noun>番茄钟|倒计时){SPAN}",
        )
    )


_RING = re.compile(
    rf"(?:在|到|等到?)?(?P<when>{WHEN})(?:的时候)?(?:准时|给我|帮我|按时|要|,)*"
    r"(?:响铃|响一下铃?|响一次|打铃|敲钟|铃响|响铃提醒|响起来|响个铃|摇铃|响)(?:提醒)?(?:一下"
    r"|叫醒我)?"
)
_TELLS = re.compile(r"响了|坏了|没|为什么|怎么|不|吗|谁|太|总|老是|很|比|和|是|好用|多少钱|推荐|买")


def named(drawing: Sketch, now: datetime | None) -> Setting | None:
    """What is to be set, or None where it is not a whole request to set one."""
    body = bare(drawing.drawn)
    if body.long or (body.asks and not body.polite):
        return None
    for rule in (*_timers(), *_rules()):
        found = rule.fullmatch(drawing.drawn, body.start, body.end)
        if found is not None and (setting := _built(drawing, found, now)) is not None:
            return setting
    found = _RING.fullmatch(drawing.drawn, body.start, body.end)
    if found is not None:
        return set_at(Kind.ALARM, drawing.moment(found.start("when")), now)
    return None


def _built(drawing: Sketch, found: re.Match[str], now: datetime | None) -> Setting | None:
    groups = found.groupdict()
    text = _text(drawing, found)
    if text is None:
        return None
    kind = kind_of(groups["noun"] or "计时")
    if groups["noun"] in ("计", None) or (groups["noun"] or "").startswith(("计", "倒", "开始计")):
        kind = Kind.TIMER
    if "番茄" in groups["noun"]:
        text = "番茄钟"
    if groups.get("span"):
        return set_span(_counted(kind, text), drawing.span(found.start("span")), now, text)
    if groups.get("when"):
        at = found.start("when")
        lead = drawing.span(found.start("lead")) if groups.get("lead") else None
        return set_at(
            Kind.ALARM if kind is Kind.TIMER else kind, drawing.moment(at), now, text, lead
        )
    if "番茄" in found[0]:
        length = drawing.span(found.end() - 1) if found[0][-1] == SPAN else Duration(0, 0, POMODORO)
        setting = set_span(Kind.TIMER, length, now, "番茄钟")
        return setting if isinstance(setting, Set) else None
    return set_at(kind, None, now, text)


def _counted(kind: Kind, text: str) -> Kind:
    return Kind.REMINDER if kind is Kind.REMINDER and text else Kind.TIMER


def _text(drawing: Sketch, found: re.Match[str]) -> str | None:
    """What for; None where what stands there makes another sentence of it."""
    groups = found.groupdict()
    words = [
        drawing.words(*found.span(name))
        for name in ("text", "text2", "also", "what")
        if groups.get(name)
    ]
    text = next((word.removesuffix("的") for word in words if word.strip("的个")), "")
    if not all(is_errand(word, timed=True) for word in words):
        return None
    if groups.get("set") is None and _TELLS.search("".join(words)):
        return None
    text = re.sub(r"^(?:用来|为了|给|帮|一个|个|我|要)+", "", text)
    return re.sub(r"(?:用|的)$", "", text)
