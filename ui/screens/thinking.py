"""The question, and how much of the prompt has been read."""

from __future__ import annotations

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.strings import text
from ui.views import Language, ThinkingView
from ui.widgets import ROW, ROWS, paragraph, row

_MARGIN = 5


def draw_thinking(frame: Framebuffer, view: ThinkingView, language: Language) -> None:
    status = text("thinking.thinking", language)
    if view.total and view.done < view.total:
        status = text("thinking.reading", language, done=view.done, total=view.total)
    footers = [status, view.note] if view.note and view.total else [view.note or status]
    rows = ROWS - len(footers)
    lines = paragraph(frame, view.question, 0, rows, x=_MARGIN, width=TEXT_WIDTH - _MARGIN)
    frame.fill(0, 0, 2, ROW * lines - 1)
    frame.dots(0, row(rows) - 1, TEXT_WIDTH)
    face = font.body()
    for number, footer in enumerate(footers, rows):
        face.draw(frame, face.clip_head(footer, TEXT_WIDTH), 0, row(number))
