"""半小时后提醒我关火, 明早七点叫我起床, 下午三点开会，提前二十分钟提醒我: to be called, in Chinese.

The sentence falls apart at the word that calls. Before it may stand a time and what happens then;
after it a time and what for. What stands there and is neither makes it another sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from appliance.understanding.alarms.errands import WAKE, is_errand, is_event
from appliance.understanding.alarms.requests import Kind, Refuse, Setting
from appliance.understanding.alarms.settling import set_at, set_span
from appliance.understanding.courtesies import Bare, bare
from appliance.understanding.moments import Bias, gather
from appliance.understanding.settled import Impossible
from appliance.understanding.sketches import AGO, CLASH, LEAD, SPAN, WHEN, WORDS, Sketch
from appliance.understanding.tokens import After, Clock, Duration, PartOfDay, Token

_CALL = re.compile(
    r"(?P<remind>(?:再)?提醒(?:一下|下|一声)?(?:我们?|咱们?|大家|全家|一家人)?(?:一下|一声"
    r"|下(?=[,\s\ue000]|$)"
    r"|一次|一遍)?|(?:可|千万)?(?:别|不要)让我忘(?:了|记|掉)?(?=[,\s]|$))"
    r"|(?P<wake>(?:别|不要)让我(?:睡过头?了?|起晚了?)|(?:再)?(?:叫|喊|唤)(?:醒|起)?(?:一下|一声)?(?:我们?|咱们?)(?:一声|一下|醒|一次)?"
    r"|叫醒服务|(?:把)我(?:叫|喊|唤|闹)(?:醒|起来|起床)|让我(?=起床|醒)|闹醒?我)"
    r"|(?P<tell>(?:再)?(?:(?:跟|和|给|对)我)?说一?声|吱一?声|喊一?声|叫一?声"
    r"|通知(?:一下)?我(?:一声|一下)?|(?:告诉|提示)(?:一下)?我(?:一声|一下)|提示我|告诉我(?=$)|催(?:一下|一催"
    r"|催)?我(?:一下)?)"
)
_BEFORE = re.compile(
    rf"(?:我们?(?={WHEN}))?(?:(?:到了?|等到?|在|到时候?|从|就|差不多|大概"
    rf"|大约)?(?P<when>{WHEN})(?:的时候|时候|时"
    rf"|之前|以前|前|准时|左右|准点|整|就|到了|的话|,|这个点)*)?"
    r"(?:请|记得|别忘了|不要忘了|一定|千万|,)*"
    rf"(?P<event>{WORDS}*?)"
    rf"(?:[,.;]?(?P<late>{WHEN})(?:的时候|准时|左右|就|才|要|会|能)*"
    r"(?:好|熟|开始|结束|到|完|出锅|来|出发|上课|下课|到点|发车|开饭|开播)?)?"
    rf"(?:[,.;]?(?:请|麻烦|记得|到时候?|就|要|你|,)*(?P<lead>[{LEAD}{AGO}])(?:的时候|左右|就|,)*)?"
    r"(?P<glue>(?:到时候?|到点了?|时间到了?|的时候|那时候?|届时|请你?|麻烦你?|记得|帮我|要|给我"
    r"|你(?!们)|再|就|可以|能不能|能|准时|按时|提前|别忘了|一定|务必|也|都|,|\.|;|!|\s)*)"
)
_AFTER = re.compile(
    rf"(?P<glue>(?:一下|一声|要|该|得|记得|别忘了|不要忘了|,|:|\.|;|\s|说|的时候|于"
    rf"|在)*)(?:(?P<when>{WHEN})(?:的时候|准时|左右|要|该|得|记得|,|:|\s|的|去(?={WHEN}))*)?"
    rf"(?P<text>.*?)(?:[,.;\s]*(?P<late>{WHEN})(?:的时候)?|[,.;\s]*(?P<lead>[{LEAD}]))?"
)
_SEVERAL = re.compile(
    rf"(?:在|我)?(?:{CLASH}|{WHEN}早晚{WHEN}|{WHEN}(?:,|和|跟|与|及|以及|还有){WHEN}(?:(?:,|和"
    rf"|跟|与|及"
    rf"|还有){WHEN})*)"
    r"(?:的时候|都|各|分别|请|要|,)*"
)
_NAP = re.compile(
    rf"(?:我|让我|先)?(?:要|想|去|得)?(?P<text>(?:睡|午睡|小睡|眯|躺|休息|歇|打盹|打个盹|煮|蒸"
    rf"|炖|烤|泡|敷|热|焖|腌|熬|跑步|锻炼|看书|学习|写作业|玩|运动)"
    rf"(?:一下|一觉|一会儿?|个)?{WORDS}{{0,6}}?)(?P<span>{SPAN})(?:就|后|之后|到时候?|时间到|到点"
    rf"|的时候|,|再)*"
    r"(?:叫醒?我|喊我|提醒我|叫我起来|叫我起床)(?:一声|一下)?"
)
_BY_EVENT = re.compile(r"(?:之?[前后]|的时候)$")
_CONNECTED = re.compile(r"[,.;!]|到时候?|到点|时间到|记得|提前|届时|别忘了|麻烦|请|帮我|那时")
_NOT_CALLED = re.compile(
    r"(?:妈|爸|爷|奶|姥|哥|姐|弟|妹|老[公婆板师]|儿子|女儿|孩子|们|的|家|小[^\s起]|大[哥姐叔]"
    r"|先生|女士|主人|老大|名字|外卖|车|出租|滴滴|救护)"
)
_UP = re.compile("起床|醒|起来|早起|早点起")
_THE_TIME = re.compile(r"(?:现在)?(?:时间|几点)|天气|答案|结果|怎么|一个|一些|关于")
_LONGEST_WORDS = 60
_TRIED = 4
"""Calls in a sentence that are looked at: who says it more often does not call."""


@dataclass(frozen=True, slots=True)
class _Parts:
    tokens: tuple[Token, ...] = ()
    text: str = ""
    event: str = ""
    lead: Duration | None = None
    connected: bool = False


def call(drawing: Sketch, now: datetime | None) -> Setting | None:
    """What is to be set, or None where nobody asks to be called."""
    body = bare(drawing.drawn)
    if (nap := _NAP.fullmatch(drawing.drawn, body.start, body.end)) is not None:
        span = drawing.span(nap.start("span"))
        return set_span(Kind.TIMER, span, now, drawing.words(*nap.span("text")))
    for found in islice(_CALL.finditer(drawing.drawn, body.start, body.end), _TRIED):
        kind = Kind.ALARM if found["wake"] else Kind.REMINDER
        if _SEVERAL.fullmatch(drawing.drawn, body.start, found.start()):
            return Refuse(kind, Impossible.SEVERAL)
        parts = _before(drawing, body.start, found.start())
        parts = parts and _after(drawing, parts, found, body)
        if parts is not None:
            setting = _setting(kind, parts, now, found, body)
            told = isinstance(setting, Refuse) and setting.reason is Impossible.PAST
            return None if told and parts.event else setting  # 昨天闹钟没叫我 tells
    return None


def _before(drawing: Sketch, start: int, end: int) -> _Parts | None:
    found = _BEFORE.fullmatch(drawing.drawn, start, end)
    if found is None:
        return None
    event = drawing.words(*found.span("event")) if found["event"] else ""
    at = _sign(found, "when"), _sign(found, "late")
    tokens = _of_both(drawing, *at)
    lead_at = _sign(found, "lead")
    lead = drawing.span(lead_at) if lead_at is not None else None
    if event and _inside(drawing, *at):
        return None
    connected = _CONNECTED.search(found["glue"]) is not None or lead is not None
    if event and not _happens(event, bool(tokens), connected or at[1] is not None):
        return None
    if not event and drawing.drawn[lead_at or 0] == AGO and lead_at is not None and not tokens:
        return None  # 十分钟前提醒我
    return _Parts(tokens, "", event, lead, connected)


def _of_both(drawing: Sketch, first: int | None, late: int | None) -> tuple[Token, ...]:
    """下午两点要开会，一点五十提醒我: the later time is meant, on the day and in the half of the
    first."""
    tokens = drawing.tokens[first] if first is not None else ()
    if late is None:
        return tokens
    joined = (*tokens, *drawing.tokens[late])
    if gather(joined) is not None:
        return joined
    kept = [token for token in tokens if not isinstance(token, Clock | After)]
    parts = [t.part for t in tokens if isinstance(t, Clock) and t.part is not None]
    if parts and not any(isinstance(t, Clock) and t.part for t in drawing.tokens[late]):
        kept.append(PartOfDay(0, 0, parts[0]))
    joined = (*kept, *drawing.tokens[late])
    return joined if gather(joined) is not None else drawing.tokens[late]


def _inside(drawing: Sketch, first: int | None, late: int | None) -> bool:
    """Whether words stand inside of one time, as in 每天早晚八点, and not between two things."""
    if first is None or late is None or "," in drawing.drawn[first:late]:
        return False
    return gather((*drawing.tokens[first], *drawing.tokens[late])) is not None


def _happens(event: str, timed: bool, connected: bool) -> bool:
    """Whether the words before the call are what happens then."""
    if len(event) > _LONGEST_WORDS or not is_event(event):
        return False
    if not timed and not connected and not _BY_EVENT.search(event):
        return False
    return connected or re.search(r"(?:我|我们|妈妈|爸爸|他|她|你|老师|老板|闹钟)$", event) is None


def _sign(found: re.Match[str], name: str) -> int | None:
    return found.start(name) if found[name] else None


def _after(drawing: Sketch, parts: _Parts, call: re.Match[str], body: Bare) -> _Parts | None:
    found = _AFTER.fullmatch(drawing.drawn, call.end(), body.end)
    if found is None:
        return None
    tokens, start = parts.tokens, found.start("text")
    for name in ("when", "late"):
        place = _sign(found, name)
        if place is None:
            continue
        joined = (*tokens, *drawing.tokens[place])
        if gather(joined) is not None and not (parts.tokens and parts.event):
            tokens = joined
        elif name == "when":
            start = place  # 明天提醒我周五要聚餐: of the text
        else:
            return None
    text = drawing.words(start, found.end("text"))
    lead_at = _sign(found, "lead")
    lead = drawing.span(lead_at) if lead_at is not None else parts.lead
    timed = bool(tokens)
    if not _fits(call, text, timed or bool(parts.event), body):
        return None
    return _Parts(tokens, text, parts.event, lead, parts.connected)


def _fits(call: re.Match[str], text: str, timed: bool, body: Bare) -> bool:
    """Whether the words after the call are what for."""
    if body.asks and not body.polite and not (call["remind"] and text):
        return False
    if not text:
        return (
            timed or (call["remind"] is not None and _is_plain(call[0])) or call["wake"] is not None
        )
    if text[0] in "的了过着" or not is_errand(text, timed):
        return False
    if call["remind"]:
        return not (body.asks and not body.polite)
    if call["tell"]:
        return timed and not _THE_TIME.match(text)
    return (timed and not _NOT_CALLED.match(text)) or WAKE.fullmatch(text) is not None


def _is_plain(call: str) -> bool:
    return "我" in call or "一下" in call


def _setting(
    kind: Kind, parts: _Parts, now: datetime | None, found: re.Match[str], body: Bare
) -> Setting | None:
    moment = gather(parts.tokens) if parts.tokens else None
    text = parts.text if len(parts.text) > 1 or not parts.event else parts.event
    if text and not _UP.search(text):
        kind = Kind.REMINDER
    if moment is None and found["tell"]:
        return None
    bias = Bias.MORNING if found["wake"] and re.search("[醒起]", found[0]) else None
    return set_at(kind, moment, now, _errand(text), parts.lead, bias)


def _errand(text: str) -> str:
    """我要开会 is 开会."""
    return (
        re.sub(
            r"^的?(?:我们?|咱们?)?(?:还?要(?=.{2})|还?得(?=.{2})|该(?=.{2})|需要(?=.{2}))?",
            "",
            text,
        )
        or text
    )
