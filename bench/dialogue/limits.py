"""Memory against its prediction, and decode speed against what the memory can deliver."""

from __future__ import annotations

import ctypes
import statistics
import threading
import time
from pathlib import Path

from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llama.preflight import need_of
from appliance.engines.llm import LlmOptions
from appliance.health import machine
from appliance.messages import Ask, Message, Token
from appliance.models.footprint import decode_bytes
from appliance.models.gguf import read_header
from bench.dialogue.scene import GREEDY, STORY, SYSTEM

BUFFER_BYTES = 256 << 20
DECODED = 32


def memory_of(options: LlmOptions) -> dict[str, object]:
    """What this process has resident now, against the budget's prediction."""
    used = machine.resident()
    need = need_of(options, read_header(Path(options.model)))
    return {
        "rss_mb": {"file_backed": used.file_backed >> 20, "anonymous": used.anonymous >> 20},
        "rss_prediction_error": need.total / used.total - 1,
    }


def bandwidth(engine: LlamaEngine, options: LlmOptions, rounds: int) -> dict[str, object]:
    """Bytes that a token touches times tokens per second, over what the same cores can read.

    Both are taken in turn; of the reading the fastest pass counts, of the decoding the median.
    """
    header = read_header(Path(options.model))
    reader = _Reader(engine._threads)
    reads, tokens, depth = [], [], 0
    for turn in range(rounds):
        reads.append(reader.bytes_per_second())
        times, depth = _token_times(engine, turn)
        tokens += times
    touched = decode_bytes(header, depth, options.kv_type_k, options.kv_type_v)
    speed = 1 / statistics.median(tokens)
    return {
        "memory_read_gb_s": max(reads) / 1e9,
        "decode_gb_s": touched * speed / 1e9,
        "bytes_per_token": touched,
        "bandwidth_ratio": touched * speed / max(reads),
    }


def _token_times(engine: LlamaEngine, turn: int) -> tuple[list[float], int]:
    """Seconds per decoded token, and the context's depth in the middle of them."""
    moments: list[float] = []

    def take(message: Message) -> None:
        if isinstance(message, Token):
            moments.append(time.perf_counter())

    engine.begin(turn)
    answered = engine.answer(Ask(turn, SYSTEM, (), STORY, DECODED, False, GREEDY), take)
    spent = answered.decode_seconds / max(1, answered.tokens_out - 1)
    return [spent], answered.tokens_in + answered.tokens_out // 2


class _Reader:
    """Reads memory as fast as it can: the C library's memchr, one thread a core."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._buffers = [(ctypes.c_char * BUFFER_BYTES)() for _ in range(threads)]
        for buffer in self._buffers:
            ctypes.memset(buffer, 1, BUFFER_BYTES)  # pages of its own, without a 2 in them
        self._find = ctypes.CDLL(None).memchr
        self._find.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t)
        self._find.restype = ctypes.c_void_p

    def bytes_per_second(self) -> float:
        runners = [
            threading.Thread(target=self._find, args=(ctypes.addressof(buffer), 2, BUFFER_BYTES))
            for buffer in self._buffers
        ]
        began = time.perf_counter()
        for runner in runners:
            runner.start()
        for runner in runners:
            runner.join()
        return self._threads * BUFFER_BYTES / (time.perf_counter() - began)
