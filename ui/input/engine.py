"""The T9 pinyin engine: the data, the user's habits, and what is made of them."""

from __future__ import annotations

import importlib
import json
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from heapq import nsmallest
from pathlib import Path
from typing import TypeVar

from ui.input.english import EnglishWords
from ui.input.hanzi import Hanzi
from ui.input.lattice import INTERFACE, Lattice, PythonLattice
from ui.input.learning.correction import Correction
from ui.input.learning.habits import Habits
from ui.input.learning.user import BEGIN, UserWords
from ui.input.model import (
    BOS,
    COST_BITS,
    COST_MASK,
    EOS,
    FIRST_WORD,
    UNK,
    VERSION,
    DataError,
    Model,
    Section,
)
from ui.input.no_words import no_words

DATA = Path(__file__).with_name("t9.bin")
ENGLISH = Path(__file__).with_name("english.txt")
HANZI = Path(__file__).with_name("hanzi.txt")
PENDING = 8  # repaired sentences that may wait to be learnt from
CONTEXT = 12  # characters before the caret that are looked at

Read = TypeVar("Read")

log = logging.getLogger(__name__)


def compiled_lattice() -> Callable[[Model], Lattice] | None:
    """The lattice in C, or None where it was not built, or for another version of this program."""
    try:
        core = importlib.import_module("ui.input._core")
    except ImportError:
        return None
    built_for = getattr(core, "FORMAT", None), getattr(core, "INTERFACE", None)
    if built_for != (VERSION, INTERFACE):
        log.warning("the compiled lattice is of another version; build the package again")
        return None
    lattice: Callable[[Model], Lattice] = core.Lattice
    return lattice


def _read_or_none(kind: Callable[[Path | None], Read], path: Path, without: str) -> Read:
    """What a file holds; where it cannot be used none of it, and the log says what that means."""
    try:
        return kind(path)
    except DataError as error:
        log.error("%s: %s", without, error)
        return kind(None)


