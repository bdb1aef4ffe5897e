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

from appliance import machine
from appliance.engines.llm import LlmError, LlmOptions
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

    `prefill` by prompt length. `decode` with a nearly empty context, `decode_full` with the
    longest of the prompts before it (0: none fitted). `predicted_mb` is the estimate made before
    loading.
    """

    model: str
    description: str
    threads: int
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
    model_path: Path,
    threads: int = 0,
    block: int = 32,
    context: int = 2048,
    prompts: Sequence[int] = PROMPTS,
    repeats: int = 3,
    report: Callable[[str], None] = lambda line: None,
) -> LlmBench:
    """Load the model and measure it; `report` gets a line before every step.

    Raises:
        LlmError: llama.cpp is not installed, or the model cannot be loaded.
    """
    try:
        from appliance.engines.llama import backend
        from appliance.engines.llama.abort import AbortFlag
        from appliance.engines.llama.context import Context
        from appliance.engines.llama.model import Model
        from appliance.engines.llama.preflight import checked_header, fitted, need_of
    except (ImportError, OSError, RuntimeError) as error:
        raise LlmError("engine-missing", f"llama-cpp-python: {error}") from error

    threads = threads or machine.big_cores()
    wanted = LlmOptions(str(model_path), context=context, block=block)
    header = checked_header(wanted)
    options, short = fitted(wanted, header)
    if short:
        report(short)
    context, need = options.context, need_of(options, header)
    report(f"loading {model_path.name}")
    began = time.monotonic()
    try:
        model = Model(model_path, repack=options.repack)
        cache = Context(model, context, block, threads, threads, AbortFlag())
    except backend.NativeError as error:
        raise LlmError("model-corrupt", str(error)) from error
    loaded = time.monotonic() - began
    try:
        runs = _Runs(model, cache, report, repeats)
        fitting = [length for length in prompts if length + DECODE_TOKENS <= context]
        prefill = {length: runs.prefill(length) for length in fitting}
        decode = runs.decode(fitting[0] if fitting else 1)
        decode_full = runs.decode(fitting[-1]) if fitting else 0.0
        used = machine.resident()
        return LlmBench(
            header.text("general.name") or model_path.stem,
            model.description,
            threads,
            block,
            context,
            loaded,
            prefill,
            decode,
            decode_full,
            used.file_backed // _MEGABYTE,
            used.anonymous // _MEGABYTE,
            need.total // _MEGABYTE,
            machine.board(),
            {one.name: one.current / 1e6 for one in machine.frequencies()},
            next((zone.celsius for zone in machine.temperatures()), None),
            backend.build(),
        )
    finally:
        cache.close()
        model.close()


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
        self._tokens = model.tokenize(_TEXT * 80, control=False)
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
        f"{bench.board or 'unknown machine'}, {bench.threads} threads, blocks of {bench.block}",
        "",
        f"{'load':<24}{bench.load_seconds:>10.1f} s",
    ]
    for length, speed in bench.prefill.items():
        lines.append(f"{f'prefill, {length} tokens in':<24}{speed:>10.1f} tok/s")
    lines.append(f"{'decode, context empty':<24}{bench.decode:>10.1f} tok/s")
    if bench.prefill:
        depth = f"decode after {max(bench.prefill)}"
        lines.append(f"{depth:<24}{bench.decode_full:>10.1f} tok/s")
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
