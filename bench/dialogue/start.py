"""From start to first answer, with the saved states of an earlier run and without."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable

import msgspec

from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llm import LlmOptions
from appliance.messages import Exchange
from bench.dialogue.scene import answer, first_token, never

TURNS = 8
_NEXT = "那其中哪一个最好？"


def starts(options: LlmOptions, rounds: int) -> dict[str, object]:
    """Milliseconds to the first token: of a new conversation, and of one that goes on.

    `load` is what both sides spend before it. The page cache holds the model on both sides.
    """
    with tempfile.TemporaryDirectory() as states:
        kept = msgspec.structs.replace(options, state_directory=states)
        engine = LlamaEngine(kept)
        history = _talk(engine)
        engine.close()
        found: dict[str, list[float]] = {}
        for _ in range(rounds):
            for name, one in (("saved", kept), ("fresh", options)):
                began = time.perf_counter()
                engine = LlamaEngine(one)
                found.setdefault("load", []).append((time.perf_counter() - began) * 1000)
                for kind, said in (("continued", history), ("new", ())):
                    engine._timeline.clear()
                    spent = first_token(engine, time.perf_counter(), 1, _NEXT, said)
                    found.setdefault(f"{kind}_{name}", []).append(spent)
                engine.close()
    return {"start_ms": {name: statistics.median(times) for name, times in found.items()}}


def _talk(engine: LlamaEngine) -> tuple[Exchange, ...]:
    history: tuple[Exchange, ...] = ()
    for turn in range(TURNS):
        question = f"请介绍第{turn + 1}个中国的名胜古迹。"
        kept: list[bytes] = []
        take: Callable[[bytes], None] = kept.append
        text = answer(engine, question, turn, history, 40, take)
        history += (Exchange(question, text, kept[0]),)
        engine.tidy(never)
    return history
