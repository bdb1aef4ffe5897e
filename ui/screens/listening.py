"""Listening: what was understood so far, and in the gutter the level and the seconds."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font, icons
from ui.framebuffer import WIDTH, Framebuffer
from ui.gutter import Gutter, draw_in_cell
from ui.layout import TEXT_WIDTH, draw_lines
from ui.screens.compose import underline
from ui.strings import Language, text
from ui.textbox import TextBox
from ui.view import View
from ui.widgets import ROW, ROWS, centred, clamp, hint_row, row

_SEGMENTS = 12
_TEXT_TOP = 16
_box = TextBox()


@dataclass(frozen=True, slots=True)
class ListeningView(View):
    """`level` 0..1, `elapsed` seconds, `partial` text whose first `stable` characters stay."""

    level: float
    elapsed: float
    partial: str = ""
    stable: int = 0
    recognising: bool = False  # the microphone is closed, the text is still being found
    hands_free: bool = False  # silence ends it, not the release of a key
    waits_for: str = ""  # what is being installed before anything can be recognised

    def draw(self, frame: Framebuffer, language: Language) -> None:
        if self.partial:
            layout = _box.layout_of(self.partial)
            first = max(len(layout) - ROWS, 0)
            draw_lines(layout, frame, first, ROWS)
            underline(frame, layout, (self.stable, len(self.partial)), first, ROWS, solid=False)
        else:
            key = "listening.recognising" if self.recognising else "listening.speak"
            if self.recognising and self.waits_for:
                key = "listening.kept"
            centred(frame, text(key, language), _TEXT_TOP, font.large())
            if self.waits_for:
                centred(frame, self.waits_for, row(ROWS - 2))
            if self.recognising and self.waits_for:
                hint_row(frame, text("keys.kept", language))
            if not self.recognising:
                keys = "keys.hands-free" if self.hands_free else "keys.listening"
                hint_row(frame, text(keys, language))

    def draw_gutter(self, frame: Framebuffer, gutter: Gutter) -> None:
        """Microphone, a column of segments, the elapsed seconds."""
        draw_in_cell(frame, icons.MIC_OPEN if self.recognising else icons.MIC_LISTENING, 0)
        bottom = row(ROWS - 1) - 2
        lit = 0 if self.recognising else round(clamp(self.level) * _SEGMENTS)
        for segment in range(_SEGMENTS):
            y = bottom - 3 * segment
            if segment < lit:
                frame.fill(TEXT_WIDTH + 2, y - 1, 6, 2)
            else:
                frame.fill(TEXT_WIDTH + 4, y, 2, 1)
        seconds = f"{min(int(self.elapsed), 99)}"
        tiny = font.tiny()
        tiny.draw(frame, seconds, WIDTH - tiny.width(seconds) + 1, row(ROWS - 1) + ROW - 8)
