"""How long a stop takes, in prefill and in decode."""

from __future__ import annotations

import random
import threading
import time

from appliance.engines.llama.engine import LlamaEngine
from appliance.messages import Ask
from bench.dialogue.scene import FULL, STORY, SYSTEM, ignore


def cancels(engine: LlamaEngine, rounds: int) -> dict[str, float]:
    """Longest milliseconds from the stop to the engine's return, by phase."""
    chance = random.Random(1)
    return {
        "prefill": max(
            cancel(engine, turn, "明月" * 300, chance.uniform(0.05, 1.0)) for turn in range(rounds)
        ),
        "decode": max(cancel(engine, turn, "", chance.uniform(0.5, 1.2)) for turn in range(rounds)),
    }


def cancel(engine: LlamaEngine, turn: int, question: str, after: float) -> float:
    if question:
        engine._timeline.clear()
    stopped: list[float] = []

    def stop() -> None:
        stopped.append(time.perf_counter())
        engine.stop(turn)

    engine.begin(turn)
    timer = threading.Timer(after, stop)
    timer.start()
    engine.answer(Ask(turn, SYSTEM, (), question or STORY, 2000, False, FULL), ignore)
    ended = time.perf_counter()
    timer.cancel()
    timer.join()
    return (ended - stopped[0]) * 1000 if stopped else 0.0
