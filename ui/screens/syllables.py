"""The syllable bar: the ways to split the keys at one syllable, which is inverse above them."""

from __future__ import annotations

from dataclasses import dataclass

from ui.framebuffer import Framebuffer
from ui.screens.choose import SENTENCE_ROWS, draw_reading, draw_sentence
from ui.strings import Language, text
from ui.view import View
from ui.widgets import draw_candidates, row

RETYPE_WIDEST = max((text("syllables.retype", language) for language in Language), key=len)


@dataclass(frozen=True, slots=True)
class SyllableView(View):
    """The ways to split the keys: digits pick, as for words; 9 takes the syllable out.

    `words` are those of the sentence, `before` and `after` the text around it. What the syllable
    stands for is inverse: `current` in the sentence, `syllable` in `pinyin`. `splits` are those of
    this page, no more than `ui.widgets.candidates_that_fit` says; `page` counts from 1.
    """

    words: tuple[str, ...]
    current: tuple[int, int]
    pinyin: str
    syllable: tuple[int, int]
    splits: tuple[str, ...]
    page: int = 1
    pages: int = 1
    before: str = ""
    after: str = ""

    def draw(self, frame: Framebuffer, language: Language) -> None:
        draw_sentence(frame, self.before, self.words, self.after, self.current)
        draw_reading(frame, self.pinyin, self.page, self.pages, self.syllable)
        last = text("syllables.retype", language)
        draw_candidates(frame, self.splits, row(SENTENCE_ROWS + 1), last)
