"""A short note in a box over the lower rows."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH, Layout, draw_lines
from ui.strip import TOP
from ui.widgets import ROW, ROWS, bar, row

_MARGIN = 5
_ROWS = 4
_BAR = 9
_HANGING = 1  # px of hints below the last row


@dataclass(frozen=True, slots=True)
class Toast:
    """A short note over the lower lines; `fraction` adds a bar (volume)."""

    text: str
    fraction: float | None = None


def draw_toast(frame: Framebuffer, toast: Toast, *, in_rows: bool = True) -> None:
    """Nothing under it is shown by half: `in_rows`, what it covers stands in rows of text."""
    layout = Layout(font.body(), TEXT_WIDTH - 2 * _MARGIN)
    layout.append(toast.text)
    rows = min(len(layout), _ROWS)
    height = ROW * rows + 5 + (_BAR if toast.fraction is not None else 0)
    width = max(layout[number].right for number in range(rows)) + 2 * _MARGIN
    if rows > 1 or toast.fraction is not None:
        width = TEXT_WIDTH
    x, y = (TEXT_WIDTH - width) // 2, row(ROWS) - height - 1
    covered = y // ROW * ROW if in_rows else _gap_above(frame, y)
    frame.clear(0, covered, TEXT_WIDTH, TOP - covered + _HANGING)
    frame.frame(x, y, width, height)
    draw_lines(layout, frame, 0, rows, x + _MARGIN, y + 3)
    if toast.fraction is not None:
        bar(frame, x + _MARGIN, y + 3 + ROW * rows, width - 2 * _MARGIN, 7, toast.fraction)


def _gap_above(frame: Framebuffer, y: int) -> int:
    """The row nearest to y, and not below it, with a blank one above."""
    while y and any(frame.pixel(x, y - 1) for x in range(TEXT_WIDTH)):
        y -= 1
    return y
