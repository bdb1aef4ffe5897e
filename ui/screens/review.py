"""What was heard, before it is sent."""

from __future__ import annotations

from ui.framebuffer import Framebuffer
from ui.screens.compose import draw_box
from ui.strings import text
from ui.views import ComposeView, Language, ReviewView
from ui.widgets import ROWS, hint_row


def draw_review(frame: Framebuffer, view: ReviewView, language: Language) -> None:
    draw_box(frame, ComposeView(view.text, view.caret), ROWS - 1)
    hint_row(frame, text("keys.review", language))
