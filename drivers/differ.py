"""From what the glass shows to what it should show, in the fewest bytes on the wire.

A framebuffer is 1024 bytes in page layout: byte = column of 8 rows, LSB on top, page-major.

Pages that changed are cut into bands of neighbouring pages and each band into rectangles of
columns; a dynamic program weighs every rectangle's area against the addressing commands of the
chip. Controllers with page addressing only have bands of one page. Where much has changed, turning
RAM around the glass by the start line is weighed too (`drivers.scroll`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from drivers.scroll import best_start_line, ram_for

WIDTH = 128
PAGES = 8
FRAME_BYTES = WIDTH * PAGES

# Longest transfer the display puts on the wire, so that a keypad poll waits for one of them at
# most: 129 bytes of 9 bits are 2.9 ms at 400 kHz.
SHORT_TRANSFER = 128
MIN_TRANSFER = 8

# Control bytes (SSD1306 section 8.1.5.2, SH1106 "I2C-bus interface"): Co announces that one byte
# follows and then another control byte; without Co all that follows is of one kind.
CONTROL_COMMAND = 0x80
CONTROL_DATA = 0xC0
CONTROL_COMMANDS = 0x00
CONTROL_DATA_STREAM = 0x40

# Up to so many data bytes go as Co pairs, so that the next rectangle shares the transfer: they
# cost at most two bytes more than a stream and save the address byte, START, STOP and a system
# call.
_INLINE_BYTES = 3
_ADDRESS_BYTE = 1
_SET_START_LINE = 0x40
_SCROLL_FROM = 200  # bytes on the wire from which a scroll is looked for (0.5 ms of work)
_UNREACHABLE = 1 << 30
_CHANGED = re.compile(rb"[^\0]+")


@dataclass(frozen=True, slots=True)
class Rect:
    """Columns `left` to `right` of pages `top` to `bottom`, all inclusive."""

    left: int
    right: int
    top: int
    bottom: int

    @property
    def area(self) -> int:
        return (self.right - self.left + 1) * (self.bottom - self.top + 1)


# Where the chip's RAM pointer stands, as its addressing understands it; None if not known.
Cursor = Rect | None


class Addressing(Protocol):
    """How a controller is told where data goes: its cost model.

    `seek_bytes` is the price of one rectangle besides its data, `step_bytes` that of one on the
    same pages as the one before; `tall` says whether a rectangle may span pages.
    """

    seek_bytes: int
    step_bytes: int
    tall: bool

    def seek(self, cursor: Cursor, rect: Rect) -> list[bytes]:
        """The commands, each with its arguments, after which data fills `rect`."""
        ...

    def after(self, rect: Rect) -> Cursor:
        """Where the pointer stands once `rect` has been filled."""
        ...


class WindowAddressing:
    """Horizontal addressing (SSD1306 sections 10.1.3–10.1.5; SSD1309 the same).

    A window that has been filled leaves the pointer at its own origin, so what does not change
    from one rectangle to the next is not sent again.
    """

    seek_bytes = 14  # six command bytes with a control byte each, a control byte, the address
    step_bytes = 8  # the columns only
    tall = True

    def seek(self, cursor: Cursor, rect: Rect) -> list[bytes]:
        commands = []
        if cursor is None or (cursor.left, cursor.right) != (rect.left, rect.right):
            commands.append(bytes((0x21, rect.left, rect.right)))
        if cursor is None or (cursor.top, cursor.bottom) != (rect.top, rect.bottom):
            commands.append(bytes((0x22, rect.top, rect.bottom)))
        return commands

    def after(self, rect: Rect) -> Cursor:
        return rect


class PageAddressing:
    """Page addressing (SH1106 commands 1, 2 and 12), `offset` RAM columns left of the glass."""

    seek_bytes = 8  # three command bytes with a control byte each, a control byte, the address
    step_bytes = 6  # the page stays
    tall = False

    def __init__(self, offset: int) -> None:
        self._offset = offset

    def seek(self, cursor: Cursor, rect: Rect) -> list[bytes]:
        column = rect.left + self._offset
        commands = [bytes((column & 0x0F,)), bytes((0x10 | column >> 4,))]
        if cursor is None or cursor.top != rect.top:
            commands.insert(0, bytes((0xB0 | rect.top,)))
        return commands

    def after(self, rect: Rect) -> Cursor:
        return rect


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


class Shadow:
    """What the chip's RAM holds and which row is on top, as far as it has been acknowledged."""

    def __init__(self) -> None:
        self.ram = bytearray(FRAME_BYTES)
        self.forget()

    def forget(self) -> None:
        """The panel was set up anew: row 0 is on top, RAM may hold anything."""
        self.unknown = bytearray(b"\xff" * FRAME_BYTES)
        self.cursor: Cursor = None
        self.start_line: int | None = 0  # None: not known

    def forget_page(self, page: int) -> None:
        """What `page` of RAM holds is not believed in any more."""
        self.unknown[page * WIDTH : (page + 1) * WIDTH] = b"\xff" * WIDTH

    def sent(self, transaction: Transaction) -> None:
        """The chip acknowledged all of `transaction`."""
        for offset, data in transaction.writes:
            self.ram[offset : offset + len(data)] = data
            self.unknown[offset : offset + len(data)] = bytes(len(data))
        self.cursor = transaction.cursor
        if transaction.start_line is not None:
            self.start_line = transaction.start_line

    def failed(self, transaction: Transaction) -> None:
        """Some byte of `transaction` was refused: what it would have written is not known."""
        for offset, data in transaction.writes:
            self.unknown[offset : offset + len(data)] = b"\xff" * len(data)
        self.cursor = None
        if transaction.start_line is not None:
            self.start_line = None

    def shows(self, frame: bytes) -> bool:
        """Whether `frame` is certainly on the glass."""
        return self.start_line is not None and not any(
            self.changed(ram_for(frame, self.start_line))
        )

    def changed(self, ram: bytes) -> bytes:
        """1024 bytes, non-zero where RAM differs from `ram` or is not known."""
        difference = int.from_bytes(self.ram, "big") ^ int.from_bytes(ram, "big")
        return (difference | int.from_bytes(self.unknown, "big")).to_bytes(FRAME_BYTES, "big")


