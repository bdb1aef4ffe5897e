"""What was heard, before it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from ui.framebuffer import Framebuffer
from ui.screens.compose import ComposeView, draw_box
from ui.strings import Language, text
from ui.view import View
from ui.widgets import ROWS, hint_row


@dataclass(frozen=True, slots=True)
class ReviewView(View):
    """What was heard, before it is sent in `remaining` seconds (None: waits for D)."""

    text: str
    caret: int
    remaining: float | None = None

    def draw(self, frame: Framebuffer, language: Language) -> None:
        draw_box(frame, ComposeView(self.text, self.caret), ROWS - 1)
        hint_row(frame, text("keys.review", language))
