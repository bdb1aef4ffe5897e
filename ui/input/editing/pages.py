"""Pages of candidates: as many as the glass shows at once, so that digits pick what is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from ui.font import body
from ui.layout import TEXT_WIDTH
from ui.widgets import KEYS_PER_PAGE, candidates_that_fit

PER_PAGE = KEYS_PER_PAGE


def paginate(items: Sequence[str], last: str = "") -> list[range]:
    """The pages, as ranges of indices; `last` stands on the key 9 of each."""
    pages: list[range] = []
    start = 0
    while start < len(items):
        size = candidates_that_fit(items[start : start + PER_PAGE], last)
        pages.append(range(start, start + size))
        start += size
    return pages


def pages_of(items: int) -> int:
    """How many pages of `PER_PAGE` hold so many items; one at least."""
    return max(1, -(-items // PER_PAGE))


def words_that_fit(words: Sequence[str], label: str) -> list[str]:
    """The leading words that stand beside `label` in one row, all parted by spaces."""
    face = body()
    left = TEXT_WIDTH - face.width(label)
    shown: list[str] = []
    for word in words:
        left -= face.width(" " + word)
        if left < 0:
            break
        shown.append(word)
    return shown
