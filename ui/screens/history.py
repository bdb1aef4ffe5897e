"""The history browser: two conversations a page."""

from __future__ import annotations

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.strings import text
from ui.views import HistoryItem, HistoryView, Language
from ui.widgets import ROW, ROWS, centred, counter, row, select, title_bar

_ITEM_ROWS = 2


def draw_history(frame: Framebuffer, view: HistoryView, language: Language) -> None:
    position = view.first + view.selected + 1
    title_bar(frame, text("history.title", language), counter(position, view.total))
    if not view.items:
        centred(frame, text("history.empty", language), row(2))
    for number, item in enumerate(view.items[: (ROWS - 1) // _ITEM_ROWS]):
        y = row(1 + _ITEM_ROWS * number)
        _draw_item(frame, item, y, language)
        if number == view.selected:
            select(frame, y, _ITEM_ROWS)


def _draw_item(frame: Framebuffer, item: HistoryItem, y: int, language: Language) -> None:
    body = font.body()
    turns = text("history.turns", language, turns=item.turns)
    width = body.width(turns)
    body.draw(frame, turns, TEXT_WIDTH - 2 - width, y + ROW)
    when = body.clip(item.when or text("history.undated", language), TEXT_WIDTH - width - 8)
    body.draw(frame, when, 9, y + ROW)
    body.draw(frame, body.clip(item.question, TEXT_WIDTH - 4), 2, y)
