"""One open English word: keys typed, the word shown, how it is written."""

from __future__ import annotations

from typing import Final

from ui.input.english import Case, EnglishWords

MAX_KEYS: Final = 32


class EnglishWord:
    """Keys and what they mean. `case` is how the word is written; `parted`: a space before it."""

    def __init__(self, words: EnglishWords, case: Case, parted: bool = False) -> None:
        self._words = words
        self._space = " " if parted else ""
        self.case = case
        self.keys = ""
        self._candidates: list[str] = []
        self._at = 0
        self._chosen = False

    @property
    def empty(self) -> bool:
        return not self.keys

    @property
    def full(self) -> bool:
        """No further key fits."""
        return len(self.keys) >= MAX_KEYS

    def type(self, key: int) -> None:
        """One more key, 2..9."""
        self._set(self.keys + str(key))

    def delete(self) -> None:
        """Undo the last key."""
        self._set(self.keys[:-1])

    def _set(self, keys: str) -> None:
        self.keys = keys
        self._candidates = self._words.candidates(keys)
        self._at = 0

    def next_sentence(self) -> bool:
        """Show the next word of these keys, round and round; False when there is one only."""
        self._at = (self._at + 1) % len(self._candidates)
        return len(self._candidates) > 1

    def choices(self) -> list[str]:
        """Every word of these keys and those that begin with them, as they would be written."""
        return [self.case.of(word) for word in self._candidates]

    def choose(self, at: int) -> None:
        """Take one of `choices`, whole."""
        self._at, self._chosen = at, True

    def text(self) -> str:
        """The word shown, no longer than what is typed unless it was chosen, with its space."""
        word = self._candidates[self._at]
        typed = not self._at and not self._chosen
        return self._space + self.case.of(word[: len(self.keys)] if typed else word)

    def commit(self) -> str:
        """The text to write."""
        return self.text()
