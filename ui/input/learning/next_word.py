"""Learning a next word that was picked: how it is read is looked up, for nobody typed it."""

from __future__ import annotations

from ui.input.engine import Engine
from ui.input.learning.user import BEGIN, Lesson
from ui.input.model import UNK


def learn_next_word(engine: Engine, before: str, word: str) -> None:
    """Learn that the user chose `word` after the text `before`."""
    past = engine.words_of(before)
    lesson = Lesson(word, _reading(engine, word), chosen=True)
    engine.habits.learn([lesson], past[-1] if past else BEGIN)


def _reading(engine: Engine, text: str) -> tuple[str, ...]:
    """The likeliest reading; of a word that nobody knows any more none."""
    word = engine.model.word(text)
    if word != UNK:
        return next(iter(engine.model.readings(word)), ())
    own = (row.reading for row in engine.habits.words() if row.own and row.text == text)
    return min(own, key="'".join, default=())
