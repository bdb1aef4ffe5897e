"""Candidates of one word; the word is inverse in the sentence above them."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH, draw_lines
from ui.screens.compose import draw_pinyin, invert, underline
from ui.strings import Language
from ui.textbox import TextBox, window
from ui.view import View
from ui.widgets import counter, draw_candidates, row

_ROWS = 2  # of the sentence
_AHEAD = 100
_box = TextBox()


@dataclass(frozen=True, slots=True)
class ChooseView(View):
    """Choosing a candidate for one word of the sentence; only here digits pick.

    `before` and `after` are the text around the composition; `words` are its words,
    `words[current]` is inverse. `candidates` are those of this page, at most 9 and no more than
    `ui.widgets.candidates_that_fit` says; `page` counts from 1.
    """

    words: tuple[str, ...]
    current: int
    pinyin: str
    candidates: tuple[str, ...]
    page: int
    pages: int
    before: str = ""
    after: str = ""

    def draw(self, frame: Framebuffer, language: Language) -> None:
        layout = _box.layout_of(self.before + "".join(self.words) + self.after[:_AHEAD])
        at = len(self.before)
        spans = []
        for word in self.words:
            spans.append((at, at + len(word)))
            at += len(word)
        start, end = spans[self.current] if self.words else (at, at)
        last = layout.line_of(max(end - 1, start))
        first = window(_ROWS, len(layout), min(last + 1, len(layout) - 1))
        first = min(first, layout.line_of(start))
        draw_lines(layout, frame, first, _ROWS)
        for number, span in enumerate(spans):
            if number != self.current:
                underline(frame, layout, span, first, _ROWS, solid=False)
        invert(frame, layout, (start, end), first, _ROWS)
        _draw_reading(frame, self)
        draw_candidates(frame, self.candidates, row(_ROWS + 1))


def _draw_reading(frame: Framebuffer, view: ChooseView) -> None:
    tiny = font.tiny()
    pages = counter(view.page, view.pages)
    width = tiny.width(pages)
    draw_pinyin(frame, view.pinyin, _ROWS, width + 6 if pages else 0)
    tiny.draw(frame, pages, TEXT_WIDTH - width, row(_ROWS) + 4)
