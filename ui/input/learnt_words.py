"""What typing taught, for a page that lists it and forgets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ui.input.engine import Engine
from ui.input.model import UNK


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


def own_words(engine: Engine) -> tuple[OwnWord, ...]:
    """The words that the user made, by their pinyin."""
    own = [OwnWord(*word) for word in _known(engine).items() if engine.model.word(word[0]) == UNK]
    return tuple(sorted(own, key=lambda word: (word.pinyin, word.text)))


def _known(engine: Engine) -> dict[str, str]:
    """The words learnt, with their pinyin."""
    lines = [line.split("\t") for line in engine.habits.export().splitlines()]
    return {line[0]: line[1] for line in lines if len(line) == 3}


class LearntWords:
    """The habits as they are listed. `changed` is called after something was forgotten."""

    def __init__(self, engine: Engine, changed: Callable[[], None]) -> None:
        self._engine = engine
        self._changed = changed

    def read(self) -> Vocabulary:
        """What is known now."""
        known = _known(self._engine)
        return Vocabulary(len(known), own_words(self._engine))

    def forget(self, word: OwnWord) -> None:
        self._engine.habits.forget(word.text)
        self._changed()

    def forget_all(self) -> None:
        self._engine.habits.forget_all()
        self._changed()
