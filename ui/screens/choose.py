"""Candidates of one word; the word is inverse in the sentence above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH, draw_lines
from ui.screens.compose import invert, underline
from ui.screens.pinyin_row import Focus, draw_pinyin
from ui.strings import Language
from ui.textbox import TextBox, window
from ui.view import View
from ui.widgets import counter, draw_candidates, row

SENTENCE_ROWS = 2
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
        start = sum(map(len, self.words[: self.current]))
        end = start + len(self.words[self.current]) if self.words else start
        draw_sentence(frame, self.before, self.words, self.after, (start, end))
        draw_reading(frame, self.pinyin, self.page, self.pages)
        draw_candidates(frame, self.candidates, row(SENTENCE_ROWS + 1))


def draw_sentence(
    frame: Framebuffer, before: str, words: Sequence[str], after: str, current: tuple[int, int]
) -> None:
    """The rows around `current`, which is inverse: from where to where in the joined words."""
    layout = _box.layout_of(before + "".join(words) + after[:_AHEAD])
    at = len(before)
    start, end = at + current[0], at + current[1]
    last = layout.line_of(max(end - 1, start))
    first = window(SENTENCE_ROWS, len(layout), min(last + 1, len(layout) - 1))
    first = min(first, layout.line_of(start))
    draw_lines(layout, frame, first, SENTENCE_ROWS)
    for word in words:
        for span in ((at, min(at + len(word), start)), (max(at, end), at + len(word))):
            if span[0] < span[1]:
                underline(frame, layout, span, first, SENTENCE_ROWS, solid=False)
        at += len(word)
    invert(frame, layout, (start, end), first, SENTENCE_ROWS)


def draw_reading(
    frame: Framebuffer, pinyin: str, page: int, pages: int, focus: Focus | None = None
) -> None:
    """The pinyin in the row under the sentence, with the page's number at its right."""
    tiny = font.tiny()
    shown = counter(page, pages)
    width = tiny.width(shown)
    draw_pinyin(frame, pinyin, SENTENCE_ROWS, width + 6 if shown else 0, focus)
    tiny.draw(frame, shown, TEXT_WIDTH - width, row(SENTENCE_ROWS) + 4)
