"""Something that cannot be undone: its button fills while D is held."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font
from ui.framebuffer import Framebuffer
from ui.strings import Language, text
from ui.view import View
from ui.widgets import LIST_WIDTH, ROW, ROWS, clamp, paragraph, row, title_bar


@dataclass(frozen=True, slots=True)
class ConfirmView(View):
    """Something that cannot be undone: long D does it, A leaves. `held` 0..1 of the long press."""

    title: str
    text: str
    held: float = 0.0

    def draw(self, frame: Framebuffer, language: Language) -> None:
        title_bar(frame, self.title)
        paragraph(frame, self.text, row(1), ROWS - 2)
        top = row(ROWS - 1)
        body = font.body()
        keys = body.clip(text("keys.confirm", language), LIST_WIDTH - 4)
        body.draw(frame, keys, (LIST_WIDTH - body.width(keys)) // 2, top)
        frame.frame(0, top - 1, LIST_WIDTH, ROW + 1)
        frame.invert(1, top, round(clamp(self.held) * (LIST_WIDTH - 2)), ROW - 1)
