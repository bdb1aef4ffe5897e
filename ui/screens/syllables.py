"""The syllable bar: ways to split the keys, in two rows under the text."""

from __future__ import annotations

from dataclasses import dataclass

from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.screens.compose import ComposeView, draw_box
from ui.strings import Language
from ui.view import View
from ui.widgets import ROWS, draw_candidates, row

_BAR_ROWS = 2


@dataclass(frozen=True, slots=True)
class SyllableView(View):
    """The ways to split the keys, in place of pinyin line and hint: digits pick, as for words.

    `splits` are those of this page, no more than `ui.widgets.candidates_that_fit` says.
    """

    compose: ComposeView
    splits: tuple[str, ...]

    def draw(self, frame: Framebuffer, language: Language) -> None:
        top = row(ROWS - _BAR_ROWS)
        draw_box(frame, self.compose, ROWS - _BAR_ROWS)
        frame.dots(0, top - 1, TEXT_WIDTH)
        draw_candidates(frame, self.splits, top)
