"""What a skill is: it claims what is said to it, and answers what it has claimed.

A newcomer adds a skill in one file of this package: a subclass of `Skill`, the name `SKILL` for
it, and its place in the order of claims (`appliance.skills.registry`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from appliance.messages import Exchange
from appliance.skills.box import Box
from ui.strings import Language, Text

Then = Callable[[str | None], None]
"""Takes the answer, at once or later from the loop; None: the model is to answer after all."""


@dataclass(frozen=True, slots=True)
class Said:
    """A question as it came, and what it takes to understand it.

    `language` is that of the interface, and of the answer. `now` is the local wall time, None
    while the clock was never set. `history`: the finished turns of this conversation. `literal`:
    the persona in force takes every text as it is, and nothing is asked of the box. `heard`: it
    was spoken and no key has touched it since; words that sound alike may stand for each other.
    """

    text: str
    language: Language = Language.ZH
    now: datetime | None = None
    history: tuple[Exchange, ...] = ()
    literal: bool = False
    heard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a skill has understood. Skills subclass it where there is more to keep.

    `intent` is what is wanted, by a name of the skill's own. `certain`: no model is needed to
    answer it, whatever the skill finds. `due` is local time, `seconds` a duration, `repeat` a rule
    in the skill's own writing, `text` what it is about; `said_back` tells all of it to the user.
    `reply` is the whole answer where nothing is to be done or looked up for it.
    """

    skill: str
    intent: str
    said: Said
    certain: bool = True
    due: datetime | None = None
    seconds: float | None = None
    repeat: str = ""
    text: str = ""
    said_back: str = ""
    reply: str = ""


C = TypeVar("C", bound=Claim)


class Skill(ABC, Generic[C]):
    """One kind of thing that the box does without the model.

    `name` is how others call it. `offers` is what it does, as the user is told who asks; empty
    where that goes without saying. `does` are the requests that the box could not fulfil without it
    (`appliance.skills.unable`), by their names there. `able` is what all skills that stand do.
    """

    name: ClassVar[str]
    does: ClassVar[frozenset[str]] = frozenset()
    offers: ClassVar[Text] = Text("", "")

    def __init__(self, able: frozenset[str] = frozenset()) -> None:
        self.able = able

    @abstractmethod
    def claim(self, said: Said) -> C | None:
        """What was understood; None where it is not for this skill.

        Pure: the same `said` gives the same claim, and nothing happens. It takes a few
        milliseconds at most, whatever is said.
        """

    def start(self, box: Box) -> None:
        """The box runs: take up again what was left. Called once, on the loop."""

    def answer(self, claim: C, box: Box, then: Then) -> None:
        """Do what was claimed, on the loop and without blocking it; `then` gets the answer, once.

        Where it is not overridden the claim's `reply` is all there is to it.
        """
        then(claim.reply or None)
