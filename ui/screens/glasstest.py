"""Patterns that show dead pixels, dead lines, and a picture that is shifted or cut."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import ClassVar

from ui.framebuffer import HEIGHT, WIDTH, Framebuffer
from ui.gutter import Gutter
from ui.strings import Language
from ui.view import View

_GRID = 8


class Pattern(Enum):
    """In the order in which they are shown."""

    LIT = auto()
    CHECKER = auto()
    OTHER_CHECKER = auto()
    GRID = auto()  # with the outermost pixels: a picture that is shifted loses an edge
    DARK = auto()


@dataclass(frozen=True, slots=True)
class GlassTestView(View):
    """One pattern over all of the glass."""

    has_strip: ClassVar[bool] = False

    pattern: Pattern

    def draw(self, frame: Framebuffer, language: Language) -> None:
        match self.pattern:
            case Pattern.LIT:
                frame.fill(0, 0, WIDTH, HEIGHT)
            case Pattern.CHECKER | Pattern.OTHER_CHECKER:
                first = self.pattern is Pattern.OTHER_CHECKER
                for y in range(HEIGHT):
                    for x in range((y + first) % 2, WIDTH, 2):
                        frame.fill(x, y, 1, 1)
            case Pattern.GRID:
                _draw_grid(frame)

    def draw_gutter(self, frame: Framebuffer, gutter: Gutter) -> None:
        """The pattern has all of the glass."""


def _draw_grid(frame: Framebuffer) -> None:
    frame.frame(0, 0, WIDTH, HEIGHT)
    for x in range(_GRID, WIDTH, _GRID):
        frame.vline(x, 0, HEIGHT)
    for y in range(_GRID, HEIGHT, _GRID):
        frame.hline(0, y, WIDTH)
