"""A page of symbols or emoji, placed like the keys 1-9."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font
from ui.framebuffer import Framebuffer
from ui.strings import Language
from ui.view import View
from ui.widgets import KEYS_PER_PAGE, counter, row, title_bar

_CELL = (40, 16)


@dataclass(frozen=True, slots=True)
class SymbolView(View):
    """One page of symbols or emoji: at most 9 `items` on the keys 1-9, `page` from 1."""

    title: str
    items: tuple[str, ...]
    page: int
    pages: int

    def draw(self, frame: Framebuffer, language: Language) -> None:
        title_bar(frame, self.title, counter(self.page, self.pages))
        large, tiny = font.large(), font.tiny()
        width, height = _CELL
        for number, item in enumerate(self.items[:KEYS_PER_PAGE]):
            x, y = number % 3 * width, row(1) + number // 3 * height
            tiny.draw(frame, f"{number + 1}", x + 3, y + 6)
            _draw_item(frame, large.clip(item, width - 11, ""), x + 9, width - 11, y)


def _draw_item(frame: Framebuffer, item: str, x: int, width: int, y: int) -> None:
    """The item in the middle of its cell: by its ink, since punctuation fills half its width."""
    large = font.large()
    alone = Framebuffer()
    large.draw(alone, item, 0, 0)
    first, last = alone.inked_columns()
    large.draw(frame, item, x + (width - (last - first)) // 2 - first, y)
