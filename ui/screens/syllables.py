"""The syllable bar: ways to split the keys, in two rows under the text."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.screens.compose import ComposeView, draw_box
from ui.strings import Language
from ui.view import View
from ui.widgets import ROW, ROWS, row

_BAR_ROWS = 2
_PAD = 3


@dataclass(frozen=True, slots=True)
class SyllableView(View):
    """The syllable bar: the ways to split the keys, in place of pinyin line and hint."""

    compose: ComposeView
    splits: tuple[str, ...]
    selected: int

    def draw(self, frame: Framebuffer, language: Language) -> None:
        draw_box(frame, self.compose, ROWS - _BAR_ROWS)
        frame.dots(0, row(ROWS - _BAR_ROWS) - 1, TEXT_WIDTH)
        face = font.body()
        places = _places(self.splits)
        first = max(places[self.selected][1] - _BAR_ROWS + 1, 0) if places else 0
        for number, (x, line, width) in enumerate(places):
            if first <= line < first + _BAR_ROWS:
                y = row(ROWS - _BAR_ROWS + line - first)
                face.draw(frame, face.clip(self.splits[number], width - 2 * _PAD), x + _PAD, y)
                if number == self.selected:
                    frame.invert(x, y, width - 1, ROW)


def _places(splits: tuple[str, ...]) -> list[tuple[int, int, int]]:
    """(x, row, width) of every split, flowing."""
    face = font.body()
    places = []
    x = line = 0
    for split in splits:
        width = min(face.width(split) + 2 * _PAD, TEXT_WIDTH)
        if x and x + width > TEXT_WIDTH:
            x, line = 0, line + 1
        places.append((x, line, width))
        x += width
    return places
