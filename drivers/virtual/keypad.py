"""The reference keypad as the wire sees it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from drivers.keys import Key

SCAN = 0x03
NONE = 16
SETTLE = 0.001  # seconds the part needs between the command and the answer
_STALE = 0xFF
_READS_OF_NONE = 3  # in which every driver of ours sees a release: one read of none is a glitch


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


class PatientKeypad(VirtualKeypad):
    """A pad pressed by a program: every press and release stays until it was read.

    So a machine that is busy, whose driver comes late to look, loses nothing that was typed, and
    a key released at once is down for one read: a tap, however long that read took.
    """

    def __init__(self, clock: Callable[[], float] | None = time.monotonic) -> None:
        super().__init__(clock)
        self._unread: deque[Key | None] = deque()
        self._shown_since = 0

    @property
    def caught_up(self) -> bool:
        """Whether the driver has seen all that was pressed, and passed it on before it read again.

        Of a key that is down it has seen that.
        """
        return not self._unread and self.reads - self._shown_since > self._reads_due

    def press(self, key: Key) -> None:
        self._unread.append(key)

    def release(self) -> None:
        self._unread.append(None)

    def read(self, length: int) -> bytes:
        if self._unread and self.reads - self._shown_since >= self._reads_due:
            self._shown_since = self.reads
            self._down = self._unread.popleft()
        return super().read(length)

    @property
    def _reads_due(self) -> int:
        return _READS_OF_NONE if self._down is None else 1
