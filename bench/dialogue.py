"""The mind under load: decode against the bare loop, time to first token, cancelling, memory.

    python -m bench.dialogue [MODEL.gguf] [--json] [--only PART] [--rounds N]

Ratios come from short pieces of both sides in turn, within one process and one cache, so that
whatever else the machine does meets both alike.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import llama_cpp.llama_cpp as native

from appliance import machine
from appliance.engines.llama.context import Context
from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llama.sampler import Sampler
from appliance.engines.llm import LlmError, LlmOptions
from appliance.messages import Ask, Exchange, Message, Prefill, Sampling, Token
from appliance.models import footprint
from appliance.models.errors import ModelError
from appliance.models.gguf import read_header
from appliance.persona import system_prompt
from appliance.workers.channel import Channel
from bench.default_llm import add_model_argument, default_llm
from bench.typist import Typed, type_question

SYSTEM = system_prompt("zh")
QUESTION = "请你告诉我从北京坐火车到上海大概要多长时间路上会经过哪些比较大的城市和省份呢"
STORY = "写一篇很长的文章介绍长城。"
GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)
FULL = Sampling(seed=1)
PARTS = ("decode", "memory", "cancel", "ttft", "turns")
PIECE = 24
ACCEPT_TO_SEND = 0.3
HURRIED_SEND = 0.2
_READER = (
    "import socket, sys\n"
    "from appliance.workers.channel import Channel\n"
    "channel = Channel(socket.socket(fileno=int(sys.argv[1])))\n"
    "while channel.receive() is not None: pass\n"
)


def never() -> bool:
    return False


def ignore(message: Message) -> None:
    return None


class Listener:
    """A process that takes every message off a socket and decodes it, as main does."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _READER, str(theirs.fileno())], pass_fds=[theirs.fileno()]
            )
        self._channel = Channel(ours)
        self.send = self._channel.send

    def close(self) -> None:
        self._channel.close()
        self._process.wait()


def decode_ratio(engine: LlamaEngine, rounds: int) -> dict[str, object]:
    """Streamed decode speed over that of `llama_decode` plus the same sampler chain.

    Medians of the times of single tokens: a burst of somebody else's work spoils few of them.
    """
    prompt = engine._prompt(SYSTEM, (), STORY, False).tokens
    streamed: list[float] = []
    bare: list[float] = []
    listener = Listener()
    try:
        for round_ in range(rounds):
            streamed += streamed_loop(engine, round_, listener.send)
            bare += bare_loop(engine, prompt)
    finally:
        listener.close()
    fast, slow = statistics.median(bare), statistics.median(streamed)
    return {
        "decode_ratio": fast / slow,
        "streamed_tok_s": 1 / slow,
        "bare_tok_s": 1 / fast,
        "tokens": len(bare),
    }


def streamed_loop(engine: LlamaEngine, turn: int, send: Callable[[Message], None]) -> list[float]:
    """Seconds per token as they leave for main."""
    left: list[tuple[float, int]] = []

    def take(message: Message) -> None:
        send(message)
        if isinstance(message, Token):
            left.append((time.perf_counter(), message.count))

    engine.begin(turn)
    engine.answer(Ask(turn, SYSTEM, (), STORY, PIECE, False, FULL), take)
    return [
        (later - earlier) / (count - before)
        for (earlier, before), (later, count) in itertools.pairwise(left)
        if count > before
    ]


def bare_loop(engine: LlamaEngine, prompt: list[int]) -> list[float]:
    """Seconds per token of the plainest loop there is, with no abort callback."""
    context, model = engine._context, engine._model
    engine._timeline.evaluate(prompt)
    native.llama_set_abort_callback(context.handle, native.ggml_abort_callback(), None)
    sampler = Sampler(model, FULL)
    handle, chain = context.handle, sampler._chain
    batch, step = context._step.native, context._step.step
    times = []
    token = native.llama_sampler_sample(chain, handle, -1)
    for position in range(len(prompt), len(prompt) + PIECE - 1):
        began = time.perf_counter()
        step(token, position)
        native.llama_decode(handle, batch)
        token = native.llama_sampler_sample(chain, handle, -1)
        times.append(time.perf_counter() - began)
        if native.llama_vocab_is_eog(model.vocab, token):
            break
    sampler.close()
    flag = engine._control.flag
    native.llama_set_abort_callback(handle, flag.callback(native.ggml_abort_callback), flag.address)
    context.remove(0, len(prompt))
    engine._timeline.logits_lost()
    return times


def first_token(engine: LlamaEngine, sent: float, turn: int, question: str) -> float:
    """Milliseconds from `sent` to the first token of the answer."""
    came: list[float] = []

    def take(message: Message) -> None:
        if isinstance(message, Token) and not came:
            came.append(time.perf_counter())

    engine.begin(turn)
    engine.answer(Ask(turn, SYSTEM, (), question, 1, False, GREEDY), take)
    return (came[0] - sent) * 1000 if came else float("nan")


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


def prefill_by_turn(engine: LlamaEngine, turns: int) -> tuple[list[int], list[int]]:
    """Tokens that each turn evaluates before it answers, and the length of its prompt."""
    engine._timeline.clear()
    history: tuple[Exchange, ...] = ()
    new, whole = [], []
    for turn in range(turns):
        question = f"{turn + 3}月的花有哪些？"
        texts: list[str] = []

        def take(message: Message, texts: list[str] = texts) -> None:
            if isinstance(message, Token):
                texts.append(message.text)

        engine.begin(turn)
        answered = engine.answer(Ask(turn, SYSTEM, history, question, 16, False, GREEDY), take)
        new.append(answered.tokens_in - answered.tokens_reused)
        whole.append(answered.tokens_in)
        history += (Exchange(question, "".join(texts), answered.ids),)
        engine.tidy(never)
    return new, whole


def turns_of(engine: LlamaEngine, turns: int) -> dict[str, object]:
    new, whole = prefill_by_turn(engine, turns)
    return {"prefill_tokens_by_turn": new, "naive_prefill_tokens_by_turn": whole}


def memory_of(options: LlmOptions) -> dict[str, object]:
    used = machine.resident()
    need = footprint.estimate(read_header(Path(options.model)), options.context, options.block)
    return {
        "rss_mb": {"file_backed": used.file_backed >> 20, "anonymous": used.anonymous >> 20},
        "rss_prediction_error": need.total / (used.file_backed + used.anonymous) - 1,
    }


def run(model_path: Path, parts: Sequence[str], rounds: int, turns: int) -> dict[str, object]:
    options = LlmOptions(str(model_path))
    began = time.perf_counter()
    engine = LlamaEngine(options)
    result: dict[str, object] = {"load_seconds": time.perf_counter() - began}
    measures: dict[str, Callable[[], dict[str, object]]] = {
        "decode": lambda: decode_ratio(engine, rounds),
        "memory": lambda: memory_of(options),
        "cancel": lambda: {"cancel_ms_max": cancels(engine, rounds)},
        "ttft": lambda: first_tokens(engine, max(3, rounds // 3)),
        "turns": lambda: turns_of(engine, turns),
    }
    for part in parts:
        print(f"measuring {part}", file=sys.stderr)
        result |= measures[part]()
    engine.close()
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    add_model_argument(parser)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=PARTS, action="append", help="one part; may repeat")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--turns", type=int, default=20)
    args = parser.parse_args()
    try:
        result = run(args.model or default_llm(), args.only or PARTS, args.rounds, args.turns)
    except (LlmError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(result))
        return 0
    for name, value in result.items():
        print(f"{name:<32}{value:.3f}" if isinstance(value, float) else f"{name:<32}{value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
