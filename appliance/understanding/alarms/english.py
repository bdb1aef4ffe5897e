"""Wake me up at seven, set a timer for ten minutes: to set one, in English."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache

from appliance.understanding.alarms.errands import is_errand
from appliance.understanding.alarms.nouns import (
    ALARM_EN,
    POMODORO,
    REMINDER_EN,
    TIMER_EN,
    kind_of,
)
from appliance.understanding.alarms.requests import Kind, Setting
from appliance.understanding.alarms.settling import set_at, set_span
from appliance.understanding.courtesies import Bare, bare
from appliance.understanding.moments import Bias, gather
from appliance.understanding.sketches import LEAD, SPAN, WHEN, WORDS, Sketch
from appliance.understanding.tokens import Duration, Token

_ART = r"(?: (?:an?|the|another|one more|my|new))*"
_SET = (
    rf"(?:set up|set|start|create|make|add|give me|begin|put on|schedule|run|get me|turn on"
    rf"|new){_ART}"
)
_TO = r"(?: ?,? ?(?:for|at|to|in|on|of|around|about|by|going off at|go off at|, ?| ))*"
_FOR = r"(?: ?,? ?(?:to|for|called|named|labell?ed|saying|that says|so i can|about|and|then|, ))*"
_REMIND = re.compile(
    r"(?P<remind>remind (?:me|us)(?: again)?|ping me|nudge me|give me a (?:reminder|nudge)"
    r"|don't let me forget)|(?P<wake>wake (?:me|us)(?: up)?|get me up)|(?P<tell>let me know"
    r"|tell me|alert me|notify me|call me|buzz me)(?=$| ?[\ue000-\ue004]| when| that it's time)"
)
_BEFORE = re.compile(
    rf"(?:(?:at|on|in|by|,| )*(?P<when>{WHEN})[ ,]*)?(?P<event>(?:(?:i have|i've got|there is"
    rf"|there's|i'm having|we have|i need|i've|my|the|a|an) ){WORDS}{{1,40}}?)?"
    rf"(?:(?: at| on|,| )*(?P<late>{WHEN}))?(?:[ ,.;]*(?:so|and|please"
    rf"|then)*[ ,]*(?P<lead>{LEAD}))?[ ,.;]*(?:(?:and|so|please|then|can you|could you) ?)*"
)
_AFTER = re.compile(
    rf"[ ,]*(?:(?:at|on|in|by|for|about|around) )*(?:(?P<when>{WHEN}))?(?:[ ,]*(?P<lead2>[{LEAD}"
    rf"\ue003]))?(?:[ ,]*(?:to|that|about|for|of|it's time to|i have to|i need to|i should"
    rf"|when it's time to|:)(?= ))*[ ,]*"
    rf"(?P<text>.*?)(?:[ ,]*(?:(?:at|on|in|by|for|from|starting|this"
    rf"|,) ?)*(?P<late>{WHEN}))?(?:[ ,]*(?P<lead>[{LEAD}\ue003]))?"
)


@cache
def _nouns() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(rule)
        for rule in (
            # set an alarm for seven tomorrow called gym
            rf"(?:{_SET} )?(?P<noun>{ALARM_EN}|{REMINDER_EN}){_TO}(?P<when>{WHEN})(?:{_FOR}(?P<te"
            rf"xt>"
            rf"{WORDS}{{2,60}}))?",
            rf"(?:{_SET} )?(?P<noun>{REMINDER_EN}|{ALARM_EN}){_FOR} ?(?P<text>{WORDS}{{2,60}}?)"
            rf"{_TO}("
            rf"?P<when>{WHEN})",
            rf"(?:{_SET} )?(?:the |an? |my )?(?P<when>{WHEN}) (?P<text>{WORDS}{{2,20}} )?(?P<noun>"
            rf"{ALARM_EN}|{REMINDER_EN})(?:{_FOR}(?P<text2>{WORDS}{{2,40}}))?",
            rf"(?P<when>{WHEN})[ ,]*(?:please )?{_SET} (?P<noun>{ALARM_EN}"
            rf"|{REMINDER_EN})(?:{_FOR}(?P<text>{WORDS}{{2,40}}))?",
            rf"{_SET} (?P<noun>{ALARM_EN}|{REMINDER_EN})(?: to (?P<text>{WORDS}{{2,60}}))?",
            rf"(?:{_SET} )?(?P<text>{WORDS}{{2,16}} )?(?P<noun>{TIMER_EN}"
            rf"|{ALARM_EN}){_TO}(?:an? )?(?P<span>{SPAN})(?:{_FOR}(?P<text2>{WORDS}{{2,60}}))?",
            rf"(?:{_SET} )?(?:for )?(?:an? |the )?(?P<span>{SPAN})[ -]*(?P<text>{WORDS}{{2,16}} )"
            rf"?(?P"
            rf"<noun>{TIMER_EN}|{ALARM_EN}|{REMINDER_EN})(?:{_FOR}(?P<text2>{WORDS}{{2,40}}))?",
            rf"(?P<noun>time|count down|countdown)(?: me)?(?: for| from)? (?P<span>{SPAN})",
            rf"{_SET} (?P<text>{WORDS}{{2,16}} )?(?P<noun>{TIMER_EN})",
            rf"(?:{_SET} )?(?P<noun>{TIMER_EN}){_TO}(?P<when>{WHEN})",
            r"(?P<noun>start timing|start counting down|count down)",
        )
    )


_PAST = re.compile(
    r"\b(?:reminded|woke|rang|went off|was|were|did|didn't|doesn't|how|why|what|when|who|used to"
    r"|always|never)\b"
)
_OTHERS = re.compile(r"^(?:he|she|they|it|my \w+|mom|dad|the \w+|people|you|everyone)\b")
_MEANING = re.compile(r"^(?:of (?!\w+ing\b)|what|why|how|who|where|if |tom$)")


def english_setting(drawing: Sketch, now: datetime | None) -> Setting | None:
    """What is to be set, or None where nobody asks for it in English."""
    body = bare(drawing.drawn, zh=False)
    if body.asks and not body.polite:
        return None
    for rule in () if body.long else _nouns():
        found = rule.fullmatch(drawing.drawn, body.start, body.end)
        if found is not None and (setting := _named(drawing, found, now)) is not None:
            return setting
    return _called(drawing, body, now)


def _named(drawing: Sketch, found: re.Match[str], now: datetime | None) -> Setting | None:
    groups = found.groupdict()
    words = [drawing.words(*found.span(n)) for n in ("text", "text2") if groups.get(n)]
    text = next(iter(words), "")
    if not all(
        is_errand(word.lower(), timed=True) and not _PAST.search(word.lower()) for word in words
    ):
        return None
    kind = kind_of(groups["noun"])
    if groups["noun"] in ("time", "start timing", "start counting down"):
        kind = Kind.TIMER
    if groups.get("span"):
        return set_span(Kind.TIMER, drawing.span(found.start("span")), now, text)
    if groups.get("when"):
        at = found.start("when")
        moment = drawing.moment(at)
        return set_at(Kind.ALARM if kind is Kind.TIMER else kind, moment, now, text)
    if "pomodoro" in groups["noun"]:
        return set_span(Kind.TIMER, Duration(0, 0, POMODORO), now, "pomodoro")
    return set_at(kind, None, now, text)


def _called(drawing: Sketch, body: Bare, now: datetime | None) -> Setting | None:
    found = _REMIND.search(drawing.drawn, body.start, body.end)
    if found is None:
        return None
    before = _BEFORE.fullmatch(drawing.drawn, body.start, found.start())
    after = _AFTER.fullmatch(drawing.drawn, found.end(), body.end)
    if before is None or after is None:
        return None
    tokens = _tokens(drawing, before, after)
    if tokens is None:
        return None
    text = drawing.words(*after.span("text")) or (
        drawing.words(*before.span("event")) if before["event"] else ""
    )
    flat = text.lower()
    if (
        not is_errand(flat, bool(tokens))
        or _MEANING.match(flat)
        or (found["wake"] and _PAST.search(flat))
    ):
        return None
    if (found["tell"] or (found["wake"] and text and not tokens)) and not tokens:
        return None
    lead = next(
        (m.start(n) for m, n in ((before, "lead"), (after, "lead"), (after, "lead2")) if m[n]), None
    )
    kind = Kind.ALARM if found["wake"] or (found["tell"] and not text) else Kind.REMINDER
    bias = Bias.MORNING if found["wake"] else None
    moment = gather(tokens) if tokens else None
    return set_at(
        kind, moment, now, _errand(text), drawing.span(lead) if lead is not None else None, bias
    )


def _tokens(
    drawing: Sketch, before: re.Match[str], after: re.Match[str]
) -> tuple[Token, ...] | None:
    tokens: tuple[Token, ...] = ()
    for found, name in ((before, "when"), (before, "late"), (after, "when"), (after, "late")):
        if found[name]:
            tokens = (*tokens, *drawing.tokens[found.start(name)])
    return tokens if not tokens or gather(tokens) is not None else None


def _errand(text: str) -> str:
    return re.sub(
        r"^(?:i have|i've got|there's|there is|we have) (?:an? |the )?",
        "",
        text,
        flags=re.IGNORECASE,
    )
