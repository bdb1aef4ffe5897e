"""A page of text: faults, about, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import Layout, draw_lines
from ui.strings import Language, text
from ui.view import View
from ui.widgets import ROWS, counter, hint_row, row, title_bar


class Sign(Enum):
    """The icon of a message."""

    NONE = auto()
    INFO = auto()
    FAULT = auto()


_SIGNS = {Sign.NONE: "", Sign.INFO: "ⓘ ", Sign.FAULT: "⚠ "}


@dataclass(frozen=True, slots=True)
class MessageView(View):
    """A page of text with a title bar and a key line: faults, about, what to do next.

    `scroll` is the first line of `text` shown.
    """

    title: str
    text: str
    keys: str = ""
    sign: Sign = Sign.NONE
    scroll: int = 0

    def draw(self, frame: Framebuffer, language: Language) -> None:
        layout = Layout(font.body())
        layout.append(self.text)
        rows = ROWS - 2
        last = max(len(layout) - rows, 0)
        first = min(max(self.scroll, 0), last)
        title_bar(frame, _SIGNS[self.sign] + self.title, counter(first + 1, last + 1))
        draw_lines(layout, frame, first, rows, 0, row(1))
        hint_row(frame, self.keys or text("keys.message", language))
