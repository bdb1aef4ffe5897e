"""A page of text: faults, about, what to do next."""

from __future__ import annotations

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import Layout, draw_lines
from ui.strings import text
from ui.views import Language, MessageView, Sign
from ui.widgets import ROWS, counter, hint_row, row, title_bar

_SIGNS = {Sign.NONE: "", Sign.INFO: "ⓘ ", Sign.FAULT: "⚠ "}


def draw_message(frame: Framebuffer, view: MessageView, language: Language) -> None:
    layout = Layout(font.body())
    layout.append(view.text)
    rows = ROWS - 2
    last = max(len(layout) - rows, 0)
    first = min(max(view.scroll, 0), last)
    title_bar(frame, _SIGNS[view.sign] + view.title, counter(first + 1, last + 1))
    draw_lines(layout, frame, first, rows, 0, row(1))
    hint_row(frame, view.keys or text("keys.message", language))
