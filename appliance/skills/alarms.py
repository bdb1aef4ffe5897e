"""Alarms, timers and reminders: what is asked for, and that it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from appliance.skills.alarm_doing import Doing
from appliance.skills.box import Box
from appliance.skills.skill import Claim, Said, Skill, Then
from appliance.understanding.alarms.parse import parse
from appliance.understanding.alarms.requests import (
    INTENTS,
    Change,
    Extend,
    Missing,
    Rename,
    Request,
    Set,
    Snooze,
    Which,
)
from appliance.understanding.alarms.sayings import said_back
from ui.strings import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(Claim):
    """Something is wanted of alarms, timers or reminders."""

    request: Request


class Alarms(Skill[Wanted]):
    """Intents as `appliance.understanding.alarms.requests.INTENTS` names them."""

    name = "alarms"
    offers = Text("定闹钟、计时、提醒", "set alarms, timers and reminders")
    does = frozenset({"timer", "alarm"})

    def claim(self, said: Said) -> Wanted | None:
        """See `Skill`."""
        request = parse(said.text, said.now)
        if request is None:
            return None
        back = said_back(request, said.language.value, said.now)
        due, repeat = _when(request)
        return Wanted(
            skill=self.name,
            intent=INTENTS[type(request)],
            said=said,
            due=due,
            seconds=_seconds(request),
            repeat=repeat,
            text=_text(request),
            said_back=back,
            request=request,
        )

    def answer(self, claim: Wanted, box: Box, then: Then) -> None:
        """See `Skill`. What changes anything is written before it is answered."""
        Doing(box, box.alarms, claim.said.language, then).do(claim.request)


def _when(request: Request) -> tuple[datetime | None, str]:
    match request:
        case Set(due=due, rule=rule):
            return due, rule.rrule if rule else ""
        case Missing(rule=rule):
            return None, rule.rrule if rule else ""
        case Change(to=to):
            return _when(to)
    return None, ""


def _seconds(request: Request) -> int | None:
    match request:
        case Set(seconds=seconds) | Snooze(seconds) | Extend(seconds=seconds):
            return seconds
        case Change(to=to):
            return _seconds(to)
    which = getattr(request, "which", None)
    return which.seconds if isinstance(which, Which) else None


def _text(request: Request) -> str:
    match request:
        case Set(text=text) | Missing(text=text) | Rename(text=text):
            return text
    which = getattr(request, "which", None)
    return which.text if isinstance(which, Which) else ""


SKILL = Alarms
