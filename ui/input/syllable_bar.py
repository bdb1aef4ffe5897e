"""The syllable bar: choosing how the keys are split, from the first syllable on."""

from __future__ import annotations

from ui.input.composition import Composition
from ui.input.layer import Pick
from ui.input.outcome import Hint
from ui.input.pages import paginate
from ui.keymap import State
from ui.screens.compose import ComposeView
from ui.screens.syllables import SyllableView
from ui.strings import Language


class SyllableBar:
    """Choosing the syllable that begins at key `start`; a pick goes on to the next one."""

    state = State.SYLLABLES
    accepts_all = False

    def __init__(self, composition: Composition) -> None:
        self._composition = composition
        self._locked = 0  # what can be undone before going back
        self._go_to(0)

    def _go_to(self, start: int) -> None:
        self._start = start
        self._splits = self._composition.splits(start)
        self._pages = paginate([split.letters for split in self._splits]) or [range(0)]
        self._page = 0

    @property
    def empty(self) -> bool:
        """Whether these keys can be split in no way."""
        return not self._splits

    def pick(self, digit: int) -> Pick | None:
        page = self._pages[self._page]
        if not 1 <= digit <= len(page):
            return None
        split = self._splits[page[digit - 1]]
        if not self._composition.lock(self._start, split):
            return Pick(True, hint=Hint.NOTHING_TO_CHOOSE)
        self._locked += 1
        following = self._start + len(split.letters)
        if following < len(self._composition.keys):
            self._go_to(following)
            return Pick(not self.empty)
        return Pick(False)

    def turn_page(self, by: int) -> bool:
        self._page = (self._page + by) % len(self._pages)
        return len(self._pages) > 1

    def go(self, by: int) -> bool:
        starts = self._composition.syllable_starts()
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
        starts = self._composition.syllable_starts()
        self._go_to(max((at for at in starts if at < self._start), default=0))
        return True

    def view(self, below: ComposeView, language: Language) -> SyllableView:
        return SyllableView(
            below, tuple(self._splits[at].letters for at in self._pages[self._page])
        )
