"""The second pass of `bench.ime`: the LLM's opinion on the best sentences.

Each sentence is judged as the box does it: as the first question of a conversation, by the scoring
service of the LLM's engine, after all its keys. The time is that of one call.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llm import LlmOptions
from appliance.messages import Score
from appliance.personas.persona import system_prompt
from bench.default_llm import default_llm
from ui.input.rerank import order_by

Candidates = Sequence[tuple[str, int]]
"""Sentences with the input method's costs, the best first; one at least."""


class Judge(Protocol):
    """Natural logarithms of how likely each sentence is."""

    def scores(self, sentences: tuple[str, ...]) -> tuple[float, ...]: ...


class LlmJudge:
    """The default LLM, or a GGUF file.

    Raises:
        LlmError, ModelError: it cannot be loaded, or is not installed.
    """

    def __init__(self, model: Path | None = None) -> None:
        self._llm = LlamaEngine(LlmOptions(str(model or default_llm())))
        self._system = system_prompt("zh")
        self.scores(("好",))  # the system prompt is evaluated before time is taken

    def scores(self, sentences: tuple[str, ...]) -> tuple[float, ...]:
        return self._llm.score(Score(0, self._system, (), sentences))

    def close(self) -> None:
        self._llm.close()


def second_opinions(judge: Judge, found: Sequence[Candidates]) -> tuple[list[str], list[float]]:
    """What is shown after the second pass, and the milliseconds of each call."""
    shown: list[str] = []
    milliseconds: list[float] = []
    for candidates in found:
        texts = tuple(text for text, _ in candidates)
        best = 0
        if len(texts) > 1:
            begin = time.perf_counter()
            scores = judge.scores(texts)
            milliseconds.append(1e3 * (time.perf_counter() - begin))
            best = order_by([cost for _, cost in candidates], scores)[0]
        shown.append(texts[best])
    return shown, milliseconds
