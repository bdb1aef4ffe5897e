"""Idle: a quiet game of life, and the clock where it does not burn in."""

from __future__ import annotations

from ui import font
from ui.framebuffer import HEIGHT, WIDTH, Framebuffer
from ui.views import LifeView

_CELL = 2


def draw_life(frame: Framebuffer, view: LifeView) -> None:
    for y, cells in enumerate(view.cells[: HEIGHT // _CELL]):
        x = 0
        while cells and x < WIDTH // _CELL:
            if cells & 1:
                frame.fill(_CELL * x, _CELL * y, _CELL, _CELL)
            cells >>= 1
            x += 1
    if view.clock:
        face = font.large()
        x, y = view.clock_at
        width = face.width(view.clock)
        frame.clear(x - 3, y - 1, width + 6, face.height + 2)
        face.draw(frame, view.clock, x, y)
