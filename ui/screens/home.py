"""Home: the clock, the date, what is not ready yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ui import font
from ui.framebuffer import Framebuffer
from ui.screens.boot import draw_name
from ui.strings import Language, text
from ui.view import View
from ui.widgets import ROWS, centred, hint_row, row

_CLOCK_TOP = 2


@dataclass(frozen=True, slots=True)
class HomeView(View):
    """`clock` is "HH:MM", or "" while the clock is not set; `date` a line under it.

    `lines`: at most two short lines of state (what is loading, the next alarm).
    """

    in_rows: ClassVar[bool] = False

    clock: str = ""
    date: str = ""
    lines: tuple[str, ...] = ()
    hints: bool = True

    def draw(self, frame: Framebuffer, language: Language) -> None:
        if self.clock:
            centred(frame, self.clock, _CLOCK_TOP, font.clock())
        else:
            draw_name(frame, 0)
        date = self.date or text("home.no-clock", language)
        lines = self.lines[:2]
        if len(lines) < 2:
            centred(frame, date, row(2) + 6)
        if lines:
            for number, line in enumerate(lines, ROWS - len(lines)):
                centred(frame, line, row(number))
        elif self.hints:
            hint_row(frame, text("keys.home", language))
