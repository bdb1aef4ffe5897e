"""Rows of what was tested and found: self-test and latency."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from ui import font, icons
from ui.framebuffer import Framebuffer
from ui.strings import Language
from ui.view import View
from ui.widgets import LIST_WIDTH, ROWS, bar, counter, hint_row, row, title_bar

_MARK = 10  # px of the mark's column
_METER = 44


class Check(Enum):
    """Outcome of one row of the self-test."""

    WAITING = auto()
    OK = auto()
    WARN = auto()
    FAILED = auto()


_MARKS = {
    Check.OK: icons.TICK,
    Check.WARN: icons.CAUTION,
    Check.FAILED: icons.CROSS,
    Check.WAITING: icons.WAITING,
}


@dataclass(frozen=True, slots=True)
class SelfTestRow:
    """What was tested, what was found, how it went; `level` draws a meter for the value."""

    label: str
    value: str = ""
    check: Check = Check.WAITING
    level: float | None = None


@dataclass(frozen=True, slots=True)
class SelfTestView(View):
    """Self-test or latency page: four `rows` from `first` on, or three and a hint."""

    title: str
    rows: tuple[SelfTestRow, ...]
    first: int = 0
    hint: str = ""

    def draw(self, frame: Framebuffer, language: Language) -> None:
        rows = ROWS - 1 - bool(self.hint)
        shown = self.rows[self.first : self.first + rows]
        pages = max(len(self.rows) - rows + 1, 1)
        title_bar(frame, self.title, counter(self.first + 1, pages))
        for number, item in enumerate(shown, 1):
            _draw_row(frame, item, row(number))
        hint_row(frame, self.hint)


def _draw_row(frame: Framebuffer, item: SelfTestRow, y: int) -> None:
    mark = _MARKS[item.check]
    frame.draw(mark, LIST_WIDTH - _MARK + (_MARK - mark.width) // 2, y + (11 - mark.height) // 2)
    body = font.body()
    right = LIST_WIDTH - _MARK - 3
    if item.level is not None:
        bar(frame, right - _METER, y + 2, _METER, 7, item.level)
        right -= _METER + 4
    else:
        value = body.clip(item.value, right * 2 // 3)
        body.draw(frame, value, right - body.width(value), y)
        right -= body.width(value) + 4
    body.draw(frame, body.clip(item.label, right), 0, y)
