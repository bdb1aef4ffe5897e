"""Decode speed as it reaches main, against the plainest loop there is."""

from __future__ import annotations

import itertools
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import llama_cpp.llama_cpp as native

from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llama.sampler import Sampler
from appliance.messages import Ask, Message, Token
from appliance.workers.channel import Channel
from bench.dialogue.scene import FULL, STORY, SYSTEM

PIECE = 24
_READER = (
    "import socket, sys\n"
    "from appliance.workers.channel import Channel\n"
    "channel = Channel(socket.socket(fileno=int(sys.argv[1])))\n"
    "while channel.receive() is not None: pass\n"
)


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
