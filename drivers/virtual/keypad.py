"""The reference keypad as the wire sees it."""

from __future__ import annotations

import time
from collections.abc import Callable

from drivers.keys import Key

SCAN = 0x03
NONE = 16
SETTLE = 0.001  # seconds the part needs between the command and the answer
_STALE = 0xFF


class VirtualKeypad:
    """One code at a time: after the byte 0x03 and 1 ms, a read gives 0–15, or 16 for none.

    A read that comes sooner gets the stale 0xFF. Without a `clock` the wait is not checked.
    `reads` counts answers, so that a script can hold a key until it has been seen.
    """

    def __init__(self, clock: Callable[[], float] | None = time.monotonic) -> None:
        self._clock = clock
        self._down: Key | None = None
        self._command: int | None = None
        self._asked_at = 0.0
        self.reads = 0
        self.too_soon = 0

    def press(self, key: Key) -> None:
        """`key` goes down; whatever was down is no longer reported."""
        self._down = key

    def release(self) -> None:
        self._down = None

    def write(self, data: bytes) -> None:
        self._command = data[-1] if data else None
        self._asked_at = self._clock() if self._clock else 0.0

    def read(self, length: int) -> bytes:
        if self._command != SCAN:
            return bytes([_STALE]) * length
        if self._clock and self._clock() - self._asked_at < SETTLE * 0.999:
            self.too_soon += 1
            return bytes([_STALE]) * length
        self.reads += 1
        code = NONE if self._down is None else int(self._down)
        return bytes([code]) * length
