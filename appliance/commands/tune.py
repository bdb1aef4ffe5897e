"""`lory models tune`: measures, keeps, prints. The measuring itself is llm_tuning's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

from appliance.engines.llm import LlmError
from appliance.errors import CommandError
from appliance.models.errors import ModelError
from appliance.supervision import budget
from appliance.supervision.tuned import write_tuning
from appliance.world import World

_QUIET_LOAD = 0.7


def tune_model(config: Path | None, name: str, quick: bool, as_json: bool) -> int:
    """Tune the model in use, or the one that is named.

    Raises:
        CommandError: no such model, no engine, or it does not fit beside what runs now.
    """
    try:
        from appliance.supervision.llm_tuning import tune
        from appliance.supervision.tuning_table import format_table
    except (ImportError, OSError, RuntimeError) as error:
        raise CommandError(f"llama-cpp-python is not installed: {error}") from error

    with World.open(config) as world:
        if name:
            world.settings.change("models.llm", name)
        try:
            _warn_if_busy()
            options, key = world.plain_llm()
            room = budget.room_for_llm(world.roster)
            found = tune(options, key, room, quick, _say)
        except (LlmError, ModelError) as error:
            hint = " (does the box run? stop it first)" if _is_memory(error) else ""
            raise CommandError(f"{error}{hint}") from error
        try:
            path = write_tuning(world.state, found)
        except OSError as error:
            raise CommandError(f"not kept: {error}") from error
    print(msgspec.json.encode(found).decode() if as_json else format_table(found))
    _say(f"kept in {path}; used from the next start")
    return 0


def _warn_if_busy() -> None:
    load = os.getloadavg()[0]
    if load > _QUIET_LOAD:
        _say(f"the machine is busy (load {load:.1f}): better measure when it is not")


def _is_memory(error: Exception) -> bool:
    return isinstance(error, LlmError) and error.code == "out-of-memory"


def _say(line: str) -> None:
    print(line, file=sys.stderr)
