"""Where data goes on a display: rectangles of the frame, and how each controller is told of one.

A frame is 1024 bytes in page layout: byte = column of 8 rows, LSB on top, page-major.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

WIDTH = 128
PAGES = 8
FRAME_BYTES = WIDTH * PAGES


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
