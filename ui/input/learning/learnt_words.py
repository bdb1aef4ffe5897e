"""What typing taught, for a page that lists it and forgets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ui.input.engine import Engine


@dataclass(frozen=True, slots=True)
class OwnWord:
    """A word the user made; syllables of `pinyin` are parted by apostrophes."""

    text: str
    pinyin: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How many words were learnt, and those among them that the user made, by their pinyin."""

    words: int
    own: tuple[OwnWord, ...]


class LearntWords:
    """The habits as they are listed. `changed` is called after something was forgotten."""

    def __init__(self, engine: Engine, changed: Callable[[], None]) -> None:
        self._engine = engine
        self._changed = changed

    def read(self) -> Vocabulary:
        """What is known now."""
        rows = self._engine.habits.words()
        own = {OwnWord(row.text, "'".join(row.reading)) for row in rows if row.own}
        by_pinyin = sorted(own, key=lambda word: (word.pinyin, word.text))
        return Vocabulary(len({row.text for row in rows}), tuple(by_pinyin))

    def forget(self, word: OwnWord) -> None:
        self._engine.habits.forget(word.text)
        self._changed()

    def forget_all(self) -> None:
        self._engine.habits.forget_all()
        self._changed()
