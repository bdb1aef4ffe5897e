"""What one set of a model's settings is worth on this machine: a question and an answer, timed."""

from __future__ import annotations

import time
from collections.abc import Iterator

from appliance.engines.llama.abort import AbortFlag
from appliance.engines.llama.context import Context
from appliance.engines.llama.model import Model
from appliance.engines.llama.sampler import Sampler
from appliance.engines.llama.schedule import Timeline
from appliance.engines.llm import LlmOptions
from appliance.messages import Sampling

QUESTION_TOKENS = 40
ANSWER_TOKENS = 60
BLOCKS = (16, 32, 64, 128)
GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)
_PIECE = 8
_TEXT = "床前明月光，疑是地上霜。举头望明月，低头思故乡。The quick brown fox jumps over it. " * 40


class Trial:
    """A context over a model, some tokens deep, and what is measured in it."""

    def __init__(self, model: Model, options: LlmOptions, depth: int) -> None:
        self._options = options
        self._depth = depth
        self._tokens = model.tokenize(_TEXT, control=False)
        size = depth + 2 * max(BLOCKS) + QUESTION_TOKENS + _PIECE
        self.context = Context(
            model,
            size,
            max(BLOCKS),
            options.threads,
            options.batch_threads,
            AbortFlag(),
            options.kv_type_k,
            options.kv_type_v,
            1,
            options.flash_attention,
        )
        self._timeline = Timeline(self.context, options.block)
        self._sampler = Sampler(model, GREEDY)
        self._timeline.evaluate(self._tokens[:depth])
        self.note = ""
        self.questions: list[float] = []
        self.decodes: list[float] = []

    def measure(self) -> None:
        self.questions.append(self._question(len(self.questions)))
        self.decodes += self._decode()

    def _question(self, turn: int) -> float:
        """Seconds to evaluate a question after a prompt that ends anywhere in a block."""
        start = self._depth - 7 * (turn % 9)
        settled = start // self._options.block * self._options.block
        self._timeline.evaluate(self._tokens[: settled or start])
        began = time.perf_counter()
        self._timeline.evaluate(self._tokens[: start + QUESTION_TOKENS])
        return time.perf_counter() - began

    def _decode(self) -> Iterator[float]:
        for _ in range(_PIECE):
            began = time.perf_counter()
            self._timeline.append(self._sampler.sample(self.context))
            yield time.perf_counter() - began

    @property
    def question(self) -> float:
        return _quartile(self.questions)

    @property
    def decode(self) -> float:
        return _quartile(self.decodes)

    @property
    def cost(self) -> float:
        """Seconds of the turn that counts."""
        return self.question + ANSWER_TOKENS * self.decode

    def close(self) -> None:
        self._sampler.close()
        self.context.close()


def _quartile(times: list[float]) -> float:
    """What a time is while nobody else computes, as well as that can be known."""
    return sorted(times)[len(times) // 4]
