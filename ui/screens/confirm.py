"""Something that cannot be undone: the key line fills while D is held."""

from __future__ import annotations

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.strings import text
from ui.views import ConfirmView, Language
from ui.widgets import ROW, ROWS, clamp, paragraph, row, title_bar


def draw_confirm(frame: Framebuffer, view: ConfirmView, language: Language) -> None:
    title_bar(frame, view.title)
    paragraph(frame, view.text, row(1) + 1, ROWS - 2)
    top = row(ROWS - 1)
    body = font.body()
    keys = body.clip(text("keys.confirm", language), TEXT_WIDTH - 4)
    body.draw(frame, keys, (TEXT_WIDTH - body.width(keys)) // 2, top)
    frame.hline(0, top - 1, TEXT_WIDTH)
    frame.invert(0, top, round(clamp(view.held) * TEXT_WIDTH), ROW)
