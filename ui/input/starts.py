"""Where the rows of a table start: numbers that only grow, in two levels to save half their bytes.

Every `BLOCK`th start as uint32, then each start as uint16, counted from its block's first.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

BLOCK_BITS: Final = 5
BLOCK: Final = 1 << BLOCK_BITS


def pack_starts(starts: Sequence[int]) -> bytes:
    """ValueError when a block of rows is longer than 65535."""
    bases = [starts[at] for at in range(0, len(starts), BLOCK)]
    beyond = [start - bases[at >> BLOCK_BITS] for at, start in enumerate(starts)]
    if max(beyond, default=0) >= 1 << 16:
        raise ValueError("the rows of one block are too long for 16 bits")
    return struct.pack(f"<{len(bases)}I{len(beyond)}H", *bases, *beyond)


class Starts:
    """The starts packed in `data`. ValueError when its length cannot be that of any."""

    __slots__ = ("base", "beyond")

    def __init__(self, data: memoryview) -> None:
        blocks = -(-len(data) // (4 + 2 * BLOCK))
        if len(data) % 2 or len(data) < 4 * blocks:
            raise ValueError("broken length")
        self.base = data[: 4 * blocks].cast("I")
        self.beyond = data[4 * blocks :].cast("H")

    def __len__(self) -> int:
        return len(self.beyond)

    def __getitem__(self, row: int) -> int:
        return self.base[row >> BLOCK_BITS] + self.beyond[row]
