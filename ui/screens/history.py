"""The history browser: two conversations a page."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.strings import Language, text
from ui.view import View
from ui.widgets import ROW, ROWS, centred, counter, row, select, title_bar

_ITEM_ROWS = 2


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """A stored conversation: when ("": the clock was not set), its first question, its turns."""

    when: str
    question: str
    turns: int


@dataclass(frozen=True, slots=True)
class HistoryView(View):
    """One page of the history browser, two conversations a page.

    `items` are those of this page, `selected` one of them; `first` is the number, from 0, of
    `items[0]` among `total`.
    """

    items: tuple[HistoryItem, ...]
    selected: int
    first: int
    total: int

    def draw(self, frame: Framebuffer, language: Language) -> None:
        position = self.first + self.selected + 1
        title_bar(frame, text("history.title", language), counter(position, self.total))
        if not self.items:
            centred(frame, text("history.empty", language), row(2))
        for number, item in enumerate(self.items[: (ROWS - 1) // _ITEM_ROWS]):
            y = row(1 + _ITEM_ROWS * number)
            _draw_item(frame, item, y, language)
            if number == self.selected:
                select(frame, y, _ITEM_ROWS)


def _draw_item(frame: Framebuffer, item: HistoryItem, y: int, language: Language) -> None:
    body = font.body()
    turns = text("history.turns", language, turns=item.turns)
    width = body.width(turns)
    body.draw(frame, turns, TEXT_WIDTH - 2 - width, y + ROW)
    when = body.clip(item.when or text("history.undated", language), TEXT_WIDTH - width - 8)
    body.draw(frame, when, 9, y + ROW)
    body.draw(frame, body.clip(item.question, TEXT_WIDTH - 4), 2, y)
