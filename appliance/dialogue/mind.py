"""Asking: what the LLM is told, ahead of a question and with it, and what comes of its answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from appliance import messages as m
from appliance.clock import Clock
from appliance.configuration.settings import Settings
from appliance.dialogue.answer import Answer
from appliance.dialogue.mouth import Mouth
from appliance.personas.cast import Cast
from appliance.supervision.team import Team

Recall = Callable[[str, Callable[[str], None]], None]

log = logging.getLogger("lory.mind")


class History(Protocol):
    """The conversation that goes on."""

    @property
    def history(self) -> tuple[m.Exchange, ...]: ...


class Mind:
    """Tells the LLM what to do; what it says goes into the answer, to the voice and the log."""

    def __init__(
        self,
        team: Team,
        settings: Settings,
        memory: History,
        mouth: Mouth,
        clock: Clock,
        cast: Cast,
        recall: Recall,
    ) -> None:
        self._team = team
        self._settings = settings
        self._memory = memory
        self._mouth = mouth
        self._clock = clock
        self._cast = cast
        self._recall = recall
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
        self._remind(answer.question, lambda recalled: self._ask(answer, recalled))

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
                answer.question + recalled,
                max_tokens=self._settings.integer("llm.max_tokens"),
                thinking=self._settings.flag("llm.thinking"),
                sampling=self._cast.sampling(),
            ),
        )

    def token(self, answer: Answer, text: str, thought: bool) -> bool:
        """Let the answer grow; False when it was only a thought."""
        if thought:
            answer.thought += text
            return False
        if answer.timing.first_token is None:
            answer.timing.first_token = self._clock()
        answer.text += text
        answer.reader.append(text)
        self._mouth.feed(text)
        self._mark_first_clause(answer)
        return True

    def answered(self, answer: Answer, stats: m.Answered) -> bool:
        """The answer is whole; True when the voice has more of it to say."""
        answer.stats = stats
        self._mouth.finish()
        self._mark_first_clause(answer)
        _log_timing(answer, stats)
        return self._mouth.speaking and bool(answer.text)

    def _mark_first_clause(self, answer: Answer) -> None:
        if answer.timing.first_clause is None and answer.voice and answer.voice.begun:
            answer.timing.first_clause = self._clock()


def _log_timing(answer: Answer, stats: m.Answered) -> None:
    log.info(
        "turn %d: %d tokens in (%d reused) in %.2f s, %d out in %.2f s, first token %.2f s",
        answer.turn,
        stats.tokens_in,
        stats.tokens_reused,
        stats.prefill_seconds,
        stats.tokens_out,
        stats.decode_seconds,
        answer.timing.to_first_token or 0.0,
    )