def plan(
    shadow: Shadow, frame: bytes, addressing: Addressing, limit: int = SHORT_TRANSFER
) -> list[Transaction]:
    """The transactions that bring the glass from `shadow` to `frame`, in the order to send them.

    No payload is longer than `limit` bytes (at least 8). Raises ValueError for a frame that is
    not 1024 bytes.
    """
    if len(frame) != FRAME_BYTES:
        raise ValueError(f"a frame is {FRAME_BYTES} bytes, not {len(frame)}")
    if limit < MIN_TRANSFER:
        raise ValueError(f"{limit}-byte transfers cannot carry a command and data")
    paint = partial(_paint, shadow, addressing=addressing, limit=limit)
    current = shadow.start_line
    if current is not None:
        in_place = paint(ram_for(frame, current))
        if _wire_bytes(in_place) < _SCROLL_FROM:
            return in_place
    start_line = best_start_line(shadow.ram, shadow.unknown, frame)
    if start_line == current:
        return in_place
    scrolled = paint(ram_for(frame, start_line), start_line=start_line)
    return scrolled if current is None else min(in_place, scrolled, key=_wire_bytes)


def _paint(
    shadow: Shadow, ram: bytes, *, addressing: Addressing, limit: int, start_line: int | None = None
) -> list[Transaction]:
    """The cheapest transactions that make RAM `ram`, and put `start_line` on top if given."""
    changed = shadow.changed(ram)
    runs = [_runs(changed[page * WIDTH : (page + 1) * WIDTH]) for page in range(PAGES)]
    rects = _cover(runs, addressing)
    # What fits inside a transfer that goes on may come first, or wait for its neighbours.
    orders = [rects, sorted(rects, key=lambda rect: rect.area > _INLINE_BYTES)]
    if 2 * sum(rect.area for rect in rects) > FRAME_BYTES:
        orders.append(_whole(addressing))  # fewer chunks may tip the balance
    plans = [_encode(shadow.cursor, order, ram, addressing, limit, start_line) for order in orders]
    return min(plans, key=_wire_bytes)


Run = tuple[int, int]  # first and last changed column of a page


def _runs(changed: bytes) -> list[Run]:
    return [(match.start(), match.end() - 1) for match in _CHANGED.finditer(changed)]


def _whole(addressing: Addressing) -> list[Rect]:
    if addressing.tall:
        return [Rect(0, WIDTH - 1, 0, PAGES - 1)]
    return [Rect(0, WIDTH - 1, page, page) for page in range(PAGES)]


def _cover(runs: list[list[Run]], addressing: Addressing) -> list[Rect]:
    """Rectangles over all runs: the cheapest split of the pages into bands."""
    best: list[tuple[int, list[Rect]]] = [(0, [])]
    for end in range(1, PAGES + 1):
        if not runs[end - 1]:
            best.append(best[end - 1])
            continue
        options = []
        for start in range(end - 1, -1, -1):
            if end - start > 1 and not addressing.tall:
                break
            if not runs[start]:
                continue  # a band that begins with an unchanged page is a shorter band
            cost, rects = _band(runs, start, end, addressing)
            before, earlier = best[start]
            options.append((before + cost, earlier + rects))
        best.append(min(options, key=lambda option: option[0]))
    return best[PAGES][1]


