"""Home: the clock, the date, what is not ready yet."""

from __future__ import annotations

from ui import font
from ui.framebuffer import Framebuffer
from ui.screens.boot import draw_name
from ui.strings import text
from ui.views import HomeView, Language
from ui.widgets import ROWS, centred, hint_row, row

_CLOCK_TOP = 2


def draw_home(frame: Framebuffer, view: HomeView, language: Language) -> None:
    if view.clock:
        centred(frame, view.clock, _CLOCK_TOP, font.clock())
    else:
        draw_name(frame, 0)
    date = view.date or text("home.no-clock", language)
    lines = view.lines[:2]
    if len(lines) < 2:
        centred(frame, date, row(2) + 6)
    if lines:
        for number, line in enumerate(lines, ROWS - len(lines)):
            centred(frame, line, row(number))
    elif view.hints:
        hint_row(frame, text("keys.home", language))
