"""The syllable bar: choosing how the keys are split, or taking a syllable out to type another."""

from __future__ import annotations

from ui.input.composition import Composition
from ui.input.editing.layer import Pick
from ui.input.editing.outcome import Hint
from ui.input.editing.pages import PER_PAGE, paginate
from ui.keymap import State
from ui.screens.compose import ComposeView
from ui.screens.syllables import RETYPE_WIDEST, SyllableView
from ui.strings import Language

_RETYPE = PER_PAGE  # the key that takes the syllable out


class SyllableBar:
    """Choosing the syllable that begins at key `start`; a pick goes on to the next one.

    Where no `start` is given it opens behind the gap, or else at the word that is marked as the
    least certain one: with one wrong key in 20 or more, that is it or next to it 2 times in 3.
    """

    state = State.SYLLABLES
    accepts_all = False

    def __init__(self, composition: Composition, start: int | None = None) -> None:
        self._composition = composition
        composition.settle()
        self._locked = 0  # what can be undone before going back
        self._go_to(self._first() if start is None else start)

    def _first(self) -> int:
        """Where the syllable begins that is most likely to be seen to."""
        composition = self._composition
        gap, weakest = composition.gap, composition.weakest()
        if gap is not None:
            return min(gap, self._starts()[-1])
        return 0 if weakest is None else composition.words()[weakest].start

    def _starts(self) -> list[int]:
        return [syllable.start for syllable in self._composition.syllables()]

    def _go_to(self, start: int) -> None:
        """To the syllable at this key; habits that changed may have it begin before."""
        self._start = max((at for at in self._starts() if at <= start), default=0)
        self._splits = self._composition.splits(self._start)
        texts = [split.letters for split in self._splits]
        self._pages = paginate(texts, RETYPE_WIDEST) or [range(0)]
        self._page = 0

    @property
    def empty(self) -> bool:
        """Whether there is but one syllable, and its keys can be split in no way."""
        return not self._splits and len(self._starts()) == 1

    def renew(self) -> bool:
        """Take what the habits make of it now; False when nothing is left to choose from."""
        self._composition.take_habits()
        self._go_to(self._start)
        return bool(self._starts())

    def pick(self, digit: int) -> Pick | None:
        if digit == _RETYPE:
            self._composition.take_out(self._start)
            return Pick(False)
        page = self._pages[self._page]
        if not 1 <= digit <= len(page):
            return None
        split = self._splits[page[digit - 1]]
        if not self._composition.lock(self._start, split):
            return Pick(True, hint=Hint.NOTHING_TO_CHOOSE)
        self._locked += 1
        following = self._start + len(split.letters)
        if following == len(self._composition.keys):
            return Pick(False)
        self._go_to(following)
        return Pick(True)

    def turn_page(self, by: int) -> bool:
        self._page = (self._page + by) % len(self._pages)
        return len(self._pages) > 1

    def go(self, by: int) -> bool:
        starts = self._starts()
        if by > 0:
            target = next((at for at in starts if at > self._start), None)
        else:
            target = next((at for at in reversed(starts) if at < self._start), None)
        if target is None:
            return False
        self._go_to(target)
        return True

    def undo(self) -> bool:
        if not self._locked or not self._composition.undo_pick():
            return False
        self._locked -= 1
        self._go_to(max((at for at in self._starts() if at < self._start), default=0))
        return True

    def view(self, below: ComposeView, language: Language) -> SyllableView:
        line = self._composition.pinyin_line()
        return SyllableView(
            tuple(span.text for span in below.composition),
            self._shown_as(),
            line.text,
            line.span(self._start),
            tuple(self._splits[at].letters for at in self._pages[self._page]),
            self._page + 1,
            len(self._pages),
            below.text[: below.caret],
            below.text[below.caret :],
        )

    def _shown_as(self) -> tuple[int, int]:
        """From where to where the syllable's hanzi is in the sentence, or else its word."""
        composition, at = self._composition, 0
        for word in composition.words():
            text, reading = composition.word_text(word), composition.reading(word)
            if word.start <= self._start < word.end:
                start = word.start
                for number, letters in enumerate(reading):
                    if start == self._start and len(text) == len(reading):
                        return at + number, at + number + 1
                    start += len(letters)
                return at, at + len(text)
            at += len(text)
        return at, at
