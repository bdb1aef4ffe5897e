"""The key legend: what the PC's keys do, packed into the room there is."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from appliance.panel.hardware import Language
from appliance.panel.palette import DESK, FAINT

# What matters most stands first: a small terminal drops from the end.
ITEMS: dict[Language, tuple[str, ...]] = {
    "zh": (
        "0–9=数字键",
        "Esc=A",
        "Tab=B",
        "c=C",
        "Enter=D",
        "←→=* #",
        "空格=说话开/关",
        "Shift+键=长按",
        "w=送WAV进话筒",
        "^C=退出",
        "ABCD大写=长按",
        "鼠标按住=按住",
        "g=点阵/半块",
    ),
    "en": (
        "0–9=digits",
        "Esc=A",
        "Tab=B",
        "c=C",
        "Enter=D",
        "←→=* #",
        "Space=talk on/off",
        "Shift+key=long",
        "w=WAV as mic",
        "^C=quit",
        "capitals ABCD=long",
        "mouse holds",
        "g=braille/blocks",
    ),
}
_SEPARATOR = "  "
_STYLE = Style(color=FAINT, bgcolor=DESK)


def pack(items: tuple[str, ...], width: int, rows: int) -> list[str]:
    """Lines of whole items, at most `rows` of at most `width` cells; what is left is dropped."""
    lines: list[str] = []
    for item in items:
        longer = lines[-1] + _SEPARATOR + item if lines else item
        if lines and cell_len(longer) <= width:
            lines[-1] = longer
        elif len(lines) < rows:
            lines.append(item)
        else:
            break
    return lines


class Legend(Widget, can_focus=False):
    def __init__(self, language: Language = "zh") -> None:
        super().__init__()
        self.language: Language = language

    def render_line(self, y: int) -> Strip:
        lines = pack(ITEMS[self.language], self.size.width, self.size.height)
        text = lines[y] if y < len(lines) else ""
        return Strip([Segment(set_cell_size(text, self.size.width), _STYLE)])
