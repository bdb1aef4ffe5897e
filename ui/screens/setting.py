"""One setting being changed."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font, icons
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.strings import Language, text
from ui.view import View
from ui.widgets import bar, centred, hint_row, row, title_bar

_VALUE_TOP = 17
VALUE_WIDTH = TEXT_WIDTH - 28  # px between the arrows


@dataclass(frozen=True, slots=True)
class SettingView(View):
    """One setting being changed: its value as text and, where it has a range, as a fraction.

    `note` says when it takes effect, where that is not at once.
    """

    title: str
    value: str
    fraction: float | None = None
    note: str = ""

    def draw(self, frame: Framebuffer, language: Language) -> None:
        title_bar(frame, self.title)
        large, body, middle = font.large(), font.body(), _VALUE_TOP + 5
        if large.width(self.value) <= VALUE_WIDTH:
            centred(frame, self.value, _VALUE_TOP, large)
        else:
            centred(frame, body.clip(self.value, VALUE_WIDTH), _VALUE_TOP + 2, body)
        frame.draw(icons.LEFT, 4, middle)
        frame.draw(icons.RIGHT, TEXT_WIDTH - 4 - icons.RIGHT.width, middle)
        if self.fraction is not None:
            bar(frame, 10, row(3), TEXT_WIDTH - 20, 7, self.fraction)
        hint_row(frame, self.note or text("keys.setting", language))
