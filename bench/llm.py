"""Speed and memory of the language model alone.

python -m bench.llm [MODEL.gguf] [--json] [--repeats N] [--threads N] [--block N]
"""

from __future__ import annotations

import argparse
import sys

import msgspec

from appliance.commands.llm_bench import format_table, measure
from appliance.engines.llm import LlmError, LlmOptions
from appliance.health import machine
from appliance.models.errors import ModelError
from bench.default_llm import add_model_argument, default_llm


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    add_model_argument(parser)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--block", type=int, default=32)
    args = parser.parse_args()
    try:
        options = LlmOptions(
            str(args.model or default_llm()),
            threads=args.threads or machine.big_cores(),
            block=args.block,
        )
        bench = measure(
            options, repeats=args.repeats, report=lambda line: print(line, file=sys.stderr)
        )
    except (LlmError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    print(msgspec.json.encode(bench).decode() if args.json else format_table(bench))
    return 0


if __name__ == "__main__":
    sys.exit(main())
