"""What is learnt from the user's typing: words and pairs with their counts, fixes, self-made words.

Counts and gains fade with what is typed, and the least of what is too many is dropped. What costs
they become for the lattice is `ui.input.learning.habit_costs`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from ui.input.lattice import UserTables
from ui.input.learning.habit_costs import HabitCosts
from ui.input.learning.lexicon import Lexicon
from ui.input.learning.user import (
    BEGIN,
    MAX_OWN_LENGTH,
    MOST_FIX,
    Change,
    FixKey,
    FixRow,
    Learnt,
    Lesson,
    PairKey,
    PairRow,
    UserWords,
    WordKey,
    WordRow,
)
from ui.input.learning.word_list import from_text, to_text
from ui.input.model import UNK, Model

MAX_WORDS: Final = 3000
MAX_PAIRS: Final = 6000
MAX_FIXES: Final = 2000
SPARE: Final = 0.1  # more than is kept is dropped at once, so that it is seldom done
HALF_LIFE: Final = 20000  # committed words after which a count or a gain is worth half
CHOSEN: Final = 2.0  # what a word counts that the user chose, against one that was right already
LOWEST: Final = 0.05  # a count below this is forgotten
LOWEST_FIX: Final = 64.0
Key = TypeVar("Key")


class Habits:
    """Learns from what is committed. `lexicon` has the words, the model's and the user's own."""

    def __init__(self, model: Model, store: UserWords) -> None:
        self._model = model
        self._store = store
        self.lexicon = Lexicon(model)
        self._costs = HabitCosts(model, self.lexicon)
        self.forgettings = 0  # how often something was forgotten
        learnt = store.read().sound()
        self._step = learnt.step
        self._words = {
            row.key: replace(row, own=self._is_own(row.text))
            for row in learnt.words
            if self.lexicon.can_spell(row.reading)
        }
        self._pairs = {row.key: row for row in learnt.pairs}
        self._fixes = {row.key: row for row in learnt.fixes}
        self._costs.begin(self.learnt())

    # ------------------------------------------------------------ reading

    @property
    def tables(self) -> UserTables:
        """For the lattice; never changed, only replaced."""
        return self._costs.tables

    def knows(self, text: str) -> bool:
        """Whether this is a word already, the model's or the user's own."""
        return self.lexicon.id_of(text) != UNK

    def following(self, before: str) -> list[tuple[str, float]]:
        """Words the user typed after `before`, with their counts now, the most frequent first."""
        rows = (self._pairs[before, after] for after in self._costs.followers(before))
        found = [(row.after, self._now(row.count, row.step)) for row in rows]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def words(self) -> tuple[WordRow, ...]:
        """The words learnt; their counts were true at their steps."""
        return tuple(self._words.values())

    def learnt(self) -> Learnt:
        """Everything, with counts and gains as they are now."""
        words, pairs, fixes = self._words.values(), self._pairs.values(), self._fixes.values()
        return self._faded(Learnt(self._step, tuple(words), tuple(pairs), tuple(fixes)))

    # ------------------------------------------------------------ learning

    def learn(self, lessons: Sequence[Lesson], before: str = BEGIN) -> None:
        """Learn a committed sentence; `before` is the word it was typed after."""
        if not lessons:
            return
        self._step += len(lessons)
        words: dict[WordKey, WordRow] = {}
        pairs: dict[PairKey, PairRow] = {}
        for lesson in [*lessons, *self._made(lessons)]:
            if self.lexicon.can_spell(lesson.reading) and len(lesson.text) <= MAX_OWN_LENGTH:
                word = self._counted(lesson, words)
                words[word.key] = word
        for lesson in lessons:
            pair = self._linked(before, lesson, pairs)
            pairs[pair.key] = pair
            before = lesson.text
        self.take(Learnt(self._step, tuple(words.values()), tuple(pairs.values())))

    def prefer(self, chosen: Iterable[FixKey], rejected: Iterable[FixKey], gain: float) -> None:
        """After its two words make each word of `chosen` likelier by `gain` (1/1024 log10), and
        each of `rejected` less likely by it."""
        fixes: dict[FixKey, FixRow] = {}
        for keys, by in ((chosen, gain), (rejected, -gain)):
            for key in keys:
                old = self._fixes.get(key)
                total = by + (self._now(old.gain, old.step) if old else 0.0)
                fixes[key] = FixRow(*key, max(-MOST_FIX, min(MOST_FIX, total)), self._step)
        self.take(Learnt(self._step, fixes=tuple(fixes.values())))

    def take(self, fresh: Learnt) -> None:
        """Take rows over in place of those with the same keys, and store them. What is too much is
        dropped."""
        self._words |= {row.key: row for row in fresh.words}
        self._pairs |= {row.key: row for row in fresh.pairs}
        self._fixes |= {row.key: row for row in fresh.fixes}
        gone = self._too_much()
        if gone is not None:
            self._drop(gone)
        if gone is not None or not self._costs.add(self._faded(fresh)):
            self._costs.begin(self.learnt())
        self._store.write(
            Change(
                self._step,
                tuple(row for row in fresh.words if row.key in self._words),
                tuple(row for row in fresh.pairs if row.key in self._pairs),
                tuple(row for row in fresh.fixes if row.key in self._fixes),
                *((gone.gone_words, gone.gone_pairs, gone.gone_fixes) if gone else ()),
            )
        )

    def forget(self, text: str) -> Learnt | None:
        """Forget a word, its pairs and fixes, and those that put it together from its parts. Gives
        them for `take`; None when nothing was learnt of it."""
        change = Change(
            self._step,
            gone_words=tuple(key for key in self._words if key[0] == text),
            gone_pairs=tuple(key for key in self._pairs if text in key or _within(text, *key)),
            gone_fixes=tuple(key for key in self._fixes if text in key or _within(text, *key[1:])),
        )
        gone = Learnt(
            self._step,
            tuple(self._words[key] for key in change.gone_words),
            tuple(self._pairs[key] for key in change.gone_pairs),
            tuple(self._fixes[key] for key in change.gone_fixes),
        )
        if gone == Learnt(self._step):
            return None
        self.forgettings += 1
        self._drop(change)
        self._costs.begin(self.learnt())
        self._store.write(change)
        return gone

    def forget_all(self) -> None:
        """Forget everything."""
        self.forgettings += 1
        self._drop(Change(0, gone_words=tuple(self._words)))
        self._pairs, self._fixes, self._step = {}, {}, 0
        self._costs.begin(self.learnt())
        self._store.clear()

    def export(self) -> str:
        """Everything as text, see `ui.input.learning.word_list`."""
        return to_text(self.learnt())

    def import_text(self, text: str) -> int:
        """Take over what `export` wrote, or a list of words.

        Returns the number of rows. ValueError names the first line that cannot be read; nothing
        is taken over then.
        """
        found = from_text(text, self._step, self.lexicon.can_spell, self._is_own).sound()
        self.take(found)
        return len(found.words) + len(found.pairs) + len(found.fixes)

    # ------------------------------------------------------------ rows

    def _is_own(self, text: str) -> bool:
        return self._model.word(text) == UNK

    def _now(self, value: float, step: int) -> float:
        return float(value * 0.5 ** ((self._step - step) / HALF_LIFE))

    def _faded(self, rows: Learnt) -> Learnt:
        """The rows as they are now."""
        now, step = self._now, self._step
        return Learnt(
            step,
            tuple(replace(row, count=now(row.count, row.step), step=step) for row in rows.words),
            tuple(replace(row, count=now(row.count, row.step), step=step) for row in rows.pairs),
            tuple(replace(row, gain=now(row.gain, row.step), step=step) for row in rows.fixes),
        )

    def _counted(self, lesson: Lesson, fresh: Mapping[WordKey, WordRow]) -> WordRow:
        key = (lesson.text, lesson.reading)
        old = fresh.get(key) or self._words.get(key)
        count = self._now(old.count, old.step) if old else 0.0
        more = CHOSEN if lesson.chosen else 1.0
        return WordRow(*key, count + more, self._step, self._is_own(lesson.text))

    def _linked(self, before: str, lesson: Lesson, fresh: Mapping[PairKey, PairRow]) -> PairRow:
        key = (before, lesson.text)
        old = fresh.get(key) or self._pairs.get(key)
        count = self._now(old.count, old.step) if old else 0.0
        return PairRow(*key, count + (CHOSEN if lesson.chosen else 1.0), self._step)

    def _made(self, lessons: Sequence[Lesson]) -> Iterable[Lesson]:
        """Words the user put together: runs of single hanzi, at least one of them chosen."""
        run: list[Lesson] = []
        for lesson in [*lessons, None]:
            if lesson is not None and len(lesson.text) == 1:
                run.append(lesson)
                continue
            text = "".join(part.text for part in run)
            if 2 <= len(run) <= 4 and any(p.chosen for p in run) and not self.knows(text):
                yield Lesson(text, tuple(s for part in run for s in part.reading), chosen=True)
            run = []

    def _too_much(self) -> Change | None:
        """What must go: the least frequent words and pairs, the weakest fixes."""
        full = (
            len(self._words) > MAX_WORDS
            or len(self._pairs) > MAX_PAIRS
            or len(self._fixes) > MAX_FIXES
        )
        if not full:
            return None
        words = {key: self._now(row.count, row.step) for key, row in self._words.items()}
        pairs = {key: self._now(row.count, row.step) for key, row in self._pairs.items()}
        fixes = {key: abs(self._now(row.gain, row.step)) for key, row in self._fixes.items()}
        return Change(
            self._step,
            gone_words=_least(words, MAX_WORDS, LOWEST),
            gone_pairs=_least(pairs, MAX_PAIRS, LOWEST),
            gone_fixes=_least(fixes, MAX_FIXES, LOWEST_FIX),
        )

    def _drop(self, change: Change) -> None:
        self.lexicon.leave(
            [word for word in change.gone_words if self._words.pop(word).own], self._words
        )
        for pair in change.gone_pairs:
            del self._pairs[pair]
        for fix in change.gone_fixes:
            del self._fixes[fix]


def _within(text: str, before: str, after: str) -> bool:
    """Whether these two in a row are a part of the text, or all of it."""
    return before != BEGIN and before + after in text


def _least(values: dict[Key, float], keep: int, lowest: float) -> tuple[Key, ...]:
    """What has faded away, and the least of what is too many, with some to spare."""
    if len(values) > keep:
        keep -= int(SPARE * keep)
    order = sorted(values, key=lambda key: -values[key])
    return tuple(key for n, key in enumerate(order) if n >= keep or values[key] < lowest)
