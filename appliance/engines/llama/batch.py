"""What one call of llama.cpp evaluates: C arrays that are made once and filled anew."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import llama_cpp.llama_cpp as native


class Batch:
    """Room for `size` tokens, filled anew for every call."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._tokens = (native.llama_token * size)()
        self._positions = (native.llama_pos * size)()
        self._counts = (ctypes.c_int32 * size)(*([1] * size))
        self._sequences = (native.llama_seq_id * size)()
        pointer = ctypes.POINTER(native.llama_seq_id)
        width = ctypes.sizeof(native.llama_seq_id)
        base = ctypes.addressof(self._sequences)
        self._pointers = (pointer * size)(
            *(ctypes.cast(base + index * width, pointer) for index in range(size))
        )
        self._outputs = (ctypes.c_int8 * size)()
        self.native = native.llama_batch(
            0,
            ctypes.cast(self._tokens, ctypes.POINTER(native.llama_token)),
            None,
            ctypes.cast(self._positions, ctypes.POINTER(native.llama_pos)),
            ctypes.cast(self._counts, ctypes.POINTER(ctypes.c_int32)),
            ctypes.cast(self._pointers, ctypes.POINTER(pointer)),
            ctypes.cast(self._outputs, ctypes.POINTER(ctypes.c_int8)),
        )

    def fill(self, tokens: Sequence[int], position: int) -> None:
        """A run of sequence 0 from `position`; only the last token's logits are wanted."""
        count = len(tokens)
        self._tokens[:count] = list(tokens)
        self._positions[:count] = list(range(position, position + count))
        self._sequences[:count] = [0] * count
        self._outputs[:count] = [*([0] * (count - 1)), 1]
        self.native.n_tokens = count

    def fill_rows(self, rows: Sequence[tuple[int, int, int]]) -> None:
        """Rows of (token, position, sequence), every row's logits wanted."""
        count = len(rows)
        self._tokens[:count] = [row[0] for row in rows]
        self._positions[:count] = [row[1] for row in rows]
        self._sequences[:count] = [row[2] for row in rows]
        self._outputs[:count] = [1] * count
        self.native.n_tokens = count

    def step(self, token: int, position: int) -> None:
        """One token. Only for a batch of size 1 that was filled once."""
        self._tokens[0] = token
        self._positions[0] = position