def _band(
    runs: list[list[Run]], start: int, end: int, addressing: Addressing
) -> tuple[int, list[Rect]]:
    """The cheapest rectangles over pages `start` to `end` - 1, taken together."""
    seek, step = addressing.seek_bytes, addressing.step_bytes
    blocks = _blocks(runs, start, end)
    costs = [0]
    cuts: list[tuple[int, int, int]] = []  # first block of the last rectangle, its pages
    for last, (_, right, _, _) in enumerate(blocks):
        best, cut = _UNREACHABLE, (last, start, end - 1)
        top, bottom = PAGES, -1
        for first in range(last, -1, -1):
            left, _, block_top, block_bottom = blocks[first]
            top, bottom = min(top, block_top), max(bottom, block_bottom)
            area = (right - left + 1) * (bottom - top + 1)
            if area >= best:
                break  # wider only costs more
            is_full = top == start and bottom == end - 1
            cost = costs[first] + (step if first and is_full else seek) + area
            if cost < best:
                best, cut = cost, (first, top, bottom)
        costs.append(best)
        cuts.append(cut)
    rects: list[Rect] = []
    position = len(blocks)
    while position:
        right = blocks[position - 1][1]
        position, top, bottom = cuts[position - 1]
        rects.append(Rect(blocks[position][0], right, top, bottom))
    return costs[-1], rects[::-1]


def _blocks(runs: list[list[Run]], start: int, end: int) -> list[tuple[int, int, int, int]]:
    """Runs of a band whose columns overlap, joined: (left, right, top, bottom) in order."""
    blocks: list[tuple[int, int, int, int]] = []
    flat = [(*run, page) for page in range(start, end) for run in runs[page]]
    for left, right, page in sorted(flat):
        if blocks and left <= blocks[-1][1]:
            first, last, top, bottom = blocks[-1]
            blocks[-1] = (first, max(last, right), min(top, page), max(bottom, page))
        else:
            blocks.append((left, right, page, page))
    return blocks


def _encode(
    cursor: Cursor,
    rects: list[Rect],
    frame: bytes,
    addressing: Addressing,
    limit: int,
    start_line: int | None,
) -> list[Transaction]:
    """Commands and data of all `rects` in as few transactions as `limit` allows.

    A start line goes first: the old text is in its new place before the rest is painted.
    """
    transactions: list[Transaction] = []
    payload = bytearray()
    writes: list[tuple[int, bytes]] = []
    if start_line is not None:
        payload += bytes((CONTROL_COMMAND, _SET_START_LINE | start_line))

    def close(after: Cursor) -> None:
        if payload:
            scrolls = None if transactions else start_line
            transactions.append(Transaction(bytes(payload), tuple(writes), after, scrolls))
            payload.clear()
            writes.clear()

    for index, rect in enumerate(rects):
        commands = b"".join(addressing.seek(cursor, rect))
        if commands and 2 * len(commands) + 2 > limit:  # no room for data beside them
            close(None)
            payload += bytes((CONTROL_COMMANDS, *commands))
            close(None)
            commands = b""
        if len(payload) + 2 * len(commands) > limit:
            close(None)
        for byte in commands:
            payload += bytes((CONTROL_COMMAND, byte))
        pieces = _pieces(rect, frame)
        size = sum(len(data) for _, data in pieces)
        is_last = index == len(rects) - 1
        if size <= _INLINE_BYTES and not is_last and len(payload) + 2 * size <= limit:
            for _, data in pieces:
                for byte in data:
                    payload += bytes((CONTROL_DATA, byte))
            writes += pieces
            cursor = addressing.after(rect)
            continue
        if len(payload) + 2 > limit:
            close(None)
        payload.append(CONTROL_DATA_STREAM)
        for offset, data in pieces:
            while data:
                if len(payload) == limit:
                    close(None)
                    payload.append(CONTROL_DATA_STREAM)
                room = limit - len(payload)
                payload += data[:room]
                writes.append((offset, data[:room]))
                offset, data = offset + len(data[:room]), data[room:]
        cursor = addressing.after(rect)
        close(cursor)
    close(cursor)
    return transactions


def _pieces(rect: Rect, frame: bytes) -> list[tuple[int, bytes]]:
    """`rect` page by page: (offset into the frame, its bytes)."""
    width = rect.right - rect.left + 1
    offsets = [page * WIDTH + rect.left for page in range(rect.top, rect.bottom + 1)]
    return [(offset, frame[offset : offset + width]) for offset in offsets]


def _wire_bytes(transactions: list[Transaction]) -> int:
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
