"""The question, and what is being installed before it can be answered."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH, Layout
from ui.strings import Language, text
from ui.view import View
from ui.widgets import ROW, ROWS, hint_row, paragraph, row

_MARGIN = 5
_MOST_ROWS = 2


@dataclass(frozen=True, slots=True)
class WaitingView(View):
    """`what` the answer waits for and how far it is, or why it stands still: two rows at most."""

    question: str
    what: str

    def draw(self, frame: Framebuffer, language: Language) -> None:
        whole = Layout(font.body(), TEXT_WIDTH)
        whole.append(self.what)
        below = min(len(whole), _MOST_ROWS)
        rows = ROWS - 1 - below
        lines = paragraph(frame, self.question, 0, rows, x=_MARGIN, width=TEXT_WIDTH - _MARGIN)
        frame.fill(0, 0, 2, ROW * lines - 1)
        paragraph(frame, self.what, row(rows), below)
        hint_row(frame, text("keys.waiting", language))
