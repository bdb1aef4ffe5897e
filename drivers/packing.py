"""Commands and data of many rectangles in few transfers, none of them longer than the bus allows.

Control bytes (SSD1306 section 8.1.5.2, SH1106 "I2C-bus interface"): Co announces that one byte
follows and then another control byte; without Co all that follows is of one kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drivers.addressing import WIDTH, Addressing, Cursor, Rect

# Longest transfer the display puts on the wire, so that a keypad poll waits for one of them at
# most: 129 bytes of 9 bits are 2.9 ms at 400 kHz.
SHORT_TRANSFER = 128
MIN_TRANSFER = 8

CONTROL_COMMAND = 0x80
CONTROL_DATA = 0xC0
CONTROL_COMMANDS = 0x00
CONTROL_DATA_STREAM = 0x40

# Up to so many data bytes go as Co pairs, so that the next rectangle shares the transfer: they
# cost at most two bytes more than a stream and save the address byte, START, STOP and a system
# call.
INLINE_BYTES = 3
_ADDRESS_BYTE = 1
_SET_START_LINE = 0x40

Piece = tuple[int, bytes]  # offset into the frame, and what is there


@dataclass(frozen=True, slots=True)
class Transaction:
    """One I2C write: `payload` for the wire, and what it does to the glass.

    `writes` are (offset into RAM in page layout, bytes); `cursor` is where the pointer stands
    after it, None in the middle of a rectangle, whose rest the following transactions carry;
    `start_line` is the RAM row it puts on top of the glass, None if it leaves that alone.
    """

    payload: bytes
    writes: tuple[tuple[int, bytes], ...] = ()
    cursor: Cursor = None
    start_line: int | None = None


class Packer:
    """Fills one transfer after the other; `cursor` is where the chip's pointer stands.

    A start line goes first: the old text is in its new place before the rest is painted.
    """

    def __init__(
        self, cursor: Cursor, addressing: Addressing, limit: int, start_line: int | None
    ) -> None:
        self._cursor = cursor
        self._addressing = addressing
        self._limit = limit
        self._start_line = start_line
        self._done: list[Transaction] = []
        self._payload = bytearray()
        self._writes: list[Piece] = []
        if start_line is not None:
            self._payload += bytes((CONTROL_COMMAND, _SET_START_LINE | start_line))

    def pack(self, rects: list[Rect], frame: bytes) -> list[Transaction]:
        """The transfers that paint these rectangles of `frame`, in this order."""
        last = len(rects) - 1
        for index, rect in enumerate(rects):
            self._seek(rect)
            pieces = _pieces(rect, frame)
            size = rect.area
            room = self._limit - len(self._payload)
            self._cursor = self._addressing.after(rect)
            if size <= INLINE_BYTES and index != last and 2 * size <= room:
                self._inline(pieces)
            else:
                self._stream(pieces)
                self._close(self._cursor)
        self._close(self._cursor)
        return self._done

    def _seek(self, rect: Rect) -> None:
        commands = b"".join(self._addressing.seek(self._cursor, rect))
        if commands and 2 * len(commands) + 2 > self._limit:  # no room for data beside them
            self._close(None)
            self._payload += bytes((CONTROL_COMMANDS, *commands))
            self._close(None)
            commands = b""
        if len(self._payload) + 2 * len(commands) > self._limit:
            self._close(None)
        for byte in commands:
            self._payload += bytes((CONTROL_COMMAND, byte))

    def _inline(self, pieces: list[Piece]) -> None:
        for _, data in pieces:
            for byte in data:
                self._payload += bytes((CONTROL_DATA, byte))
        self._writes += pieces

    def _stream(self, pieces: list[Piece]) -> None:
        if len(self._payload) + 2 > self._limit:
            self._close(None)
        self._payload.append(CONTROL_DATA_STREAM)
        for offset, data in pieces:
            while data:
                if len(self._payload) == self._limit:
                    self._close(None)
                    self._payload.append(CONTROL_DATA_STREAM)
                taken = data[: self._limit - len(self._payload)]
                self._payload += taken
                self._writes.append((offset, taken))
                offset, data = offset + len(taken), data[len(taken) :]

    def _close(self, after: Cursor) -> None:
        """End the transfer that is being filled, if anything is in it."""
        if self._payload:
            scrolls = None if self._done else self._start_line
            done = Transaction(bytes(self._payload), tuple(self._writes), after, scrolls)
            self._done.append(done)
            self._payload.clear()
            self._writes.clear()


def _pieces(rect: Rect, frame: bytes) -> list[Piece]:
    """`rect` page by page."""
    width = rect.right - rect.left + 1
    offsets = [page * WIDTH + rect.left for page in range(rect.top, rect.bottom + 1)]
    return [(offset, frame[offset : offset + width]) for offset in offsets]


def wire_bytes(transactions: list[Transaction]) -> int:
    """What they cost, addresses included."""
    return sum(_ADDRESS_BYTE + len(transaction.payload) for transaction in transactions)


def command_stream(commands: Iterable[bytes], limit: int) -> tuple[int, bytes]:
    """The first of `commands` that fit into one transfer of `limit` bytes: how many, payload."""
    count = 0
    payload = bytearray((CONTROL_COMMANDS,))
    for command in commands:
        if len(payload) + len(command) > limit:
            break
        payload += command
        count += 1
    return count, bytes(payload)
