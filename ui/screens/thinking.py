"""The question, and how much of the prompt has been read."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.strings import Language, text
from ui.view import View
from ui.widgets import ROW, ROWS, paragraph, row

_MARGIN = 5


@dataclass(frozen=True, slots=True)
class ThinkingView(View):
    """The prompt is being evaluated: `done` of `total` tokens (0 of 0: waiting for the model)."""

    question: str
    done: int = 0
    total: int = 0
    note: str = ""

    def draw(self, frame: Framebuffer, language: Language) -> None:
        status = text("thinking.thinking", language)
        if self.total and self.done < self.total:
            status = text("thinking.reading", language, done=self.done, total=self.total)
        footers = [status, self.note] if self.note and self.total else [self.note or status]
        rows = ROWS - len(footers)
        lines = paragraph(frame, self.question, 0, rows, x=_MARGIN, width=TEXT_WIDTH - _MARGIN)
        frame.fill(0, 0, 2, ROW * lines - 1)
        frame.dots(0, row(rows), TEXT_WIDTH)
        face = font.body()
        for number, footer in enumerate(footers, rows):
            face.draw(frame, face.clip_head(footer, TEXT_WIDTH), 0, row(number) + 1)
