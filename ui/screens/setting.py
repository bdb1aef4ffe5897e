"""One setting being changed."""

from __future__ import annotations

from ui import font, icons
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.strings import text
from ui.views import Language, SettingView
from ui.widgets import bar, centred, hint_row, row, title_bar

_VALUE_TOP = 17


def draw_setting(frame: Framebuffer, view: SettingView, language: Language) -> None:
    title_bar(frame, view.title)
    large = font.large()
    value = large.clip(view.value, TEXT_WIDTH - 28)
    centred(frame, value, _VALUE_TOP, large)
    middle = _VALUE_TOP + 5
    frame.draw(icons.LEFT, 4, middle)
    frame.draw(icons.RIGHT, TEXT_WIDTH - 4 - icons.RIGHT.width, middle)
    if view.fraction is not None:
        bar(frame, 10, row(3), TEXT_WIDTH - 20, 7, view.fraction)
    hint_row(frame, view.hint or text("keys.setting", language))
