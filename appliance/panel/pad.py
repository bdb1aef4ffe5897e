"""The sixteen keys as a widget: they light up while down, and the mouse presses and holds them."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from appliance.panel.hardware import Language
from appliance.panel.palette import (
    DESK,
    GLASS,
    KEY,
    KEY_DOWN,
    KEY_INK,
    LETTER_INK,
    LETTER_KEY,
)
from appliance.panel.strokes import Stroke, StrokePlayer
from drivers.keys import Key
from ui.input.syllables import LETTERS
from ui.strings import Text

ROWS = (
    (Key.D1, Key.D2, Key.D3, Key.A),
    (Key.D4, Key.D5, Key.D6, Key.B),
    (Key.D7, Key.D8, Key.D9, Key.C),
    (Key.STAR, Key.D0, Key.HASH, Key.D),
)


class Cap(NamedTuple):
    """What is printed on a key: its name, what it types or does, the PC key."""

    name: str
    does: Text
    pc: str


CAPS = {
    Key.D0: Cap("0", Text("␣", "␣"), "0"),
    Key.D1: Cap("1", Text("，。", ",.?!"), "1"),
    **{Key(int(n)): Cap(n, Text(letters, letters), n) for n, letters in LETTERS.items()},
    Key.A: Cap("A", Text("停删", "stop"), "Esc"),
    Key.B: Cap("B", Text("汉En", "mode"), "Tab"),
    Key.C: Cap("C", Text("菜单", "menu"), "c"),
    Key.D: Cap("D", Text("发说", "send"), "⏎"),
    Key.STAR: Cap("*", Text("◂", "◂"), "←"),
    Key.HASH: Cap("#", Text("▸", "▸"), "→"),
}

_UP = tuple(Style(color=KEY_INK, bgcolor=shade) for shade in KEY)
_LETTER_UP = tuple(Style(color=LETTER_INK, bgcolor=shade) for shade in LETTER_KEY)
_DOWN = Style(color=GLASS, bgcolor=KEY_DOWN, bold=True)
_GAP = Style(bgcolor=DESK)


class Pad(Widget, can_focus=False):
    """`player` is told what the mouse does; `Key` caps are in `language`."""

    ALLOW_SELECT = False

    def __init__(self, player: StrokePlayer, language: Language = "zh") -> None:
        super().__init__()
        self.language: Language = language
        self._player = player
        self._held: Stroke | None = None

    def key_at(self, x: int, y: int) -> Key | None:
        """The key drawn at this cell; None: a gap, or outside."""
        row_height, key_width = self._key_size()
        row, column = y // row_height, x // (key_width + 1)
        on_key = x % (key_width + 1) < key_width and self._is_cap_row(y % row_height)
        inside = 0 <= row < 4 and 0 <= column < 4
        return ROWS[row][column] if inside and on_key else None

    def let_go(self) -> None:
        """Release what the mouse holds."""
        if self._held is not None:
            self._held.let_go()
            self._held = None
            self.release_mouse()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self.let_go()
        key = self.key_at(event.x, event.y)
        if key is not None:
            self.capture_mouse()
            self._held = self._player.hold(key)

    def on_mouse_up(self) -> None:
        self.let_go()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if event.button == 0:  # no button is down any more: its release got lost
            self.let_go()

    def render_line(self, y: int) -> Strip:
        row_height, key_width = self._key_size()
        row = y // row_height
        if row >= 4 or not self._is_cap_row(y % row_height):
            return Strip.blank(self.size.width, _GAP)
        segments: list[Segment] = []
        for column, key in enumerate(ROWS[row]):
            text = self._cap_line(CAPS[key], y % row_height, row_height)
            segments.append(
                Segment(set_cell_size(f" {text}", key_width), self._style(key, row, column))
            )
            segments.append(Segment(" ", _GAP))
        return Strip(segments[:-1])

    def _key_size(self) -> tuple[int, int]:
        return max(1, self.size.height // 4), max(1, (self.size.width - 3) // 4)

    def _is_cap_row(self, line: int) -> bool:
        """Keys three rows high and more keep their last row as the gap to the next."""
        row_height, _ = self._key_size()
        return row_height < 3 or line < row_height - 1

    def _cap_line(self, cap: Cap, line: int, row_height: int) -> str:
        does = cap.does.of(self.language)
        if row_height == 1:
            return f"{cap.name} {does}"
        pc = "" if cap.pc == cap.name else cap.pc
        return {0: f"{cap.name}  {pc}", 1: does}.get(line, "")

    def _style(self, key: Key, row: int, column: int) -> Style:
        if self._player.down is key:
            return _DOWN
        shade = (row + column) % 2
        return (_UP if key.is_digit or key in (Key.STAR, Key.HASH) else _LETTER_UP)[shade]
