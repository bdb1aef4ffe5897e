"""Asking: what the LLM is told, ahead of a question and with it."""

from __future__ import annotations

from collections.abc import Callable

from appliance import messages as m
from appliance.dialogue.answer import Answer
from appliance.dialogue.ground import Ground, Knowledge


class Mind:
    """Tells the LLM what to do. What it says of an answer is a matter of `Answering`."""

    def __init__(self, ground: Ground, knowledge: Knowledge) -> None:
        self._team = ground.team
        self._settings = ground.settings
        self._memory = knowledge.memory
        self._cast = knowledge.cast
        self._recall = knowledge.recollection.recall
        self._adapter = ("", 1.0)  # file and scale that the LLM was told last
        self.can_think = False  # whether the model thinks when it is told to, and not otherwise
        self._said = 0  # counts what was told: a late recollection serves nobody

    def adapt(self) -> None:
        """Attach the persona's LoRA adapter, or detach that of the one before."""
        lora = self._cast.persona.lora
        path, scale = (lora.file, lora.scale) if lora is not None else ("", 1.0)
        if (path, scale) != self._adapter and self._team.ready("llm"):
            self._adapter = (path, scale)
            self._team.send("llm", m.Adapt(path, scale))

    def model_ready(self, ready: m.Ready) -> None:
        """A fresh model has no adapter."""
        self.can_think = bool(ready.detail.get("thinks", 0))
        self._adapter = ("", 1.0)
        self.adapt()

    def predict(self, certain: str, closed: bool) -> bool:
        """Let the LLM evaluate what is certain of the next question; `closed`: that is all of it.

        False when it cannot be told.
        """
        if not self._team.ready("llm"):
            return False
        self._said += 1
        said = self._said

        def tell(recalled: str) -> None:
            if said == self._said:
                self._prefill(certain + recalled, closed)

        if closed:
            self._remind(certain, tell)
        else:
            tell("")
        return True

    def _prefill(self, certain: str, closed: bool) -> None:
        thinking = self._settings.flag("llm.thinking")
        prompt, history = self._cast.prompt(), self._memory.history
        self._team.send("llm", m.Prefill(prompt, history, certain, closed, thinking))

    def score(self, request: int, sentences: tuple[str, ...]) -> bool:
        """Let the LLM judge what the user may be typing; no sentences cancel what it judges.

        False when it cannot be told.
        """
        return self._team.ready("llm") and self._team.send(
            "llm", m.Score(request, self._cast.prompt(), self._memory.history, sentences)
        )

    def ask(self, answer: Answer) -> None:
        """Let the LLM answer, knowing what the user once told of it."""
        self._said += 1
        self._remind(answer.question.text, lambda recalled: self._ask(answer, recalled))

    def _remind(self, question: str, then: Callable[[str], None]) -> None:
        """What the user once told of it; nothing goes with a text to be taken literally."""
        if self._cast.persona.literal:
            then("")
        else:
            self._recall(question, then)

    def _ask(self, answer: Answer, recalled: str) -> None:
        if answer.stopped:
            return
        answer.recalled = recalled
        self._team.send(
            "llm",
            m.Ask(
                answer.turn,
                self._cast.prompt(),
                self._memory.history,
                answer.question.text + recalled,
                max_tokens=self._settings.integer("llm.max_tokens"),
                thinking=self._settings.flag("llm.thinking"),
                sampling=self._cast.sampling(),
            ),
        )
