"""Digits that are being entered, large: a time of day, a date, a code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ui import font
from ui.framebuffer import Framebuffer
from ui.strings import Language
from ui.view import View
from ui.widgets import ROWS, centred, hint_row, row, title_bar

_TOP = 12


@dataclass(frozen=True, slots=True)
class EntryView(View):
    """`digits` stand large, with `-` where one is still to come; `line` under them."""

    in_rows: ClassVar[bool] = False

    title: str
    digits: str
    line: str = ""
    hint: str = ""

    def draw(self, frame: Framebuffer, language: Language) -> None:
        title_bar(frame, self.title)
        is_clock = set(self.digits) <= set("0123456789:-")
        face = font.clock() if is_clock else font.large()
        centred(frame, self.digits, _TOP if is_clock else _TOP + 4, face)
        centred(frame, self.line, row(ROWS - 2))
        hint_row(frame, self.hint)
