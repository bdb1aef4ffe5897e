"""Cancel the 7 am alarm, how much time is left, snooze: of those that are set, in English."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from functools import cache

from appliance.understanding.alarms.errands import is_errand
from appliance.understanding.alarms.nouns import NOUN_EN, kind_of
from appliance.understanding.alarms.requests import (
    Cancel,
    Change,
    Extend,
    Kind,
    ListThem,
    Missed,
    Pause,
    Remaining,
    Rename,
    Request,
    Resume,
    SkipNext,
    Snooze,
    Which,
)
from appliance.understanding.alarms.settling import set_at
from appliance.understanding.alarms.which import named_by
from appliance.understanding.courtesies import bare
from appliance.understanding.numbers import number_at
from appliance.understanding.sketches import SPAN, WHEN, WORDS, Sketch

_ONE = (
    r"(?:(?P<every>all(?: of)?(?: the| my)?|every|both(?: of)?(?: the| my)?)|(?:the "
    r"|my )?(?P<last>last|latest|most recent)|(?:the |my )?(?P<next>next)"
    r"|the (?P<nth>first|second|third|fourth|fifth)|the|my|that|this|an?|any)?"
    rf" ?(?:(?P<at>[{WHEN}{SPAN}])[ -]?)?(?P<name>{WORDS}{{2,20}}? )??(?P<noun>{NOUN_EN}|one)"
    rf"(?:(?: for| at| on| set for| of)* (?P<late>[{WHEN}{SPAN}]))?"
)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(rule), intent)
        for rule, intent in (
            (
                rf"(?:cancel|delete|remove|turn off|switch off|stop|clear|kill|end|dismiss|disable"
                rf"|get rid of) {_ONE}",
                "cancel",
            ),
            (rf"(?:turn|switch) {_ONE} off", "cancel"),
            (
                rf"(?:don't|do not|no need to) (?:wake|remind|call) me(?: up)?(?: anymore"
                rf"| any more)?(?: (?P<at>{WHEN}))?",
                "not-called",
            ),
            (rf"skip {_ONE}(?: once)?", "skip"),
            (
                rf"(?:what|which|how many) {NOUN_EN} (?:do i have|are set|have i set|are there"
                rf"|are on|are running|did i set)(?: (?:for )?(?P<at>{WHEN}))?",
                "list",
            ),
            (rf"(?:list|show me|show|read out|read|tell me|what are|check|see) {_ONE}", "list"),
            (
                rf"(?:are there|do i have|have i got|have i set) (?:any "
                rf"|an )?(?P<noun>{NOUN_EN})(?: set)?(?: (?:for )?(?P<at>{WHEN}))?",
                "list",
            ),
            (
                rf"when(?:'s| is| does) {_ONE}(?: (?:due|set for|go off|ring|going off|set))?",
                "list",
            ),
            (rf"what time (?:is|does) {_ONE}(?: (?:set for|go off|ring|set))?", "list"),
            (
                rf"how (?:much time|long|many minutes|much longer)(?: is| are|'s"
                rf"| do i have)?(?: (?:left|remaining|there))?(?: (?:is )?left)?(?: (?:on|in|for"
                rf"|until|till|before) {_ONE}(?: (?:goes off|ends|rings|is done))?)?",
                "remaining",
            ),
            (rf"(?:time left|remaining time|time remaining)(?: on {_ONE})?", "remaining"),
            (rf"(?:what's|what is|how much is) left (?:on|of|in) {_ONE}", "remaining"),
            (
                rf"(?:add|give me|put on) (?:another )?(?P<span>{SPAN})(?: more)?(?: (?:to"
                rf"|on) {_ONE})?",
                "extend",
            ),
            (rf"extend {_ONE} (?:by|for) (?P<span>{SPAN})", "extend"),
            (rf"(?:take|remove|subtract) (?P<span>{SPAN}) (?:off|from) {_ONE}", "shorten"),
            (rf"(?:shorten|reduce) {_ONE} by (?P<span>{SPAN})", "shorten"),
            (rf"(?:pause|hold|freeze) {_ONE}", "pause"),
            (
                rf"(?:resume|continue|unpause|restart|turn on|switch on|enable"
                rf"|carry on with) {_ONE}",
                "resume",
            ),
            (rf"(?:rename|call|name) {_ONE} (?:to |as )?(?P<to>{WORDS}{{1,40}})", "rename"),
            (
                rf"(?:change|move|push|set|reschedule|shift) {_ONE} (?:to|until) (?P<to>{WHEN})",
                "change",
            ),
            (
                rf"(?:snooze|snooze it|sleep in)(?: (?:for|it for))?(?: another)?(?: (?P<span>"
                rf"{SPAN})"
                rf")?",
                "snooze",
            ),
            (rf"(?:let me sleep |sleep )?(?P<span>{SPAN}) more(?: minutes)?", "snooze"),
            (rf"(?:let me sleep|sleep)(?: for)? another (?P<span>{SPAN})", "snooze"),
            (r"five more minutes|ten more minutes", "more-minutes"),
            (
                rf"(?:did i miss|have i missed|what did i miss|what have i missed)(?: (?:any"
                rf"|an)? ?{NOUN_EN})?",
                "missed",
            ),
        )
    )


_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}


def english_care(drawing: Sketch, now: datetime | None) -> Request | None:
    """What is asked of those that are set; None where it is not a whole request of that kind."""
    body = bare(drawing.drawn, zh=False)
    if body.long:
        return None
    for rule, intent in _rules():
        found = rule.fullmatch(drawing.drawn, body.start, body.end)
        if found is None:
            continue
        request = _built(drawing, found, intent, now)
        asked = body.asks and not body.polite
        if request and not (asked and not isinstance(request, ListThem | Remaining | Missed)):
            return request
    return None


def _which(drawing: Sketch, found: re.Match[str], now: datetime | None) -> Which | None:
    groups = found.groupdict()
    name = drawing.words(*found.span("name")) if groups.get("name") else ""
    if name and not is_errand(name.lower(), timed=False):
        return None
    noun = groups.get("noun") or ""
    which = Which(
        None if noun in ("", "one") else kind_of(noun),
        every=bool(groups.get("every")) or noun.endswith("s"),
        text=name,
        nth=_ORDINALS.get(groups.get("nth") or "", 0),
        latest=bool(groups.get("last")),
        soonest=bool(groups.get("next")),
    )
    for place in ("at", "late"):
        if groups.get(place):
            at = found.start(place)
            if groups[place] == SPAN:
                which = replace(which, seconds=drawing.span(at).seconds)
            else:
                named = named_by(which, drawing.moment(at), now)
                if named is None:
                    return None
                which = named
    return which


def _built(
    drawing: Sketch, found: re.Match[str], intent: str, now: datetime | None
) -> Request | None:
    which = _which(drawing, found, now)
    if which is None:
        return None
    groups = found.groupdict()
    span = drawing.span(found.start("span")).seconds if groups.get("span") else None
    match intent:
        case "cancel":
            return Cancel(which)
        case "not-called":
            return SkipNext(which) if which.day else Cancel(which)
        case "skip":
            return SkipNext(which)
        case "list":
            return ListThem(which)
        case "remaining":
            return Remaining(which)
        case "extend":
            return Extend(which, span) if span and span > 0 else None
        case "shorten":
            return Extend(which, -span) if span and span > 0 else None
        case "pause":
            return Pause(which)
        case "resume":
            return Resume(which)
        case "rename":
            return Rename(which, drawing.words(*found.span("to")))
        case "change":
            to = set_at(which.kind or Kind.ALARM, drawing.moment(found.start("to")), now)
            return Change(which, to)
        case "snooze":
            return Snooze(span)
        case "more-minutes":
            number = number_at(found[0], 0)
            return Snooze(int(number.value) * 60) if number else None
    return Missed()
