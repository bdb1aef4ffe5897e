"""Probabilities as the integer costs that `t9.bin` holds, and rows of records."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from ui.input.building.model import Floats, Ints
from ui.input.model import UNIT
from ui.input.starts import pack_starts

COST_BITS = 14
MAX_COST = (1 << COST_BITS) - 1
LOG_ADD_STEPS = 4096


def cost(p: Floats) -> npt.NDArray[np.uint32]:
    return np.asarray(np.clip(np.rint(-UNIT * np.log10(p)), 0, MAX_COST), np.uint32)


def signed_cost(p: Floats) -> npt.NDArray[np.int32]:
    half = 1 << (COST_BITS - 1)
    return np.asarray(np.clip(np.rint(-UNIT * np.log10(p)), -half, half - 1), np.int32)


def row_starts(owner: Ints, size: int) -> bytes:
    """Row starts of records sorted by owner, with the end: `size` + 1 offsets."""
    return starts_of(np.bincount(owner, minlength=size).tolist())


def starts_of(sizes: Sequence[int]) -> bytes:
    """The starts of rows of these sizes, and the end of the last."""
    return pack_starts(list(accumulate(sizes, initial=0)))


def log_add_table() -> bytes:
    """How much less the cost of a sum is than its smaller cost, by the costs' difference."""
    step = np.arange(LOG_ADD_STEPS)
    return bytes(np.rint(UNIT * np.log10(1 + 10 ** (-step / UNIT))).astype("<u2").tobytes())
