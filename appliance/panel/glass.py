"""The OLED as a widget: dark glass, cold white pixels, and a frame where there is room."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from appliance.panel.arrange import GlassMode
from appliance.panel.palette import DESK, FRAME, GLASS, PIXEL
from appliance.panel.pixels import FRAME_BYTES, braille_rows, half_block_rows

_PIXELS = Style(color=PIXEL, bgcolor=GLASS)
_FRAME = Style(color=FRAME, bgcolor=DESK)
_OUTSIDE = Style(bgcolor=DESK)


class Glass(Widget, can_focus=False):
    """Draws the last frame that `show` was given; `text_rows` is what stands on it."""

    def __init__(self) -> None:
        super().__init__()
        self._frame = bytes(FRAME_BYTES)
        self._mode = GlassMode.BRAILLE
        self._framed = True
        self.text_rows = braille_rows(self._frame)

    def show(self, frame: bytes) -> None:
        """Draw `frame`; only the rows that differ are sent to the terminal."""
        if frame is self._frame or frame == self._frame:
            return
        self._frame = frame
        self._redraw()

    def take_shape(self, mode: GlassMode, framed: bool) -> None:
        if (mode, framed) != (self._mode, self._framed):
            self._mode, self._framed = mode, framed
            self.text_rows = []
            self._redraw()
            self.refresh()

    def _redraw(self) -> None:
        braille = self._mode is GlassMode.BRAILLE
        rows = braille_rows(self._frame) if braille else half_block_rows(self._frame)
        offset = 1 if self._framed else 0
        if len(rows) == len(self.text_rows):
            changed = [y for y, row in enumerate(rows) if row != self.text_rows[y]]
            self.refresh(*(Region(0, y + offset, self.size.width, 1) for y in changed))
        self.text_rows = rows

    def render_line(self, y: int) -> Strip:
        if not self._framed:
            return self._pixels(y)
        if y == 0:
            return self._edge("╭", "╮")
        if y == self._mode.rows + 1:
            return self._edge("╰", "╯")
        side = Strip([Segment("│", _FRAME)])
        return Strip.join([side, self._pixels(y - 1), side])

    def _pixels(self, row: int) -> Strip:
        if row >= len(self.text_rows):
            return Strip.blank(self.size.width, _OUTSIDE)
        return Strip([Segment(self.text_rows[row], _PIXELS)], self._mode.columns)

    def _edge(self, left: str, right: str) -> Strip:
        return Strip([Segment(left + "─" * self._mode.columns + right, _FRAME)])
