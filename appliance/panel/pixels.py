"""Frames as text: braille (2×4 pixels a cell) or half blocks (1×2 pixels a cell).

A frame is 1024 bytes in the controllers' page layout: page-major, a byte is 8 rows of a column,
LSB on top. Source of the dot numbering: the Unicode Standard, block Braille Patterns (U+2800).
"""

from __future__ import annotations

WIDTH = 128
HEIGHT = 64
PAGES = HEIGHT // 8
FRAME_BYTES = WIDTH * PAGES

_BRAILLE = 0x2800
# Dots of a cell from the top down: 1 2 3 7 on the left, 4 5 6 8 on the right.
_LEFT_DOTS = (0x01, 0x02, 0x04, 0x40)
_RIGHT_DOTS = (0x08, 0x10, 0x20, 0x80)
_HALF_BLOCKS = " ▀▄█"


def _dots(weights: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(
        sum(weight for row, weight in enumerate(weights) if nibble >> row & 1)
        for nibble in range(16)
    )


_LEFT = _dots(_LEFT_DOTS)
_RIGHT = _dots(_RIGHT_DOTS)


def braille_rows(frame: bytes) -> list[str]:
    """16 rows of 64 cells. Raises ValueError when `frame` is not 1024 bytes."""
    return [_braille_row(page, shift) for page in _pages(frame) for shift in (0, 4)]


def half_block_rows(frame: bytes) -> list[str]:
    """32 rows of 128 cells. Raises ValueError when `frame` is not 1024 bytes."""
    return [
        "".join(_HALF_BLOCKS[column >> shift & 3] for column in page)
        for page in _pages(frame)
        for shift in (0, 2, 4, 6)
    ]


def _braille_row(page: bytes, shift: int) -> str:
    return "".join(
        chr(_BRAILLE + _LEFT[left >> shift & 15] + _RIGHT[right >> shift & 15])
        for left, right in zip(page[::2], page[1::2], strict=True)
    )


def _pages(frame: bytes) -> list[bytes]:
    if len(frame) != FRAME_BYTES:
        raise ValueError(f"a frame has {FRAME_BYTES} bytes, not {len(frame)}")
    return [frame[start : start + WIDTH] for start in range(0, FRAME_BYTES, WIDTH)]
