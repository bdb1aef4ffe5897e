"""From what the glass shows to what it should show, in the fewest bytes on the wire.

What changed is covered by rectangles (`drivers.cover`) that are packed into transfers
(`drivers.packing`). Where much has changed, turning RAM around the glass by the start line is
weighed too (`drivers.scroll`).
"""

from __future__ import annotations

from functools import partial

from drivers.addressing import FRAME_BYTES, PAGES, WIDTH, Addressing, Cursor
from drivers.cover import cover, runs_of, whole
from drivers.packing import (
    INLINE_BYTES,
    MIN_TRANSFER,
    SHORT_TRANSFER,
    Packer,
    Transaction,
    wire_bytes,
)
from drivers.scroll import best_start_line, ram_for

_SCROLL_FROM = 200  # bytes on the wire from which a scroll is looked for (0.5 ms of work)


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
        if wire_bytes(in_place) < _SCROLL_FROM:
            return in_place
    start_line = best_start_line(shadow.ram, shadow.unknown, frame)
    if start_line == current:
        return in_place
    scrolled = paint(ram_for(frame, start_line), start_line=start_line)
    return scrolled if current is None else min(in_place, scrolled, key=wire_bytes)


def _paint(
    shadow: Shadow, ram: bytes, *, addressing: Addressing, limit: int, start_line: int | None = None
) -> list[Transaction]:
    """The cheapest transactions that make RAM `ram`, and put `start_line` on top if given."""
    changed = shadow.changed(ram)
    runs = [runs_of(changed[page * WIDTH : (page + 1) * WIDTH]) for page in range(PAGES)]
    rects = cover(runs, addressing)
    # What fits inside a transfer that goes on may come first, or wait for its neighbours.
    orders = [rects, sorted(rects, key=lambda rect: rect.area > INLINE_BYTES)]
    if 2 * sum(rect.area for rect in rects) > FRAME_BYTES:
        orders.append(whole(addressing))  # fewer chunks may tip the balance
    plans = [
        Packer(shadow.cursor, addressing, limit, start_line).pack(order, ram) for order in orders
    ]
    return min(plans, key=wire_bytes)
