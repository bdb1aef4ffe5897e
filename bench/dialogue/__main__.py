"""The mind under load: speed against the limits, first tokens, cancelling, memory, tuning.

    python -m bench.dialogue [MODEL.gguf] [--json] [--only PART]... [--rounds N]

Ratios come from short pieces of both sides in turn, within one process and one cache, so that
whatever else the machine does meets both alike.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llm import LlmError, LlmOptions
from appliance.health import machine
from appliance.models.errors import ModelError
from appliance.supervision.llm_tuning import tune
from appliance.supervision.tuned import Tuning
from appliance.supervision.tuning_table import format_table
from bench.default_llm import add_model_argument, default_llm
from bench.dialogue.agreement import agreement
from bench.dialogue.cancel import cancels
from bench.dialogue.decode import decode_ratio
from bench.dialogue.first_token import first_tokens
from bench.dialogue.limits import bandwidth, memory_of
from bench.dialogue.start import starts
from bench.dialogue.turns import turns_of

WITH_ENGINE = ("decode", "memory", "bandwidth", "cancel", "ttft", "turns", "agreement")
ALONE = ("start", "tuning")  # these load models of their own
PARTS = (*WITH_ENGINE, *ALONE)

Result = dict[str, object]


def run(model_path: Path, parts: Sequence[str], rounds: int, turns: int) -> Result:
    options = LlmOptions(str(model_path))
    result: Result = {}
    if set(parts) & set(WITH_ENGINE):
        result |= measure_loaded(options, parts, rounds, turns)
    if "start" in parts:
        result |= starts(options, max(2, rounds // 4))
    if "tuning" in parts:
        result["tuning"] = tuning_of(options)
    return result


def measure_loaded(options: LlmOptions, parts: Sequence[str], rounds: int, turns: int) -> Result:
    """The parts that share one loaded model."""
    began = time.perf_counter()
    engine = LlamaEngine(options)
    result: Result = {"load_seconds": time.perf_counter() - began}
    measures: dict[str, Callable[[], Result]] = {
        "decode": lambda: decode_ratio(engine, rounds),
        "memory": lambda: memory_of(options),
        "bandwidth": lambda: bandwidth(engine, options, rounds),
        "cancel": lambda: {"cancel_ms_max": cancels(engine, rounds)},
        "ttft": lambda: first_tokens(engine, max(3, rounds // 3)),
        "turns": lambda: turns_of(engine, turns),
        "agreement": lambda: agreement(engine),
    }
    for part in parts:
        if part in measures:
            print(f"measuring {part}", file=sys.stderr)
            result |= measures[part]()
    engine.close()
    return result


def tuning_of(options: LlmOptions) -> Tuning:
    """The tables of tuning and of guessing ahead; nothing is kept."""
    threads = msgspec.structs.replace(options, threads=machine.big_cores())
    memory = machine.memory()
    budget = memory.available if memory is not None else 1 << 62
    return tune(threads, "bench", budget, quick=False)


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
        print(json.dumps(msgspec.to_builtins(result)))
        return 0
    for name, value in result.items():
        if isinstance(value, Tuning):
            print(f"{name}:\n{format_table(value)}")
        else:
            print(f"{name:<32}{value:.3f}" if isinstance(value, float) else f"{name:<32}{value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
