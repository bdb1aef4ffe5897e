"""Pages of candidates: as many as two rows of the glass hold, at most nine."""

from __future__ import annotations

from collections.abc import Sequence

ROWS = 2
ROW_WIDTH = 120  # px
HALF = 6  # px: a digit, a gap, a half-width character
FULL = 12
PER_PAGE = 9


def width(text: str) -> int:
    """Columns that a numbered candidate takes, without the gap after it."""
    return HALF + sum(HALF if character < "\u0100" else FULL for character in text)


def first_page(items: Sequence[str]) -> int:
    """How many of these fit one page; at least 1 if there is any."""
    row, left = 1, ROW_WIDTH
    for count, item in enumerate(items[:PER_PAGE]):
        need = width(item)
        if need > left and left < ROW_WIDTH:
            row, left = row + 1, ROW_WIDTH
        if row > ROWS:
            return max(1, count)
        left -= need + HALF
    return min(PER_PAGE, len(items))


def paginate(items: Sequence[str]) -> list[range]:
    """The pages, as ranges of indices."""
    pages: list[range] = []
    start = 0
    while start < len(items):
        size = first_page(items[start : start + PER_PAGE])
        pages.append(range(start, start + size))
        start += size
    return pages
