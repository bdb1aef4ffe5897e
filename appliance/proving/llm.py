"""llama.cpp on tiny models: every kind of weight, every call the box makes, against the plain path.

The plain path is the one with the least code: weights as they lie in the file, one thread. What is
compared are logits. Repacked weights, tiles and several threads add up the same products in
another order and round to 8 or 16 bits at other places: on x86-64 with AVX-512 that moves them by
under 2 % of their spread. Code that is wrong moves them by their whole spread.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import llama_cpp.llama_cpp as native
import numpy as np
from numpy.typing import NDArray

from appliance.engines.llama.abort import AbortFlag
from appliance.engines.llama.backend import NativeError, backend
from appliance.engines.llama.context import Context
from appliance.engines.llama.model import Model
from appliance.engines.llama.preflight import checked_header
from appliance.engines.llama.score import Scorer
from appliance.engines.llm import LlmError, LlmOptions
from appliance.errors import LoryError
from appliance.proving.tiny_model import Shape, tiny_model

Logits = NDArray[np.float32]
Say = Callable[[str], None]

# The weights of the catalogue's models and of those that people bring. A _M is a mixture.
KINDS = {
    "Q4_K_M": native.LLAMA_FTYPE_MOSTLY_Q4_K_M,
    "Q8_0": native.LLAMA_FTYPE_MOSTLY_Q8_0,
    "Q4_0": native.LLAMA_FTYPE_MOSTLY_Q4_0,
    "Q5_K_M": native.LLAMA_FTYPE_MOSTLY_Q5_K_M,
    "Q6_K": native.LLAMA_FTYPE_MOSTLY_Q6_K,
    "F16": native.LLAMA_FTYPE_MOSTLY_F16,
}
TOLERANCE = 0.08
"""Of the fast path against the plain one: root mean square of the differences over the spread."""
ROUGHLY = 0.5
"""Of the plain path against 32-bit weights: four-bit ones are a fifth off, nonsense is 1.4 off."""
SHORT, LONG = 24, 100  # tokens: below and above the 64 from which other code takes over
_SEQUENCES = 4


class ProofError(LoryError):
    """An engine computes, and what it computes is wrong."""


def prove_llm(options: LlmOptions, say: Say) -> str:
    """All kinds in turn, with the options' way. `say` is told each step before it is done.

    Raises:
        ProofError, NativeError: what is wrong. A crash ends the process.
    """
    original = tiny_model(Shape())
    kinds = _kinds(options)
    worst = 0.0
    with _file(original) as exact:
        say("F32: plain path")
        right = _run(exact, _plain(options), say)
        for name, kind in kinds.items():
            with _quantized(exact, kind) as path:
                say(f"{name}: plain path")
                plain = _run(path, _plain(options), say)
                _compare(f"{name}, plain path", plain, right, ROUGHLY)
                say(f"{name}: fast path")
                fast = _run(path, options, say)
                worst = max(worst, _compare(f"{name}, fast path", fast, plain, TOLERANCE))
                say(f"~ {name}")
    return f"{', '.join(kinds)}; {worst:.1%} of {TOLERANCE:.0%}"


def _kinds(options: LlmOptions) -> dict[str, int]:
    """Those of `KINDS`, that of the model in use first: there may be no time for all."""
    with contextlib.suppress(LlmError):
        own = checked_header(options).metadata.get("general.file_type")
        return dict(sorted(KINDS.items(), key=lambda kind: kind[1] != own))
    return KINDS


def _plain(options: LlmOptions) -> LlmOptions:
    return LlmOptions(
        options.model,
        threads=1,
        batch_threads=1,
        repack=False,
        flash_attention=False,
    )


def _run(path: Path, options: LlmOptions, say: Say) -> list[Logits]:
    """The logits after each of the calls that the box makes, in one order."""
    model = Model(path, repack=options.repack, memory_map=False)
    context = Context(
        model,
        4 * LONG,
        128,
        max(1, options.threads),
        max(1, options.batch_threads or options.threads),
        AbortFlag(),
        options.kv_type_k,
        options.kv_type_v,
        _SEQUENCES,
        options.flash_attention,
    )
    try:
        return list(_calls(context, model, say))
    finally:
        context.close()
        model.close()


def _calls(context: Context, model: Model, say: Say) -> Iterator[Logits]:
    tokens = np.random.default_rng(7).integers(0, 255, LONG + 3).tolist()
    say(f"prefill of {SHORT} tokens")
    context.decode(tokens[:SHORT], 0)
    yield _last(context, model)
    say(f"prefill of {LONG} tokens")
    context.remove(0, 0)
    context.decode(tokens[:LONG], 0)
    yield (long := _last(context, model))
    say("decode")
    for position in range(LONG, LONG + 3):
        context.decode_one(tokens[position], position)
    yield (decoded := _last(context, model))
    say("roll back")
    context.remove(0, LONG // 2)
    context.decode(tokens[LONG // 2 : LONG], LONG // 2)
    _compare("after rolling back", [_last(context, model)], [long], TOLERANCE)
    say("state out and in")
    state = context.state(0)
    context.remove(0, 0)
    if not context.set_state(state):
        raise ProofError("a state that was saved is not taken back")
    for position in range(LONG, LONG + 3):
        context.decode_one(tokens[position], position)
    _compare("after a saved state", [_last(context, model)], [decoded], TOLERANCE)
    say("score")
    context.remove(0, SHORT)
    scores = Scorer(context, _SEQUENCES).score(tokens[:SHORT], [tokens[30:33], tokens[40:44]])
    yield np.array(scores, np.float32)


def _last(context: Context, model: Model) -> Logits:
    return np.ctypeslib.as_array(context.logits(-1), (model.vocabulary_size,)).copy()


def _compare(what: str, found: Sequence[Logits], wanted: Sequence[Logits], most: float) -> float:
    """The greatest distance, as a share of the spread of what is wanted.

    Raises:
        ProofError: beyond `most`, or no numbers.
    """
    worst = 0.0
    for ours, right in zip(found, wanted, strict=True):
        # Scores are few and far from zero: log-probabilities of whole sentences.
        spread = max(float(np.std(right)), abs(float(np.mean(right))) / 4, 1e-6)
        distance = float(np.sqrt(np.mean((ours - right) ** 2))) / spread
        if not distance <= most:
            raise ProofError(f"{what}: logits are off by {distance:.0%}, {most:.0%} is allowed")
        worst = max(worst, distance)
    return worst


@contextmanager
def _file(content: bytes = b"") -> Iterator[Path]:
    """A file in memory: no folder need be writable, nothing is left behind."""
    descriptor = os.memfd_create("proof.gguf")
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(descriptor, view) :]
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


@contextmanager
def _quantized(source: Path, kind: int) -> Iterator[Path]:
    parameters = native.llama_model_quantize_default_params()
    parameters.ftype = kind
    parameters.nthread = 1
    log = backend()
    log.drain()
    with _file() as path:
        if native.llama_model_quantize(os.fsencode(source), os.fsencode(path), parameters):
            raise NativeError(f"weights cannot be quantized: {log.drain()}")
        yield path
