"""Words of Chinese text: the cheapest way through the input method's dictionary and model.

The same words that can be typed, weighed by the same language model, so that 我们都会 is three
words and not the metropolis 都会. Where the data cannot be used every character is a word.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_left
from functools import cache, lru_cache
from typing import Final, NamedTuple

from ui.input.engine import DATA
from ui.input.model import BOS, FIRST_WORD, UNK, DataError, Model
from ui.input.no_words import no_words

log = logging.getLogger(__name__)

HANZI: Final = re.compile(r"[〇㐀-鿿]+")
"""A run of them."""

_LONGEST: Final = 8
_UNKNOWN_COST: Final = 9000  # of a character that is no word


class Word(NamedTuple):
    """`id` is the model's number of it, or `UNK`."""

    text: str
    id: int


class _State(NamedTuple):
    """The cheapest way to a place whose last word is this one."""

    cost: int
    before: int  # where that word begins
    previous: int  # the id of the word before it
    text: str


class Dictionary:
    """Splits runs of hanzi into words."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._found = lru_cache(4096)(self._find)

    def split(self, run: str) -> list[Word]:
        """Words that joined are the run: a bigram Viterbi over the dictionary."""
        best: list[dict[int, _State]] = [{} for _ in range(len(run) + 1)]
        best[0][BOS] = _State(0, 0, BOS, "")
        for start in range(len(run)):
            words = self._words_at(run, start)
            for previous, state in best[start].items():
                self._extend(best, start, previous, state.cost, words)
        return _backwards(best, len(run))

    def _extend(
        self,
        best: list[dict[int, _State]],
        start: int,
        previous: int,
        cost: int,
        words: list[Word],
    ) -> None:
        ids = [word.id for word in words]
        costs = (
            [self.model.unigram[number] for number in ids]
            if previous == BOS
            else self.model.bigram_costs(previous, ids)
        )
        for word, own in zip(words, costs, strict=True):
            total = cost + (_UNKNOWN_COST if word.id == UNK else own)
            there = best[start + len(word.text)]
            if word.id not in there or there[word.id].cost > total:
                there[word.id] = _State(total, start, previous, word.text)

    def _words_at(self, run: str, start: int) -> list[Word]:
        words = []
        for end in range(start + 1, min(start + _LONGEST, len(run)) + 1):
            text = run[start:end]
            number, longer = self._found(text)
            if number != UNK or end == start + 1:
                words.append(Word(text, number))
            if not longer:
                break
        return words

    def _find(self, text: str) -> tuple[int, bool]:
        """The id of a word, and whether any word goes on from it."""
        model = self.model
        at = bisect_left(range(model.words), text, FIRST_WORD, model.words, key=model.text)
        number = UNK
        if at < model.words and model.text(at) == text:
            number, at = at, at + 1
        return number, at < model.words and model.text(at).startswith(text)


def _backwards(best: list[dict[int, _State]], end: int) -> list[Word]:
    words: list[Word] = []
    last = min(best[end], key=lambda number: best[end][number].cost)
    while end:
        state = best[end][last]
        words.append(Word(state.text, last))
        end, last = state.before, state.previous
    return words[::-1]


@cache
def dictionary() -> Dictionary:
    """The installed one; without words where its file is damaged, which the log tells."""
    try:
        return Dictionary(Model(DATA, verify=False))
    except DataError as error:
        log.error("words for reading: %s", error)
        return Dictionary(Model(no_words()))


def split_words(hanzi: str) -> list[str]:
    """Words of a run of Chinese characters; joined they are the run again."""
    return [word.text for word in dictionary().split(hanzi)]
