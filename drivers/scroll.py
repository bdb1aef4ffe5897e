"""Vertical scrolling by the display start line: which RAM row to put on top of the glass.

The start line (40h–7Fh on SSD1306, SSD1309 and SH1106) turns all 64 rows of RAM around the glass
for one command byte. After a scroll by a line of text most of RAM can then stay as it is.
"""

from __future__ import annotations

from functools import cache

_WIDTH = 128
_PAGES = 8
_ROWS = 64
_BYTES = _WIDTH * _PAGES
_EVERY_COLUMN = sum(1 << _ROWS * column for column in range(_WIDTH))


def ram_for(frame: bytes, start_line: int) -> bytes:
    """The RAM, in page layout, that shows `frame` when RAM row `start_line` is on top."""
    if start_line == 0:
        return frame
    data = _turned(_columns(frame), start_line).to_bytes(_BYTES, "little")
    return b"".join(data[page::_PAGES] for page in range(_PAGES))


def best_start_line(ram: bytes | bytearray, unknown: bytes | bytearray, frame: bytes) -> int:
    """The start line with which the fewest bytes of `ram` differ from what `frame` needs.

    `unknown` is non-zero where `ram` is not known.
    """
    present, lost, wanted = _columns(ram), _columns(unknown), _columns(frame)

    def equal_bytes(start_line: int) -> int:
        difference = present ^ _turned(wanted, start_line) | lost
        return difference.to_bytes(_BYTES, "little").count(0)

    return max(range(_ROWS), key=equal_bytes)


def _columns(pages: bytes | bytearray) -> int:
    """Page layout as one number: column after column, 64 bits each, the top row lowest."""
    data = bytearray(_BYTES)
    for page in range(_PAGES):
        data[page::_PAGES] = pages[page * _WIDTH : (page + 1) * _WIDTH]
    return int.from_bytes(data, "little")


def _turned(columns: int, rows: int) -> int:
    """Every column rotated down by `rows`."""
    up, down = _ROWS - rows, rows
    return (columns & _low_rows(up)) << down | columns >> up & _low_rows(down)


@cache
def _low_rows(count: int) -> int:
    """A mask of the `count` topmost rows of every column."""
    return ((1 << count) - 1) * _EVERY_COLUMN
