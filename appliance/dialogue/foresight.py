"""What the LLM does for the next question while it answers none: it reads ahead, and it weighs."""

from __future__ import annotations

from collections.abc import Callable

from appliance.clock import Clock
from appliance.configuration.settings import Settings
from appliance.dialogue.mind import Mind
from appliance.dialogue.predictor import Predictor
from appliance.dialogue.reranker import Reranker
from appliance.dialogue.tables import TurnEvent
from appliance.messages import Scores
from ui.input.editing.editor import Editor


class Foresight:
    """Follows the text box, and times it. `answering`: the LLM has something better to do."""

    def __init__(
        self,
        editor: Editor,
        settings: Settings,
        clock: Clock,
        mind: Mind,
        answering: Callable[[], bool],
    ) -> None:
        self.predictor = Predictor(editor, clock, self._predict)
        self.reranker = Reranker(editor, settings, self._score)
        self._editor = editor
        self._mind = mind
        self._answering = answering
        settings.watch(("llm.thinking", "ui.language"), self.predictor.again)

    def typed(self) -> None:
        """A key was pressed in the text box."""
        self.predictor.typed()
        self.reranker.typed()

    @property
    def next_deadline(self) -> float | None:
        """See `appliance.timers.Timed`."""
        moments = (self._editor.next_deadline, self.predictor.next_deadline)
        return min((moment for moment in moments if moment is not None), default=None)

    def tick(self, now: float) -> None:
        self._editor.tick(now)
        self.predictor.tick(now)
        self.reranker.tick()

    def scored(self, scores: Scores) -> None:
        """The LLM has weighed what is typed."""
        if self.reranker.scored(scores):
            self.predictor.settled(self._editor.sentence())

    def turned(self, event: TurnEvent) -> None:
        """The turn of the question before has moved: the LLM may have time now."""
        if event is TurnEvent.MODEL_READY:
            self.predictor.again()  # a fresh model has read nothing
        elif not self._answering():
            self.predictor.catch_up()

    def _predict(self, certain: str, closed: bool) -> bool:
        return not self._answering() and self._mind.predict(certain, closed)

    def _score(self, request: int, sentences: tuple[str, ...]) -> bool:
        return not self._answering() and self._mind.score(request, sentences)
