"""How long after "send" the first token comes: cold, with a warm prefix, prefilled while typing."""

from __future__ import annotations

import statistics
import time
from functools import partial

from appliance.engines.llama.context import Context
from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llama.sampler import Sampler
from appliance.messages import Prefill
from bench.dialogue.scene import GREEDY, QUESTION, SYSTEM, first_token, never
from bench.typist import Typed, type_question

ACCEPT_TO_SEND = 0.3
HURRIED_SEND = 0.2


def cold_first_token(engine: LlamaEngine, question: str) -> float:
    """The same prompt in one batch of the fastest size, nothing in the cache."""
    prompt = engine._prompt(SYSTEM, (), question, False).tokens
    threads = engine._threads
    context = Context(engine._model, 1024, 512, threads, threads, engine._control.flag)
    sampler = Sampler(engine._model, GREEDY)
    began = time.perf_counter()
    context.decode(prompt, 0)
    sampler.sample(context)
    spent = time.perf_counter() - began
    sampler.close()
    context.close()
    return spent * 1000


def predicted(engine: LlamaEngine, typed: Typed, turn: int) -> float:
    """Time to first token when the engine was told ahead what is certain, in the typist's time.

    Waiting is skipped; where the engine is still busy with what came before, it is late as it
    would be for the typist.
    """
    engine._timeline.clear()
    engine.prefill(Prefill(SYSTEM, (), "", closed=False), never)
    busy_until = 0.0
    ends = [told.at for told in typed.told[1:]] + [typed.sent]
    for told, end in zip(typed.told, ends, strict=True):
        start = max(told.at, busy_until)
        if start >= end:
            continue
        began = time.perf_counter()
        until = began + end - start
        message = Prefill(SYSTEM, (), told.certain, told.closed)
        engine.prefill(message, partial(_past, until))
        busy_until = start + time.perf_counter() - began
    sent = time.perf_counter() - max(0.0, busy_until - typed.sent)
    return first_token(engine, sent, turn, typed.text)


def _past(moment: float) -> bool:
    return time.perf_counter() >= moment


def warm(engine: LlamaEngine, turn: int, question: str) -> float:
    """Only the system prompt is in the cache."""
    engine._timeline.clear()
    engine.prefill(Prefill(SYSTEM, (), "", closed=False), never)
    return first_token(engine, time.perf_counter(), turn, question)


def first_tokens(engine: LlamaEngine, rounds: int) -> dict[str, object]:
    found: dict[str, list[float]] = {
        "cold": [],
        "warm": [],
        "predictive": [],
        "predictive_hurried": [],
    }
    calm = type_question(QUESTION, ACCEPT_TO_SEND, accept=True)
    hurried = type_question(QUESTION, HURRIED_SEND, accept=False)
    for turn in range(rounds):
        found["cold"].append(cold_first_token(engine, calm.text))
        found["warm"].append(warm(engine, turn, calm.text))
        found["predictive"].append(predicted(engine, calm, turn))
        found["predictive_hurried"].append(predicted(engine, hurried, turn))
    medians = {name: statistics.median(values) for name, values in found.items()}
    pairs = zip(found["predictive"], found["cold"], strict=True)
    return {
        "ttft_ms": medians,
        "ttft_predictive_of_cold": statistics.median(one / other for one, other in pairs),
    }
