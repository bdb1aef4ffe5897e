"""Dice, coins, one of several, any number: drawn when it is answered."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from appliance.skills.box import Box
from appliance.skills.skill import Claim, Said, Skill, Then
from appliance.understanding.chances import AnyNumber, Chance, Coin, Dice, Pick, parse
from ui.strings import Language, Text

_INTENTS: dict[type[Chance], str] = {
    Dice: "dice",
    Coin: "coin",
    Pick: "pick",
    AnyNumber: "number",
}
_DIE = Text("掷出了{points}点。", "You rolled {points}.")
_DICE = Text("掷出了{points}，一共{total}点。", "You rolled {points}: {total} in all.")
_SIDES = (Text("正面。", "Heads."), Text("反面。", "Tails."))
_PICKED = Text("选{option}。", "{option}.")
_NUMBER = Text("{number}。", "{number}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(Claim):
    """Something is to be drawn."""

    chance: Chance


class Chances(Skill[Wanted]):
    """Intents `dice`, `coin`, `pick` and `number`."""

    name = "chance"
    offers = Text("掷骰子、抛硬币、帮你选", "roll dice, flip a coin, pick for you")

    def claim(self, said: Said) -> Wanted | None:
        """See `Skill`."""
        chance = parse(said.text)
        if chance is None:
            return None
        return Wanted(
            skill=self.name,
            intent=_INTENTS[type(chance)],
            said=said,
            said_back=_said_back(chance).of(said.language),
            chance=chance,
        )

    def answer(self, claim: Wanted, box: Box, then: Then) -> None:
        """See `Skill`."""
        then(draw(claim.chance, claim.said.language))


def _said_back(chance: Chance) -> Text:
    match chance:
        case Dice(count, sides):
            return Text(f"掷{count}个{sides}面的骰子。", f"Roll {count} dice of {sides} sides.")
        case Coin():
            return Text("抛硬币。", "Flip a coin.")
        case Pick(options):
            return Text(f"选一个：{'、'.join(options)}。", f"Pick one: {', '.join(options)}.")
        case AnyNumber(low, high):
            return Text(f"{low}到{high}的一个数。", f"A number from {low} to {high}.")


def draw(chance: Chance, language: Language) -> str:
    """What came up."""
    match chance:
        case Dice(count, sides):
            points = [secrets.randbelow(sides) + 1 for _ in range(count)]
            told = Text("、", ", ").of(language).join(map(str, points))
            return (
                (_DIE if count == 1 else _DICE).of(language).format(points=told, total=sum(points))
            )
        case Coin():
            return secrets.choice(_SIDES).of(language)
        case Pick(options):
            return _PICKED.of(language).format(option=secrets.choice(options))
        case AnyNumber(low, high):
            number = low + secrets.randbelow(high - low + 1)
            return _NUMBER.of(language).format(number=number)


SKILL = Chances
