"""The whole glass from one value: the view, then gutter, strip, toast and mask."""

from __future__ import annotations

from dataclasses import dataclass, field

from ui.framebuffer import Framebuffer
from ui.gutter import Gutter
from ui.screens.mask import Mask, draw_mask
from ui.screens.toast import Toast, draw_toast
from ui.strings import Language
from ui.strip import Strip, draw_strip
from ui.view import View


@dataclass(frozen=True, slots=True)
class Screen:
    """The whole glass."""

    view: View
    gutter: Gutter = field(default_factory=Gutter)
    strip: Strip = field(default_factory=Strip)
    toast: Toast | None = None
    mask: Mask | None = None


def render(screen: Screen, language: Language) -> Framebuffer:
    """Draw a screen. Pure: the same value gives the same frame (a Reader is read as it is now)."""
    frame = Framebuffer()
    screen.view.draw(frame, language)
    screen.view.draw_gutter(frame, screen.gutter)
    if screen.view.has_strip:
        draw_strip(frame, screen.strip)
    if screen.toast is not None:
        draw_toast(frame, screen.toast, in_rows=screen.view.in_rows)
    if screen.mask is not None:
        draw_mask(frame, screen.mask, screen.strip, language)
    return frame
