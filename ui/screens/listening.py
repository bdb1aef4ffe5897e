"""Listening: what was understood so far, and in the gutter the level and the seconds."""

from __future__ import annotations

from ui import font, icons
from ui.framebuffer import WIDTH, Framebuffer
from ui.gutter import draw_in_cell
from ui.layout import TEXT_WIDTH, draw_lines
from ui.screens.compose import underline
from ui.strings import text
from ui.textbox import TextBox
from ui.views import Language, ListeningView
from ui.widgets import ROW, ROWS, centred, clamp, hint_row, row

_SEGMENTS = 12
_box = TextBox()


def draw_listening(frame: Framebuffer, view: ListeningView, language: Language) -> None:
    if view.partial:
        layout = _box.layout_of(view.partial)
        first = max(len(layout) - ROWS, 0)
        draw_lines(layout, frame, first, ROWS)
        underline(frame, layout, (view.stable, len(view.partial)), first, ROWS, solid=False)
    else:
        key = "listening.recognising" if view.recognising else "listening.speak"
        centred(frame, text(key, language), row(1), font.large())
        if not view.recognising:
            hint_row(frame, text("keys.listening", language))
    _draw_meter(frame, view)


def _draw_meter(frame: Framebuffer, view: ListeningView) -> None:
    """Microphone, a column of segments, the elapsed seconds."""
    draw_in_cell(frame, icons.MIC_OPEN if view.recognising else icons.MIC_LISTENING, 0)
    bottom = row(ROWS - 1) - 2
    lit = 0 if view.recognising else round(clamp(view.level) * _SEGMENTS)
    for segment in range(_SEGMENTS):
        y = bottom - 3 * segment
        if segment < lit:
            frame.fill(TEXT_WIDTH + 2, y - 1, 6, 2)
        else:
            frame.fill(TEXT_WIDTH + 4, y, 2, 1)
    seconds = f"{min(int(view.elapsed), 99)}"
    tiny = font.tiny()
    tiny.draw(frame, seconds, WIDTH - tiny.width(seconds) + 1, row(ROWS - 1) + ROW - 8)
