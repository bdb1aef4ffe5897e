"""Forgetting what typing taught of a word, where the word is seen, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass

from ui.input.choosing import LearntChoice
from ui.input.user import Habits


@dataclass(frozen=True, slots=True)
class Picked:
    """A pick whose key may still be held, and the text box as it was before it."""

    layer: LearntChoice
    text: str
    caret: int


class Forgetting:
    """Forgets one word at a time. The last one comes back by `undo` until `settle` was called."""

    def __init__(self, habits: Habits) -> None:
        self._habits = habits
        self._word = ""
        self._lines = ""  # what was forgotten with it, as text

    def forget(self, word: str) -> bool:
        """Forget a word; False when nothing was learnt of it."""
        before = self._habits.export().splitlines()
        known = self._habits.forget(word)
        after = frozenset(self._habits.export().splitlines()) if known else before
        self._word = word
        self._lines = "\n".join(line for line in before if line not in after)
        return known

    def undo(self) -> str:
        """Learn again what was forgotten last, and give the word; "" when there is nothing."""
        word = self._word if self._lines else ""
        if word:
            self._habits.import_text(self._lines)
        self.settle()
        return word

    def settle(self) -> None:
        """What was forgotten stays so."""
        self._word = self._lines = ""
