"""Two rows under everything: what is being installed, and what the box does."""

from __future__ import annotations

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from appliance.panel.hardware import PanelStatus
from appliance.panel.palette import DESK, FAINT, TEXT

_TEXT = Style(color=TEXT, bgcolor=DESK)
_FAINT = Style(color=FAINT, bgcolor=DESK)
_BAR_CELLS = 12


def status_lines(status: PanelStatus, talking: bool) -> tuple[str, str]:
    """The two rows: what wants attention first; then figures."""
    zh = status.language == "zh"
    first = [status.notice]
    if status.provisioning:
        first.append(f"{_bar(status.fraction)}{status.provisioning}")
    if talking:
        first.append("● 说话中，空格结束" if zh else "● talking, Space ends it")
    bus = "总线" if zh else "bus"
    rate = "帧/秒" if zh else "fps"
    figures = [f"{bus} {_bytes(status.wire_bytes)}"]
    if status.frames_per_second > 0:
        figures.insert(0, f"{status.frames_per_second:.0f} {rate}")
    return _join(first), _join([status.sink, *figures])


def _join(parts: list[str]) -> str:
    return "  ·  ".join(part for part in parts if part)


def _bar(fraction: float | None) -> str:
    if fraction is None:
        return ""
    full = round(min(1.0, max(0.0, fraction)) * _BAR_CELLS)
    return f"{'━' * full}{'╌' * (_BAR_CELLS - full)} {fraction:4.0%} "


def _bytes(count: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"


class StatusBar(Widget, can_focus=False):
    def __init__(self) -> None:
        super().__init__()
        self.lines = ("", "")

    def show(self, status: PanelStatus, talking: bool) -> None:
        lines = status_lines(status, talking)
        if lines != self.lines:
            self.lines = lines
            self.refresh()

    def render_line(self, y: int) -> Strip:
        text = self.lines[y] if y < len(self.lines) else ""
        style = _TEXT if y == 0 else _FAINT
        return Strip([Segment(set_cell_size(text, self.size.width), style)])
