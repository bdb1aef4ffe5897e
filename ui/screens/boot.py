"""Power-on: the bird, and what is being started."""

from __future__ import annotations

from ui import font, icons
from ui.framebuffer import WIDTH, Framebuffer
from ui.views import BootView
from ui.widgets import bar


def draw_boot(frame: Framebuffer, view: BootView) -> None:
    draw_name(frame, 3)
    body = font.body()
    stage = body.clip(view.stage, WIDTH - 4)
    body.draw(frame, stage, (WIDTH - body.width(stage)) // 2, 38)
    if view.fraction is not None:
        bar(frame, 14, 53, WIDTH - 28, 6, view.fraction)


def draw_name(frame: Framebuffer, y: int) -> None:
    """The bird and its name, 28 rows."""
    frame.draw(icons.LORY, 14, y)
    _double(frame, "Lory", 52, y + 1)


def _double(frame: Framebuffer, text: str, x: int, y: int) -> None:
    """Text of the large face at twice its size."""
    letters = Framebuffer()
    width = font.large().draw(letters, text, 0, 0)
    for column in range(width):
        for line in range(font.large().height):
            if letters.pixel(column, line):
                frame.fill(x + 2 * column, y + 2 * line, 2, 2)
