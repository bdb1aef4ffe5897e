"""Something that comes over everything: what it is, large, and its ways out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.strings import Language, text
from ui.view import View
from ui.widgets import LIST_WIDTH, ROWS, centred, counter, hint_row, paragraph, row, select

_BIG_TOP = 13
_TEXT_ROW = 3  # under the digits


@dataclass(frozen=True, slots=True)
class AlertView(View):
    """`big` is a few digits, or "" where `text` has their room too. `count`: so many wait in all.

    `snoozes`: every key but those that stop it puts it off, and the last row says so.
    """

    in_rows: ClassVar[bool] = False

    title: str
    big: str = ""
    text: str = ""
    count: int = 1
    snoozes: bool = True

    def draw(self, frame: Framebuffer, language: Language) -> None:
        body, tiny = font.body(), font.tiny()
        of_all = counter(1, self.count)
        room = LIST_WIDTH - 4 - (tiny.width(of_all) + 4 if of_all else 0)
        body.draw(frame, body.clip(self.title, room), 2, 0)
        tiny.draw(frame, of_all, LIST_WIDTH - 2 - tiny.width(of_all), 3)
        select(frame, 0)
        if self.big:
            centred(frame, self.big, _BIG_TOP, font.clock())
            _one_row(frame, self.text, row(_TEXT_ROW))
        else:
            paragraph(frame, self.text, row(1), ROWS - 2)
        hint_row(frame, text("keys.alert" if self.snoozes else "keys.alert-seen", language))


def _one_row(frame: Framebuffer, said: str, y: int) -> None:
    """In the middle, or from the left where it fills the row and more."""
    if font.body().width(said) <= TEXT_WIDTH:
        centred(frame, said, y)
    else:
        paragraph(frame, said, y, 1)
