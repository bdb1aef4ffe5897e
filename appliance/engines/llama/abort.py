"""A flag that stops llama.cpp between two graph nodes, without Python on its way.

llama.cpp asks its abort callback hundreds of times per token, so a Python function there costs
about 2 % of the decode speed. The callback has to be a C function from a pointer to a truth value,
and the C library has one: `strlen` of a two-byte buffer is 0 while the first byte is 0, and 1 once
it is not. So the flag is that byte, and nothing has to be compiled.
"""

from __future__ import annotations

import ctypes
from typing import Any

_strlen = ctypes.CDLL(None).strlen


class AbortFlag:
    """Set from any thread; read by the engine's threads while they compute."""

    def __init__(self) -> None:
        self._bytes = ctypes.create_string_buffer(2)

    def set(self) -> None:
        self._bytes[0] = b"\x01"

    def clear(self) -> None:
        self._bytes[0] = b"\x00"

    @property
    def is_set(self) -> bool:
        return self._bytes[0] != b"\x00"

    @property
    def address(self) -> int:
        """What the callback is called with."""
        return ctypes.addressof(self._bytes)

    @staticmethod
    def callback(prototype: Any) -> Any:
        """`strlen` as a function pointer of the ctypes type `prototype`."""
        return ctypes.cast(_strlen, prototype)
