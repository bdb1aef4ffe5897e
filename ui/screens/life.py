"""Idle: a quiet game of life, and the clock where it does not burn in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ui import font
from ui.framebuffer import HEIGHT, WIDTH, Framebuffer
from ui.gutter import Gutter
from ui.strings import Language
from ui.view import View

_CELL = 2


@dataclass(frozen=True, slots=True)
class LifeView(View):
    """Idle: Conway's life on a torus (`ui.life`), and the clock at a place that moves.

    `cells[y]` has bit x set where the cell (x, y) lives; 64x32 cells of 2x2 px.
    """

    has_strip: ClassVar[bool] = False

    cells: tuple[int, ...]
    clock: str = ""
    clock_at: tuple[int, int] = (0, 0)  # px, top left

    def draw(self, frame: Framebuffer, language: Language) -> None:
        for y, cells in enumerate(self.cells[: HEIGHT // _CELL]):
            x = 0
            while cells and x < WIDTH // _CELL:
                if cells & 1:
                    frame.fill(_CELL * x, _CELL * y, _CELL, _CELL)
                cells >>= 1
                x += 1
        if self.clock:
            face = font.large()
            x, y = self.clock_at
            width = face.width(self.clock)
            frame.clear(x - 3, y - 1, width + 6, face.height + 2)
            face.draw(frame, self.clock, x, y)

    def draw_gutter(self, frame: Framebuffer, gutter: Gutter) -> None:
        """The cells have all of the glass."""
