"""A short note in a box over the lower rows."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH, Layout, draw_lines
from ui.widgets import ROW, ROWS, bar, row

_MARGIN = 5
_ROWS = 3
_BAR = 9


@dataclass(frozen=True, slots=True)
class Toast:
    """A short note over the lower lines; `fraction` adds a bar (volume)."""

    text: str
    fraction: float | None = None


def draw_toast(frame: Framebuffer, toast: Toast) -> None:
    layout = Layout(font.body(), TEXT_WIDTH - 2 * _MARGIN)
    layout.append(toast.text)
    rows = min(len(layout), _ROWS)
    height = ROW * rows + 5 + (_BAR if toast.fraction is not None else 0)
    width = max(layout[number].right for number in range(rows)) + 2 * _MARGIN
    if rows > 1 or toast.fraction is not None:
        width = TEXT_WIDTH
    x, y = (TEXT_WIDTH - width) // 2, row(ROWS) - height - 1
    covered = y // ROW * ROW  # whole rows, not half of one
    frame.clear(0, covered, TEXT_WIDTH, row(ROWS) - covered)
    frame.frame(x, y, width, height)
    draw_lines(layout, frame, 0, rows, x + _MARGIN, y + 3)
    if toast.fraction is not None:
        bar(frame, x + _MARGIN, y + 3 + ROW * rows, width - 2 * _MARGIN, 7, toast.fraction)
