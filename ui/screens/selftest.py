"""Rows of what was tested and found: self-test and latency."""

from __future__ import annotations

from ui import font, icons
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.views import Check, SelfTestRow, SelfTestView
from ui.widgets import ROWS, bar, counter, row, title_bar

_MARKS = {
    Check.OK: icons.TICK,
    Check.WARN: icons.CAUTION,
    Check.FAILED: icons.CROSS,
    Check.WAITING: icons.WAITING,
}
_MARK = 10  # px of the mark's column
_METER = 48


def draw_self_test(frame: Framebuffer, view: SelfTestView) -> None:
    shown = view.rows[view.first : view.first + ROWS - 1]
    pages = max(len(view.rows) - ROWS + 2, 1)
    title_bar(frame, view.title, counter(view.first + 1, pages))
    for number, item in enumerate(shown, 1):
        _draw_row(frame, item, row(number))


def _draw_row(frame: Framebuffer, item: SelfTestRow, y: int) -> None:
    mark = _MARKS[item.check]
    frame.draw(mark, TEXT_WIDTH - _MARK + (_MARK - mark.width) // 2, y + (11 - mark.height) // 2)
    body = font.body()
    right = TEXT_WIDTH - _MARK - 3
    if item.level is not None:
        bar(frame, right - _METER, y + 2, _METER, 7, item.level)
        right -= _METER + 4
    else:
        value = body.clip(item.value, right * 2 // 3)
        body.draw(frame, value, right - body.width(value), y)
        right -= body.width(value) + 4
    body.draw(frame, body.clip(item.label, right), 0, y)
