"""What the box answers by itself: the clock, what it cannot do or know, what it is to remember."""

from __future__ import annotations

from collections.abc import Callable

from appliance.clock import WallClock
from appliance.dialogue import abilities
from appliance.dialogue.mind import History
from appliance.dialogue.private import Matter, matter_of, tells, untold
from appliance.dialogue.recollection import Recollection
from appliance.memory.fact_requests import Forget, parse
from appliance.personas.cast import Cast


class Reflexes:
    """Recognises what the model must not be asked. `wall` None: the clock is unset.

    A persona that takes questions literally has none.
    """

    def __init__(
        self,
        recollection: Recollection,
        memory: History,
        cast: Cast,
        wall: WallClock,
        language: Callable[[], str],
    ) -> None:
        self._recollection = recollection
        self._memory = memory
        self._cast = cast
        self._wall = wall
        self._language = language

    def claims(self, question: str) -> bool:
        """Whether it is certain that no model is needed to answer."""
        if self._cast.persona.literal:
            return False
        request = parse(question)
        if isinstance(request, Forget):
            return request.surely
        return request is not None or self._honest(question) is not None

    def answer(self, question: str, then: Callable[[str | None], None]) -> None:
        """`then` gets the answer, at once or from the loop; None: ask the model."""
        if self._cast.persona.literal:
            then(None)
        elif (honest := self._honest(question)) is not None:
            then(honest)
        elif (request := parse(question)) is not None:
            self._recollection.answer(request, then)
        elif (matter := matter_of(question)) is not None and not self._told_just_now():
            self._recollection.recall(
                question, lambda recalled: then(self._known(matter, recalled))
            )
        else:
            then(None)

    def _told_just_now(self) -> bool:
        """Whether the user spoke of himself in this conversation, which the model sees."""
        return any(tells(exchange.question) for exchange in self._memory.history)

    def _known(self, matter: Matter, recalled: str) -> str | None:
        """The model answers out of what it is reminded of; without that it would invent."""
        return None if matter.evidence.search(recalled) else untold(self._language())

    def _honest(self, question: str) -> str | None:
        return abilities.honest_answer(question, self._language(), self._wall())
