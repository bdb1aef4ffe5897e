"""Forgetting what typing taught of a word, where the word is seen, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass

from ui.input.editing.buffer import Written
from ui.input.editing.choosing import LearntChoice
from ui.input.learning.habits import Habits
from ui.input.learning.user import Learnt


@dataclass(frozen=True, slots=True)
class Picked:
    """A pick whose key may still be held, and what was written before it."""

    layer: LearntChoice
    before: Written


class Forgetting:
    """Forgets one word at a time. The last one comes back by `undo` until `settle` was called."""

    def __init__(self, habits: Habits) -> None:
        self._habits = habits
        self._word = ""
        self._gone: Learnt | None = None  # what was forgotten with it

    def forget(self, word: str) -> bool:
        """Forget a word; False when nothing was learnt of it."""
        self._word, self._gone = word, self._habits.forget(word)
        return self._gone is not None

    def undo(self) -> str:
        """Learn again what was forgotten last, and give the word; "" when there is nothing."""
        word, gone = self._word, self._gone
        self.settle()
        if gone is None:
            return ""
        self._habits.take(gone)
        return word

    def settle(self) -> None:
        """What was forgotten stays so."""
        self._word, self._gone = "", None
