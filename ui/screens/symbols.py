"""A page of symbols or emoji, placed like the keys 1-9."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font
from ui.framebuffer import Framebuffer
from ui.strings import Language
from ui.view import View
from ui.widgets import KEYS_PER_PAGE, counter, row, title_bar

_CELL = (40, 16)
_TALLEST, _NARROW = 14, 10  # px; brackets so tall stand in small letters, apart from each other
_CLEAR = 3  # px above and below what is small


@dataclass(frozen=True, slots=True)
class SymbolView(View):
    """One page of symbols or emoji: at most 9 `items` on the keys 1-9, `page` from 1."""

    title: str
    items: tuple[str, ...]
    page: int
    pages: int

    def draw(self, frame: Framebuffer, language: Language) -> None:
        title_bar(frame, self.title, counter(self.page, self.pages))
        tiny = font.tiny()
        width, height = _CELL
        for number, item in enumerate(self.items[:KEYS_PER_PAGE]):
            x, y = number % 3 * width, row(1) + number // 3 * height
            tiny.draw(frame, f"{number + 1}", x + 3, y + 6)
            _draw_item(frame, item, x + 9, width - 11, y)


def _draw_item(frame: Framebuffer, item: str, x: int, width: int, y: int) -> None:
    """The item in the middle of its cell, by its ink, since punctuation fills half its width.

    Small marks keep off the rows above and below: a quote under a comma would look like one.
    """
    picture = _picture(item, font.large() if len(item) == 1 else font.body())
    if _height(picture) > _TALLEST and _width(picture) < _NARROW:
        picture = _picture(item, font.body())
    height, top = _height(picture), picture.inked_rows()[0]
    highest, lowest = _CLEAR, _CELL[1] - _CLEAR - height
    wanted = min(max(top, highest), lowest) if highest <= lowest else (_CELL[1] - height) // 2
    right = x + (width - _width(picture)) // 2 - picture.inked_columns()[0]
    frame.bits |= picture.shifted(right, y + wanted - top).bits


def _picture(item: str, face: font.Face) -> Framebuffer:
    alone = Framebuffer()
    face.draw(alone, item, 0, 0)
    return alone


def _width(picture: Framebuffer) -> int:
    first, last = picture.inked_columns()
    return last - first


def _height(picture: Framebuffer) -> int:
    first, last = picture.inked_rows()
    return last - first
