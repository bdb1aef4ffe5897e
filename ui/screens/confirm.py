"""Something that cannot be undone: the key line fills while D is held."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.strings import Language, text
from ui.view import View
from ui.widgets import ROW, ROWS, clamp, paragraph, row, title_bar


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
        keys = body.clip(text("keys.confirm", language), TEXT_WIDTH - 4)
        body.draw(frame, keys, (TEXT_WIDTH - body.width(keys)) // 2, top)
        frame.dots(0, top - 1, TEXT_WIDTH)
        frame.invert(0, top, round(clamp(self.held) * TEXT_WIDTH), ROW)