class Engine:
    """Everything that types Chinese and English. Raises DataError when its data cannot be used.

    Without `data` there is no Chinese (`chinese`), and everything else works. `verify` checks the
    whole data file (see `Model`). `compiled` False forces the fallback.
    """

    def __init__(
        self,
        user: UserWords,
        data: Path | None = DATA,
        english: Path = ENGLISH,
        verify: bool = True,
        compiled: bool = True,
    ) -> None:
        self.model = Model(no_words() if data is None else data, verify)
        self.chinese = data is not None
        self.habits = Habits(self.model, user)
        self._teaching: deque[Iterator[None]] = deque(maxlen=PENDING)
        self._forgettings = 0  # of the habits, when something was last to be taught
        core = compiled_lattice() if compiled else None
        self.compiled = core is not None
        self._new: Callable[[Model], Lattice] = core or PythonLattice
        self._english_file = english

    @cached_property
    def english(self) -> EnglishWords:
        """The English words, read when they are first asked for; none where they cannot be."""
        return _read_or_none(EnglishWords, self._english_file, "English is typed letter by letter")

    @cached_property
    def hanzi(self) -> Hanzi:
        """The order of hanzi, read when it is first asked for; none where it cannot be."""
        return _read_or_none(Hanzi, HANZI, "single hanzi are in no order of their own")

    def usual(self, word: int, text: str) -> bool:
        """Whether a word is written with hanzi in use today, or by the user."""
        return self.hanzi.usual(text) or word in self.habits.tables.words

    def lattice(self) -> Lattice:
        """An empty lattice over the data and the habits."""
        lattice = self._new(self.model)
        lattice.set_user(self.habits.tables)
        return lattice

    def correct(self, correction: Correction) -> None:
        """Take what a repaired sentence teaches on; `settle` works it out."""
        self._give_up_forgotten()
        self._teaching.append(correction.teach(self.lattice, self.habits))

    def _give_up_forgotten(self) -> None:
        """What was forgotten does not come back by what was still to be worked out."""
        if self._forgettings != self.habits.forgettings:
            self._forgettings = self.habits.forgettings
            self._teaching.clear()

    @property
    def unsettled(self) -> bool:
        """Something is still to be worked out."""
        return bool(self._teaching)

    def settle(self, steps: int | None = None) -> None:
        """Work out what repaired sentences teach, all of it or so many steps, each of them
        the work of a few keys: to be done when nobody waits for one."""
        self._give_up_forgotten()
        while self._teaching and (steps is None or steps > 0):
            for _ in self._teaching[0]:
                break
            else:
                self._teaching.popleft()
            steps = None if steps is None else steps - 1

    def about(self) -> dict[str, int | float]:
        """What the data was built with."""
        facts: dict[str, int | float] = json.loads(bytes(self.model.section(Section.ABOUT)))
        return facts

    def context(self, before: str) -> tuple[int, int]:
        """Ids of the last two words of the text before the caret; `BOS` where there is none."""
        return self._ids_of(self.words_of(before))

    def _ids_of(self, words: Sequence[str]) -> tuple[int, int]:
        ids = [self.habits.lexicon.id_of(word) for word in words[-2:]]
        return (BOS, BOS) if not ids else (ids[-2] if len(ids) > 1 else BOS, ids[-1])

    def words_of(self, text: str) -> list[str]:
        """The words at the end of a text, back to the last mark: its likeliest split."""
        tail = text[-CONTEXT:]
        for at in range(len(tail), 0, -1):
            if not "\u3400" <= tail[at - 1] <= "\u9fff":
                tail = tail[at:]
                break
        return self.split(tail)

    def split(self, run: str) -> list[str]:
        """The likeliest words of a run of hanzi; joined they are the run again."""
        best: list[tuple[int, str]] = [(0, "")]
        for end in range(1, len(run) + 1):
            found: tuple[int, str] | None = None
            for start in range(max(0, end - 5), end):
                word = run[start:end]
                number = self.habits.lexicon.id_of(word)
                if number == UNK and end - start > 1:
                    continue
                own = number >= self.model.words
                cost = best[start][0] + (COST_MASK // 2 if own else self.model.unigram[number])
                if found is None or cost < found[0]:
                    found = (cost, word)
            best.append(found or (0, run[end - 1 : end]))
        words: list[str] = []
        end = len(run)
        while end > 0:
            words.append(best[end][1])
            end -= len(words[-1])
        return words[::-1]

    def predictions(self, before: str, count: int = 9) -> list[str]:
        """Likely next words after this text: the user's own habit first, then the model's."""
        words = self.words_of(before)
        if not words:
            return []
        first, last = self._ids_of(words)
        model = self.model
        first, last = (word if word < model.words else UNK for word in (first, last))
        found = [text for text, uses in self.habits.following(words[-1]) if uses >= 1]
        pair = model.pair_of(first, last)
        if pair >= 0:
            row = model.trigram[model.trigram_start[pair] : model.trigram_start[pair + 1]]
            found += self._likeliest(row, count)
        row = model.bigram[model.bigram_start[last] : model.bigram_start[last + 1]]
        found += self._likeliest(row, count)
        return list(dict.fromkeys(found))[:count]

    def _likeliest(self, row: memoryview, count: int) -> list[str]:
        # In two steps, because a key function called for each of thousands of records is slow.
        costs = nsmallest(count, [record & COST_MASK for record in row])
        worst = costs[-1] if costs else 0
        records = [record for record in row if record & COST_MASK <= worst]
        records.sort(key=lambda record: (record & COST_MASK, record))
        words = [record >> COST_BITS for record in records[:count]]
        return [self.model.text(word) for word in words if word >= FIRST_WORD and word != EOS]


__all__ = ["BEGIN", "DATA", "Engine", "compiled_lattice"]
