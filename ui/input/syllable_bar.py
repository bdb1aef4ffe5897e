"""The syllable bar: choosing how the keys are split, from the first syllable on."""

from __future__ import annotations

from ui.input.composition import Composition
from ui.input.layer import Pick
from ui.input.outcome import Hint
from ui.input.pages import PER_PAGE, pages_of
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
        self._page = 0

    def pick(self, digit: int) -> Pick | None:
        at = self._page * PER_PAGE + digit - 1
        if digit < 1 or at >= len(self._splits):
            return None
        split = self._splits[at]
        if not self._composition.lock(self._start, split):
            return Pick(True, hint=Hint.NOTHING_TO_CHOOSE)
        self._locked += 1
        following = self._start + len(split.letters)
        if following < len(self._composition.keys):
            self._go_to(following)
            return Pick(bool(self._splits))
        return Pick(False)

    def turn_page(self, by: int) -> bool:
        count = pages_of(len(self._splits))
        self._page = (self._page + by) % count
        return count > 1

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
        first = self._page * PER_PAGE
        shown = self._splits[first : first + PER_PAGE]
        return SyllableView(below, tuple(split.letters for split in shown), 0)
