"""A list to move in and enter; digits jump to its rows."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font, icons
from ui.framebuffer import Framebuffer
from ui.strings import Language, text
from ui.view import View
from ui.widgets import (
    KEYS_PER_PAGE,
    LIST_WIDTH,
    ROWS,
    counter,
    hint_row,
    row,
    select,
    text_row,
    title_bar,
)

_LABEL = 9  # px: the label's left edge, after the digit
_GAP = 4


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One row of a menu; `value` stands at the right. `enabled` false: shown, cannot be entered.

    `note` stands in the last row while this one is selected: what there is no room for here.
    """

    label: str
    value: str = ""
    enabled: bool = True
    checked: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class MenuView(View):
    """A title bar, up to four items around the selected one, a hint in place of the last if set.

    Used for every list that one enters: main menu, settings, models, history.
    """

    title: str
    items: tuple[MenuItem, ...]
    selected: int
    hint: str = ""

    def draw(self, frame: Framebuffer, language: Language) -> None:
        total = len(self.items)
        title_bar(frame, self.title, counter(self.selected + 1, total))
        if not total:
            text_row(frame, text("menu.empty", language), 1, x=_LABEL)
        hint = self.items[self.selected].note if total else ""
        hint = hint or self.hint
        rows = ROWS - 1 - bool(hint)
        first = min(max(self.selected - rows // 2, 0), max(total - rows, 0))
        for number in range(first, min(first + rows, total)):
            selected = number == self.selected
            _draw_item(frame, self.items[number], number, row(1 + number - first), selected)
        hint_row(frame, hint)


def _draw_item(frame: Framebuffer, item: MenuItem, number: int, y: int, selected: bool) -> None:
    body, tiny = font.body(), font.tiny()
    if item.checked:
        frame.draw(icons.TICK, 0, y + 3)
    else:
        key = f"{number + 1}" if number < KEYS_PER_PAGE else ""
        tiny.draw(frame, key if item.enabled else "×", 3, y + 3)
    right = LIST_WIDTH - 2 if item.value else LIST_WIDTH
    label_room = right - _LABEL
    if item.value:
        value = body.clip(item.value, min(label_room * 2 // 3, label_room - 24))
        body.draw(frame, value, right - body.width(value), y)
        label_room -= body.width(value) + _GAP
    body.draw(frame, body.clip(item.label, label_room), _LABEL, y)
    if selected:
        select(frame, y)
