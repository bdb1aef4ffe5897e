"""Every key of the pad in its place: which have been seen, and which is down."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.strings import Language, text
from ui.view import View
from ui.widgets import ROW, ROWS, centred, row

_PAD = ((1, 2, 3, 10), (4, 5, 6, 11), (7, 8, 9, 12), (14, 0, 15, 13))
_NAMES = "0123456789ABCD*#"
_CELL = TEXT_WIDTH // 4


@dataclass(frozen=True, slots=True)
class KeyTestView(View):
    """`seen` keys (0-15 as in `drivers.keys`) are framed, the one that is `down` is inverse."""

    seen: frozenset[int]
    down: int | None = None

    def draw(self, frame: Framebuffer, language: Language) -> None:
        for line, keys in enumerate(_PAD):
            for place, key in enumerate(keys):
                self._draw_key(frame, key, _CELL * place, row(line))
        complete = len(self.seen) == len(_NAMES)
        words = "key-test.complete" if complete else "key-test.leave"
        centred(frame, text(words, language), row(ROWS - 1))

    def _draw_key(self, frame: Framebuffer, key: int, x: int, y: int) -> None:
        body, name = font.body(), _NAMES[key]
        body.draw(frame, name, x + (_CELL - body.width(name)) // 2, y)
        if key == self.down:
            frame.invert(x + 1, y, _CELL - 2, ROW - 1)
        elif key in self.seen:
            frame.frame(x + 1, y, _CELL - 2, ROW - 1)
