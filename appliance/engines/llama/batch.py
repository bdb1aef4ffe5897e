"""What one call of llama.cpp evaluates: C arrays that are made once and filled anew."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence

import llama_cpp.llama_cpp as native


class Batch:
    """Room for `size` tokens of up to `sequences` sequences each, filled anew for every call."""

    def __init__(self, size: int, sequences: int = 1) -> None:
        self.size = size
        self._width = sequences
        self._tokens = (native.llama_token * size)()
        self._positions = (native.llama_pos * size)()
        self._counts = (ctypes.c_int32 * size)(*([1] * size))
        self._sequences = (native.llama_seq_id * (size * sequences))()
        pointer = ctypes.POINTER(native.llama_seq_id)
        width = ctypes.sizeof(native.llama_seq_id) * sequences
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
        self._counts[:count] = [1] * count
        for row in range(count):
            self._sequences[row * self._width] = 0
        self._outputs[:count] = [*([0] * (count - 1)), 1]
        self.native.n_tokens = count

    def fill_rows(self, rows: Sequence[tuple[int, int, tuple[int, ...]]]) -> None:
        """Rows of (token, position, sequences), every row's logits wanted."""
        count = len(rows)
        self._tokens[:count] = [row[0] for row in rows]
        self._positions[:count] = [row[1] for row in rows]
        self._counts[:count] = [len(row[2]) for row in rows]
        for number, (_, _, sequences) in enumerate(rows):
            start = number * self._width
            self._sequences[start : start + len(sequences)] = list(sequences)
        self._outputs[:count] = [1] * count
        self.native.n_tokens = count

    def step(self, token: int, position: int) -> None:
        """One token. Only for a batch of size 1 that was filled once."""
        self._tokens[0] = token
        self._positions[0] = position
