"""What was heard, before it is sent."""

from __future__ import annotations

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.screens.compose import draw_box
from ui.strings import text
from ui.views import ComposeView, Language, ReviewView
from ui.widgets import ROWS, hint_row, row


def draw_review(frame: Framebuffer, view: ReviewView, language: Language) -> None:
    draw_box(frame, ComposeView(view.text, view.caret), ROWS - 1)
    hint_row(frame, text("keys.review", language))
    if view.remaining is not None:
        tiny = font.tiny()
        left = f"{view.remaining:.0f}s"
        width = tiny.width(left)
        top = row(ROWS - 1)
        frame.clear(TEXT_WIDTH - width - 2, top, width + 2, 12)
        tiny.draw(frame, left, TEXT_WIDTH - width, top + 4)
