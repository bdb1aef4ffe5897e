"""Sums and conversions of units: exact, and told with what was computed."""

from __future__ import annotations

from appliance.skills.skill import Claim, Said, Skill
from appliance.understanding.arithmetic.answers import say_conversion, say_sum
from appliance.understanding.arithmetic.parse import parse_conversion, parse_sum
from ui.strings import Text


class Calculator(Skill[Claim]):
    """Intents `compute` and `convert`."""

    name = "calculator"
    offers = Text("算数、换算单位", "compute and convert units")

    def claim(self, said: Said) -> Claim | None:
        """See `Skill`."""
        language = said.language.value
        conversion = parse_conversion(said.text)
        if conversion is not None:
            return self._told("convert", said, say_conversion(conversion, language))
        sum_ = parse_sum(said.text)
        return self._told("compute", said, say_sum(sum_, language)) if sum_ else None

    def _told(self, intent: str, said: Said, reply: str) -> Claim:
        return Claim(skill=self.name, intent=intent, said=said, said_back=reply, reply=reply)


SKILL = Calculator
