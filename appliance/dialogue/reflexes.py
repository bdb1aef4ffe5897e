"""What the box answers by itself: the clock, what it cannot do, what it is asked to remember."""

from __future__ import annotations

from collections.abc import Callable

from appliance.clock import WallClock
from appliance.dialogue import abilities
from appliance.dialogue.recollection import Recollection
from appliance.memory.fact_requests import Forget, parse


class Reflexes:
    """Recognises what the model must not be asked. `wall` None: the clock is unset."""

    def __init__(
        self, recollection: Recollection, wall: WallClock, language: Callable[[], str]
    ) -> None:
        self._recollection = recollection
        self._wall = wall
        self._language = language

    def claims(self, question: str) -> bool:
        """Whether no model is needed to answer."""
        request = parse(question)
        if isinstance(request, Forget):
            return request.surely
        return request is not None or self._honest(question) is not None

    def answer(self, question: str, then: Callable[[str | None], None]) -> None:
        """`then` gets the answer, at once or from the loop; None: ask the model."""
        honest = self._honest(question)
        request = parse(question)
        if honest is None and request is not None:
            self._recollection.answer(request, then)
        else:
            then(honest)

    def _honest(self, question: str) -> str | None:
        return abilities.honest_answer(question, self._language(), self._wall())
