"""An answer to read, streaming or complete; the clause that is spoken is underlined."""

from __future__ import annotations

from dataclasses import dataclass

from ui import font
from ui.framebuffer import Framebuffer
from ui.gutter import Gutter, draw_reading_gutter
from ui.layout import TEXT_WIDTH
from ui.reader import Part, Reader, Row
from ui.strings import Language
from ui.view import View

_QUESTION_INDENT = 5


@dataclass(frozen=True, slots=True)
class AnswerView(View):
    """An answer, streaming or complete. The reader holds text, position and footer.

    `spoken`: the characters of the reader's source text that the voice says now; underlined.
    """

    reader: Reader
    spoken: tuple[int, int] | None = None

    def draw(self, frame: Framebuffer, language: Language) -> None:
        reader = self.reader
        height = reader.face.height
        for number, row in enumerate(reader.visible()):
            y = height * number
            if row.part is Part.FOOTER:
                _draw_footer(frame, row.footer, y)
            elif row.part is Part.QUESTION:
                _draw_question(frame, row, y, reader.face)
            elif row.line is not None:
                row.line.draw(frame, reader.face, 0, y)
                extent = row.line.extent(*self.spoken) if self.spoken and row.current else None
                if extent:
                    frame.hline(extent[0], y + height - 1, extent[1] - extent[0])

    def draw_gutter(self, frame: Framebuffer, gutter: Gutter) -> None:
        draw_reading_gutter(frame, gutter, self.reader.bar(), self.reader.more_below)


def _draw_question(frame: Framebuffer, row: Row, y: int, face: font.Face) -> None:
    if row.line is not None:
        row.line.draw(frame, face, _QUESTION_INDENT, y)
    frame.fill(0, y, 2, face.height - row.last)


def _draw_footer(frame: Framebuffer, text: str, y: int) -> None:
    """Small letters at the right; what the tiny font cannot write, in the body font."""
    tiny = font.tiny()
    if all(tiny.has(char) for char in text):
        tiny.draw(frame, text, TEXT_WIDTH - tiny.width(text), y + 3)
    else:
        body = font.body()
        text = body.clip(text, TEXT_WIDTH)
        body.draw(frame, text, TEXT_WIDTH - body.width(text), y)
