"""The memory budget: which engines fit into this box, together or one at a time.

Needs are the catalogue's, measured or computed from the model's own header when it was imported;
room is what the machine and its cgroup leave. The LLM's worker counts once more, exactly, before it
loads: what would wake the OOM killer is refused.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from enum import Enum

from appliance.health import machine
from appliance.models.catalogue import LlmModel, Model
from appliance.models.errors import ModelError
from appliance.supervision.roster import Roster

_MEGA = 1_000_000
# For the kernel's own needs, the audio worker, and a little air.
SPARE_BYTES = 200 * _MEGA
# Of the weights, how much llama.cpp repacks where it may: 0.55 of a Q4_K_M, less of smaller models.
_SECOND_COPY = 0.4


class Fit(Enum):
    """How a model fits. The value is the key of its text."""

    TOGETHER = "model.fits"
    ALONE = "model.fits-alone"
    NOT = "model.too-big"


def need(models: Iterable[Model]) -> int:
    """Bytes that the engines of these models have resident at work."""
    return sum(model.memory.total_mb for model in models) * _MEGA


def speech(roster: Roster) -> list[Model]:
    """What runs beside the LLM: recogniser and voice, where they are installed."""
    found: list[Model] = []
    choices: tuple[Callable[[], Model], ...] = (roster.asr, roster.tts)
    for choose in choices:
        with contextlib.suppress(ModelError):
            found.append(choose())
    return found


def room(workers: Iterable[int] = ()) -> int:
    """Bytes the engines could have now; what `workers` (process ids) hold would come back."""
    found = machine.memory()
    if found is None:
        return 1 << 62
    held = sum(machine.resident(pid).anonymous for pid in workers)
    return max(0, found.available + held - SPARE_BYTES)


def lean_need(model: LlmModel) -> int:
    """Bytes of an LLM that does without the faster second copy of its weights."""
    return need([model]) - int(_SECOND_COPY * model.memory.file_mb) * _MEGA


def fit(model: LlmModel, companions: Iterable[Model], room: int) -> Fit:
    """Whether an LLM fits into `room` bytes beside its companions, or at least alone."""
    if need([model, *companions]) <= room:
        return Fit.TOGETHER
    return Fit.ALONE if lean_need(model) <= room else Fit.NOT


def one_at_a_time(llm: LlmModel, companions: Iterable[Model], room: int) -> bool:
    """Whether the engines cannot all stay in memory and have to be swapped for one another."""
    return fit(llm, companions, room) is not Fit.TOGETHER


def room_for_llm(roster: Roster) -> int:
    """Bytes for the LLM where all engines stay resident; all there are where only one does."""
    whole = room()
    beside = speech(roster)
    if one_at_a_time(roster.llm(), beside, whole):
        return whole
    return whole - need(beside)
