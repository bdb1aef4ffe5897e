"""The microphone made visible: its level over the last seconds, and where the VAD hears speech."""

from __future__ import annotations

from dataclasses import dataclass

from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.sample import SAMPLES, Sample
from ui.strings import Language
from ui.view import View
from ui.widgets import ROW, ROWS, bar, clamp, hint_row, paragraph, row, title_bar

_STEP = TEXT_WIDTH // SAMPLES  # px a sample
_METER = 9  # px high


@dataclass(frozen=True, slots=True)
class ScopeView(View):
    """`samples`, the newest last and at the right, in `scope_rows` rows or none; then `text`.

    Speech stands solid, what is none is a thin line. `right` is a short note in the title bar in
    tiny letters. `score` 0..1 draws a meter in place of the last row of text, with a mark at
    `needed`.
    """

    title: str
    samples: tuple[Sample, ...]
    text: str = ""
    hint: str = ""
    right: str = ""
    scope_rows: int = 2
    score: float | None = None
    needed: float = 0.0

    def draw(self, frame: Framebuffer, language: Language) -> None:
        title_bar(frame, self.title, self.right)
        if self.scope_rows:
            self._draw_scope(frame, row(1 + self.scope_rows) - 2, ROW * self.scope_rows - 3)
        rows = ROWS - 2 - self.scope_rows - (self.score is not None)
        if rows:
            paragraph(frame, self.text, row(1 + self.scope_rows), rows)
        if self.score is not None:
            self._draw_score(frame, row(ROWS - 2) + 1)
        hint_row(frame, self.hint)

    def _draw_scope(self, frame: Framebuffer, bottom: int, height: int) -> None:
        frame.dots(0, bottom, TEXT_WIDTH)
        for age, sample in enumerate(reversed(self.samples[-SAMPLES:])):
            x = TEXT_WIDTH - _STEP * (age + 1)
            tall = round(clamp(sample.level) * height)
            frame.fill(x, bottom - tall, _STEP if sample.speech else 1, tall + sample.speech)

    def _draw_score(self, frame: Framebuffer, top: int) -> None:
        bar(frame, 0, top, TEXT_WIDTH, _METER, self.score or 0.0)
        at = 2 + round(clamp(self.needed) * (TEXT_WIDTH - 5))
        frame.invert(at, top + 2, 1, _METER - 4)
        frame.fill(at, top - 1, 1, 2)
        frame.fill(at, top + _METER - 1, 1, 2)
