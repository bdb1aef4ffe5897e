"""`lory bench llm`: the language model of the box, or another one, measured on this machine."""

from __future__ import annotations

import argparse
import json
import sys

import msgspec

from appliance.commands.llm_bench import format_table, measure
from appliance.engines.llm import LlmError, LlmOptions
from appliance.errors import CommandError
from appliance.models.errors import ModelError
from appliance.world import World


def bench(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    try:
        with World.open(arguments.config) as world:
            if arguments.model:
                options = LlmOptions(str(arguments.model), threads=world.compute().cores)
            else:
                options = world.llm()
            if threads := arguments.threads:
                options = msgspec.structs.replace(options, threads=threads, batch_threads=threads)
            found = measure(options, report=lambda line: print(line, file=sys.stderr))
    except (LlmError, ModelError) as error:
        raise CommandError(str(error)) from error
    print(json.dumps(msgspec.to_builtins(found)) if arguments.json else format_table(found))
    return 0
