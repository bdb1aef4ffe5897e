"""Editable text to lines: keeps the last layout and redoes only what an edit changed."""

from __future__ import annotations

from ui.font import Face, body
from ui.layout import TEXT_WIDTH, Layout


class TextBox:
    """A memo of one layout. The result depends on the text alone; only the cost on the history."""

    def __init__(self, width: int = TEXT_WIDTH) -> None:
        self._width = width
        self._face: Face | None = None
        self._text = ""

    def layout_of(self, text: str) -> Layout:
        """The lines of this text. Valid until the next call."""
        if self._face is None:  # fonts open at the first use, not at import
            self._face = body()
            self._layout = Layout(self._face, self._width)
        same = common_prefix(self._text, text)
        start = same if same == len(self._text) else self._layout.rewind(same)
        self._layout.append(text[start:])
        self._text = text
        return self._layout


def common_prefix(one: str, other: str) -> int:
    """Length of the longest common prefix; compares slices, so that long texts stay cheap."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def position(layout: Layout, offset: int) -> tuple[int, int]:
    """(line, x) of a caret before this source offset; past a full last line, on the next one."""
    number = layout.line_of(offset)
    x = layout[number].x_of(offset)
    if x >= layout.width:
        return number + 1, 0
    return number, x


def window(rows: int, lines: int, kept: int) -> int:
    """The first of `rows` visible lines among `lines` so that line `kept` is visible."""
    return max(min(kept - rows + 1, lines - 1), 0)
