"""What the LLM does for the next question while it answers none: it reads ahead, and it weighs."""

from __future__ import annotations

from appliance.dialogue.box_side import BoxSide
from appliance.dialogue.ground import Ground
from appliance.dialogue.mind import Mind
from appliance.dialogue.predictor import Predictor
from appliance.dialogue.reranker import Reranker
from appliance.dialogue.tables import TurnEvent
from appliance.dialogue.text_box import TextBox
from appliance.messages import Scores


class Foresight:
    """Follows the text box, and times it. While a question is answered the LLM has no time."""

    def __init__(self, ground: Ground, box: TextBox, mind: Mind, turn: BoxSide) -> None:
        self.predictor = Predictor(box, ground.clock, self._predict)
        self.reranker = Reranker(box, ground.settings, self._score)
        self._box = box
        self._mind = mind
        self._turn = turn
        ground.timers.follow(self)
        ground.settings.watch(("llm.thinking", "ui.language"), self.predictor.again)

    def typed(self) -> None:
        """A key was pressed in the text box."""
        self.predictor.typed()
        self.reranker.typed()

    @property
    def next_deadline(self) -> float | None:
        """See `appliance.timers.Timed`."""
        moments = (self._box.next_deadline, self.predictor.next_deadline)
        return min((moment for moment in moments if moment is not None), default=None)

    def tick(self, now: float) -> None:
        self._box.tick(now)
        self.predictor.tick(now)
        self.reranker.tick()

    def scored(self, scores: Scores) -> None:
        """The LLM has weighed what is typed."""
        if self.reranker.scored(scores):
            self.predictor.settled(self._box.sentence())

    def turned(self, event: TurnEvent) -> None:
        """The turn of the question before has moved: the LLM may have time now."""
        if event is TurnEvent.MODEL_READY:
            self.predictor.again()  # a fresh model has read nothing
        elif not self._turn.going_on:
            self.predictor.catch_up()

    def _predict(self, certain: str, closed: bool) -> bool:
        return not self._turn.going_on and self._mind.predict(certain, closed)

    def _score(self, request: int, sentences: tuple[str, ...]) -> bool:
        return not self._turn.going_on and self._mind.score(request, sentences)
