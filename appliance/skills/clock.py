"""The clock and the calendar: times, dates and festivals, computed and never guessed."""

from __future__ import annotations

from appliance.skills.skill import Claim, Said, Skill
from appliance.timekeeping.trust import zone_is_told
from appliance.understanding.calendar.answers import answer
from appliance.understanding.calendar.parse import parse
from appliance.understanding.calendar.questions import intent_of
from appliance.understanding.sketches import sketch
from ui.strings import Text

_UTC = Text("{reply}这是 UTC，没有设时区。", "{reply} That is UTC: no zone is set.")


class Clock(Skill[Claim]):
    """Intents `time`, `city`, `date`, `days`, `week`, `day-of-year`, `lunar`, `term`, `zodiac` and
    `holiday`."""

    name = "clock"
    offers = Text("报时间、日期、节气和各地时间", "tell times, dates and days until")

    def __init__(self, able: frozenset[str] = frozenset()) -> None:
        super().__init__(able)
        self._zone_is_told = zone_is_told()

    def claim(self, said: Said) -> Claim | None:
        """See `Skill`."""
        question = parse(sketch(said.text), said.now)
        if question is None:
            return None
        reply = answer(question, said.now, said.language.value)
        if intent_of(question) == "time" and said.now is not None and not self._zone_is_told:
            reply = _UTC.of(said.language).format(reply=reply)
        return Claim(
            skill=self.name,
            intent=intent_of(question),
            said=said,
            said_back=reply,
            reply=reply,
        )


SKILL = Clock
