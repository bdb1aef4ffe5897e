"""Candidates of one word; the word is inverse in the sentence above them."""

from __future__ import annotations

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH, draw_lines
from ui.screens.compose import draw_pinyin, invert, underline
from ui.textbox import TextBox, window
from ui.views import ChooseView
from ui.widgets import counter, draw_candidates, row

_ROWS = 2  # of the sentence
_AHEAD = 100
_box = TextBox()


def draw_choose(frame: Framebuffer, view: ChooseView) -> None:
    layout = _box.layout_of(view.before + "".join(view.words) + view.after[:_AHEAD])
    at = len(view.before)
    spans = []
    for word in view.words:
        spans.append((at, at + len(word)))
        at += len(word)
    start, end = spans[view.current] if view.words else (at, at)
    last = layout.line_of(max(end - 1, start))
    first = window(_ROWS, len(layout), min(last + 1, len(layout) - 1))
    first = min(first, layout.line_of(start))
    draw_lines(layout, frame, first, _ROWS)
    for number, span in enumerate(spans):
        if number != view.current:
            underline(frame, layout, span, first, _ROWS, solid=False)
    invert(frame, layout, (start, end), first, _ROWS)
    _draw_reading(frame, view)
    draw_candidates(frame, view.candidates, row(_ROWS + 1))


def _draw_reading(frame: Framebuffer, view: ChooseView) -> None:
    tiny = font.tiny()
    pages = counter(view.page, view.pages)
    width = tiny.width(pages)
    draw_pinyin(frame, view.pinyin, _ROWS, width + 6 if pages else 0)
    tiny.draw(frame, pages, TEXT_WIDTH - width, row(_ROWS) + 4)
