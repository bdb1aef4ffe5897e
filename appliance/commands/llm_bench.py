"""Prefill and decode speed of a model on this machine, as engineers quote them.

Prefill is measured in the blocks that the box really uses, decode with the sampler's cheapest
chain. Speeds are medians; the machine's state is recorded beside them, because a power-saving
governor halves them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from appliance.engines.llm import LlmError, LlmOptions
from appliance.health import machine
from appliance.messages import Sampling

if TYPE_CHECKING:
    from appliance.engines.llama.context import Context
    from appliance.engines.llama.model import Model

PROMPTS = (16, 64, 256, 1024)
DECODE_TOKENS = 32
_TEXT = "床前明月光，疑是地上霜。举头望明月，低头思故乡。The quick brown fox jumps over it. "
_MEGABYTE = 1 << 20


class LlmBench(Struct, frozen=True):
    """Result of one run. Speeds in tokens per second; memory in MB (2^20 bytes).

    `prefill` by prompt length. `decode` with a nearly empty context, `decode_full` with one that
    is full but for the tokens decoded. `predicted_mb` is the estimate made before loading.
    """

    model: str
    description: str
    threads: int
    batch_threads: int
    block: int
    context: int
    load_seconds: float
    prefill: dict[int, float]
    decode: float
    decode_full: float
    file_backed_mb: int
    anonymous_mb: int
    predicted_mb: int
    board: str
    frequencies: dict[str, float]
    celsius: float | None
    build: str


def measure(
    wanted: LlmOptions,
    prompts: Sequence[int] = PROMPTS,
    repeats: int = 3,
    report: Callable[[str], None] = lambda line: None,
) -> LlmBench:
    """Load the model as its worker would and measure it; `report` gets a line before every step.

    Raises:
        LlmError: llama.cpp is not installed, or the model cannot be loaded.
    """
    try:
        from appliance.engines.llama import backend
        from appliance.engines.llama.preflight import checked_header, fitted, need_of
    except (ImportError, OSError, RuntimeError) as error:
        raise LlmError("engine-missing", f"llama-cpp-python: {error}") from error

    header = checked_header(wanted)
    options, short = fitted(wanted, header)
    if short:
        report(short)
    report(f"loading {Path(options.model).name}")
    began = time.monotonic()
    model, cache = _load(options)
    loaded = time.monotonic() - began
    try:
        runs = _Runs(model, cache, report, repeats)
        most = options.context - DECODE_TOKENS
        prefill = {length: runs.prefill(length) for length in prompts if length <= most}
        decode = runs.decode(min(prompts))
        decode_full = runs.decode(most)
        used = machine.resident()
        return LlmBench(
            header.text("general.name") or Path(options.model).stem,
            model.description,
            options.threads,
            options.batch_threads or options.threads,
            options.block,
            options.context,
            loaded,
            prefill,
            decode,
            decode_full,
            used.file_backed // _MEGABYTE,
            used.anonymous // _MEGABYTE,
            need_of(options, header).total // _MEGABYTE,
            machine.board(),
            {one.name: one.current / 1e6 for one in machine.frequencies()},
            next((zone.celsius for zone in machine.temperatures()), None),
            backend.build(),
        )
    finally:
        cache.close()
        model.close()


def _load(options: LlmOptions) -> tuple[Model, Context]:
    from appliance.engines.llama.abort import AbortFlag
    from appliance.engines.llama.backend import NativeError
    from appliance.engines.llama.context import Context
    from appliance.engines.llama.model import Model

    try:
        model = Model(
            Path(options.model), None, options.repack, options.lock_memory, options.memory_map
        )
        context = Context(
            model,
            options.context,
            options.block,
            options.threads,
            options.batch_threads or options.threads,
            AbortFlag(),
            options.kv_type_k,
            options.kv_type_v,
            1,
            options.flash_attention,
        )
    except NativeError as error:
        raise LlmError("model-corrupt", str(error)) from error
    return model, context


class _Runs:
    """Timed runs over one context; each measurement is the median of several."""

    def __init__(
        self,
        model: Model,
        cache: Context,
        report: Callable[[str], None],
        repeats: int,
    ) -> None:
        self._model = model
        self._cache = cache
        self._report = report
        self._repeats = max(1, repeats)
        text = model.tokenize(_TEXT, control=False)
        self._tokens = text * (cache.size // len(text) + 1)
        # The first batches touch pages that were never read; nobody waits for them again.
        self._evaluate(cache.batch_size)

    def _evaluate(self, length: int) -> float:
        cache = self._cache
        cache.remove(0, 0)
        began = time.perf_counter()
        for position in range(0, length, cache.batch_size):
            end = min(position + cache.batch_size, length)
            cache.decode(self._tokens[position:end], position)
        return time.perf_counter() - began

    def prefill(self, length: int) -> float:
        """Tokens per second of a prompt of so many tokens."""
        self._report(f"prefill of {length} tokens")
        return length / statistics.median(self._evaluate(length) for _ in range(self._repeats))

    def decode(self, depth: int) -> float:
        """Tokens per second after a prompt of `depth` tokens."""
        from appliance.engines.llama.sampler import Sampler

        self._report(f"decode after {depth} tokens")
        sampler = Sampler(self._model, Sampling(temperature=0.0, repeat_penalty=1.0))
        self._evaluate(depth)
        times = []
        position = depth
        for _ in range(DECODE_TOKENS):
            began = time.perf_counter()
            self._cache.decode_one(sampler.sample(self._cache), position)
            times.append(time.perf_counter() - began)
            position += 1
        sampler.close()
        return 1 / statistics.median(times)


def format_table(bench: LlmBench) -> str:
    """The result for people."""
    lines = [
        f"{bench.model} ({bench.description})",
        f"{bench.board or 'unknown machine'}, {bench.threads} threads ({bench.batch_threads} in "
        f"prefill), blocks of {bench.block}, context {bench.context}",
        "",
        f"{'load':<24}{bench.load_seconds:>10.1f} s",
    ]
    for length, speed in bench.prefill.items():
        lines.append(f"{f'prefill, {length} tokens in':<24}{speed:>10.1f} tok/s")
    lines.append(f"{'decode, context empty':<24}{bench.decode:>10.1f} tok/s")
    lines.append(f"{'decode, context full':<24}{bench.decode_full:>10.1f} tok/s")
    total = bench.file_backed_mb + bench.anonymous_mb
    lines += [
        f"{'memory, file-backed':<24}{bench.file_backed_mb:>10} MB",
        f"{'memory, anonymous':<24}{bench.anonymous_mb:>10} MB",
        f"{'memory, predicted':<24}{bench.predicted_mb:>10} MB ({total} MB in use)",
    ]
    for name, megahertz in bench.frequencies.items():
        lines.append(f"{name:<24}{megahertz:>10.0f} MHz")
    if bench.celsius is not None:
        lines.append(f"{'temperature':<24}{bench.celsius:>10.0f} °C")
    return "\n".join(lines)
