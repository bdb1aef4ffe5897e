"""Power-on: the bird, and what is being started."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font, icons
from ui.framebuffer import WIDTH, Framebuffer
from ui.gutter import Gutter
from ui.strings import Language
from ui.view import View
from ui.widgets import bar


@dataclass(frozen=True, slots=True)
class BootView(View):
    """Logo, what is being started, and how far it is (None: unknown)."""

    stage: str
    fraction: float | None = None

    def draw(self, frame: Framebuffer, language: Language) -> None:
        draw_name(frame, 3)
        body = font.body()
        stage = body.clip(self.stage, WIDTH - 4)
        body.draw(frame, stage, (WIDTH - body.width(stage)) // 2, 38)
        if self.fraction is not None:
            bar(frame, 14, 53, WIDTH - 28, 6, self.fraction)

    def draw_gutter(self, frame: Framebuffer, gutter: Gutter) -> None:
        """Nothing is on yet."""


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
