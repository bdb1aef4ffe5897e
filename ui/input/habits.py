"""What is learnt from the user's typing, and the integer costs it becomes for the lattice.

Four things are told apart, from the general to the special:
- the words typed and how often: those make a small language model that is added to the big one;
- how much more often a word is typed than the model expects: by that it is likelier everywhere
  (adaptation by marginals, Kneser, Peters and Klakow 1997);
- pairs of words: the small model's context;
- fixes: what was put in the place of what after which two words (`ui.input.correction`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from ui.input.lattice import WINDOW, UserTables, fix_key
from ui.input.model import COST_BITS, UNK, Model
from ui.input.syllables import keys_of
from ui.input.user import (
    BEGIN,
    MAX_OWN_LENGTH,
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
from ui.input.word_list import from_text, to_text

MAX_WORDS: Final = 3000
MAX_PAIRS: Final = 6000
MAX_FIXES: Final = 2000
SPARE: Final = 0.1  # more than is kept is dropped at once, so that it is seldom done
HALF_LIFE: Final = 20000  # committed words after which a count or a gain is worth half
CHOSEN: Final = 2.0  # what a word counts that the user chose, against one that was right already
SHARE: Final = 0.05  # weight of the small model beside the big one
PRIOR: Final = 100.0  # counts that the small model must outweigh to be trusted wholly
PAIR_PRIOR: Final = 0.5
MARGINAL: Final = 0.5  # how much of the unexpected frequency of a word is believed
EXPECTED_PRIOR: Final = 2.0  # counts added to what is typed and to what is expected
MOST_GAIN: Final = 2048  # of a word by its frequency
MOST_FIX: Final = 6000
LOWEST: Final = 0.05  # a count below this is forgotten
LOWEST_FIX: Final = 64.0
GROWTH: Final = 1.05  # of all counts, after which every cost is reckoned anew
UNIT: Final = 1024
Key = TypeVar("Key")


class Habits:
    """Learns from what is committed; `tables` is for the lattice and never changes, it is replaced.

    A lesson reckons anew only the costs of its own words and of what follows the same words. Those
    of all others are shares of a total that has hardly moved; when it has, all are reckoned anew.
    """

    def __init__(self, model: Model, store: UserWords) -> None:
        self._model = model
        self._store = store
        self._numbers = {name: number for number, name in enumerate(model.syllables)}
        self._entries: dict[WordKey, tuple[int, str]] = {}
        self._ids: dict[str, int] = {BEGIN: 0}
        self._own: list[tuple[int, tuple[int, ...]]] = []
        self._own_text: list[str] = []
        learnt = store.read()
        self._step = learnt.step
        self._words = {row.key: row for row in learnt.words if self._can_spell(row.reading)}
        self._pairs = {row.key: row for row in learnt.pairs}
        self._fixes = {row.key: row for row in learnt.fixes}
        self._reckon_all()

    # ------------------------------------------------------------ reading

    def text(self, word: int) -> str:
        """The text of a word id, the model's or the user's own."""
        if word < self._model.words:
            return self._model.text(word)
        return self._own_text[word - self._model.words]

    def id_of(self, text: str) -> int:
        """The id of a word, the model's or the user's own, or `UNK`."""
        known = self._ids.get(text)
        return self._model.word(text) if known is None else known

    def reading_of(self, entry: int) -> tuple[str, ...]:
        """The syllables of an entry of the lattice."""
        own = entry - len(self._model.full)
        if own < 0:
            return self._model.reading_of(entry)
        return tuple(self._model.syllables[number] for number in self._own[own][1])

    def word_of(self, entry: int) -> int:
        """The word id of an entry of the lattice."""
        own = entry - len(self._model.full)
        return self._own[own][0] if own >= 0 else int(self._model.full[entry] >> COST_BITS)

    def knows(self, text: str) -> bool:
        """Whether this is a word already, the model's or the user's own."""
        return self.id_of(text) != UNK

    def following(self, before: str) -> list[tuple[str, float]]:
        """Words the user typed after `before`, with their counts now, the most frequent first."""
        rows = (self._pairs[before, after] for after in self._after.get(before, ()))
        found = [(row.after, self._now(row.count, row.step)) for row in rows]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def learnt(self) -> Learnt:
        """Everything, with counts and gains as they are now."""
        now, step = self._now, self._step
        return Learnt(
            step,
            tuple(
                WordRow(row.text, row.reading, now(row.count, row.step), step, row.own)
                for row in self._words.values()
            ),
            tuple(
                PairRow(row.before, row.after, now(row.count, row.step), step)
                for row in self._pairs.values()
            ),
            tuple(
                FixRow(row.before, row.last, row.word, now(row.gain, row.step), step)
                for row in self._fixes.values()
            ),
        )

    # ------------------------------------------------------------ learning

    def learn(self, lessons: Sequence[Lesson], before: str = BEGIN) -> None:
        """Learn a committed sentence; `before` is the word it was typed after."""
        if not lessons:
            return
        self._step += len(lessons)
        words: dict[WordKey, WordRow] = {}
        pairs: dict[PairKey, PairRow] = {}
        for lesson in [*lessons, *self._made(lessons)]:
            if self._can_spell(lesson.reading) and len(lesson.text) <= MAX_OWN_LENGTH:
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
            self._reckon_all()
        elif not self._reckon(fresh):
            self._reckon_all()
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
        self._drop(change)
        self._reckon_all()
        self._store.write(change)
        return gone

    def forget_all(self) -> None:
        """Forget everything."""
        self._drop(Change(0, gone_words=tuple(self._words)))
        self._pairs, self._fixes, self._step = {}, {}, 0
        self._reckon_all()
        self._store.clear()

    def export(self) -> str:
        """Everything as text, see `ui.input.word_list`."""
        return to_text(self.learnt())

    def import_text(self, text: str) -> int:
        """Take over what `export` wrote, or a list of words.

        Returns the number of rows. ValueError names the first line that cannot be read; nothing
        is taken over then.
        """
        found = from_text(
            text, self._step, self._can_spell, lambda word: self._model.word(word) != UNK
        )
        self.take(found)
        return len(found.words) + len(found.pairs) + len(found.fixes)

    # ------------------------------------------------------------ rows

    def _can_spell(self, reading: tuple[str, ...]) -> bool:
        return bool(reading) and all(syllable in self._numbers for syllable in reading)

    def _now(self, value: float, step: int) -> float:
        return float(value * 0.5 ** ((self._step - step) / HALF_LIFE))

    def _counted(self, lesson: Lesson, fresh: Mapping[WordKey, WordRow]) -> WordRow:
        key = (lesson.text, lesson.reading)
        old = fresh.get(key) or self._words.get(key)
        count = self._now(old.count, old.step) if old else 0.0
        own = old.own if old else self._model.word(lesson.text) == UNK
        return WordRow(*key, count + (CHOSEN if lesson.chosen else 1.0), self._step, own)

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
        self._unlist([word for word in change.gone_words if self._words.pop(word).own])
        for pair in change.gone_pairs:
            del self._pairs[pair]
        for fix in change.gone_fixes:
            del self._fixes[fix]

    # ------------------------------------------------------------ costs

    def _number(self, row: WordRow) -> None:
        """Give a row its word id and its entry in the lattice."""
        if row.key in self._entries:
            return
        model = self._model
        if row.text not in self._ids:
            word = model.word(row.text)
            if word == UNK:
                word = model.words + len(self._own_text)
                self._own_text.append(row.text)
            self._ids[row.text] = word
        word = self._ids[row.text]
        entry = find_entry(model, word, row.reading) if word < model.words else -1
        if entry < 0:
            entry = len(model.full) + len(self._own)
            self._own.append((word, tuple(self._numbers[s] for s in row.reading)))
        self._entries[row.key] = (entry, keys_of("".join(row.reading)))

    def _unlist(self, own: Iterable[WordKey]) -> None:
        """These of the user's own words are none any more, and can be made again. What their ids
        stood for can still be told: a sentence may be open that has them."""
        left = {text for text, _ in self._words}
        for word in own:
            self._entries.pop(word, None)
            if word[0] not in left:
                self._ids.pop(word[0], None)

    def _reckon_all(self) -> None:
        """Every cost from the rows alone."""
        self._typed: dict[int, float] = {}  # counts by word id
        self._after: dict[str, dict[str, float]] = {}  # of pairs by their first word
        self._total = 0.0
        self._reckoned = sum(self._now(row.count, row.step) for row in self._words.values())
        self._held: dict[WordKey, float] = {}  # what each row has in the sums above
        self.tables = UserTables()
        self._reckon(
            Learnt(
                self._step,
                tuple(self._words.values()),
                tuple(self._pairs.values()),
                tuple(self._fixes.values()),
            )
        )

    def _reckon(self, fresh: Learnt) -> bool:
        """The costs that change with these rows, in new tables; False, and nothing is of use any
        more, when the total has grown too much for that."""
        old = self.tables
        entries = dict(old.entries)
        for row in fresh.words:
            self._number(row)
            entry, keys = self._entries[row.key]
            if row.key not in self._held and len(keys) <= WINDOW:
                entries[keys] = (*entries.get(keys, ()), entry)
            self._count(row)
        if self._total > GROWTH * self._reckoned:
            return False
        words = dict(old.words)
        for row in fresh.words:
            word = self._ids[row.text]
            words[word] = (_cost(self._share(word)), self._marginal_gain(word))
        for pair in fresh.pairs:
            count = self._now(pair.count, pair.step)
            self._after.setdefault(pair.before, {})[pair.after] = count
        pairs = dict(old.pairs)
        for before in {pair.before for pair in fresh.pairs}:
            pairs |= self._pair_costs(before)
        fixes = dict(old.fixes)
        for fix in fresh.fixes:
            ids = [self.id_of(text) for text in fix.key]
            if UNK not in ids:
                fixes[fix_key(*ids)] = round(self._now(fix.gain, fix.step))
        self.tables = UserTables(entries, tuple(self._own), words, pairs, fixes)
        return True

    def _count(self, row: WordRow) -> None:
        count, word = self._now(row.count, row.step), self._ids[row.text]
        more = count - self._held.get(row.key, 0.0)
        self._held[row.key] = count
        self._total += more
        self._typed[word] = self._typed.get(word, 0.0) + more

    def _share(self, word: int) -> float:
        return self._typed[word] / (self._reckoned + PRIOR)

    def _marginal_gain(self, word: int) -> int:
        """By how much a word of the model is likelier because it is typed more than expected."""
        if word >= self._model.words:
            return 0
        expected = self._reckoned * 10 ** (-self._model.unigram[word] / UNIT)
        ratio = (self._typed[word] + EXPECTED_PRIOR) / (expected + EXPECTED_PRIOR)
        return round(max(-MOST_GAIN, min(MOST_GAIN, UNIT * MARGINAL * math.log10(ratio))))

    def _pair_costs(self, before: str) -> dict[int, int]:
        first = self.id_of(before)
        if first == UNK:
            return {}
        followers = {
            self._ids[after]: count
            for after, count in self._after[before].items()
            if self._ids.get(after, UNK) in self._typed
        }
        total = sum(followers.values()) + PAIR_PRIOR
        return {
            first << 32 | word: _cost((count + PAIR_PRIOR * self._share(word)) / total)
            for word, count in followers.items()
        }


def _within(text: str, before: str, after: str) -> bool:
    """Whether these two in a row are a part of the text, or all of it."""
    return before != BEGIN and before + after in text


def _cost(p: float) -> int:
    return max(0, round(-UNIT * math.log10(SHARE * p)))


def _least(values: dict[Key, float], keep: int, lowest: float) -> tuple[Key, ...]:
    """What has faded away, and the least of what is too many, with some to spare."""
    if len(values) > keep:
        keep -= int(SPARE * keep)
    order = sorted(values, key=lambda key: -values[key])
    return tuple(key for n, key in enumerate(order) if n >= keep or values[key] < lowest)


def find_entry(model: Model, word: int, reading: tuple[str, ...]) -> int:
    """The FULL record of this word and reading, or -1."""
    node = 0
    for digit in keys_of("".join(reading)):
        value = model.node[node]
        bit = 1 << (int(digit) - 2)
        if not value & bit:
            return -1
        node = (value >> 8) + (value & (bit - 1)).bit_count()
    for entry in range(model.full_start[node], model.full_start[node + 1]):
        if model.full[entry] >> COST_BITS == word and model.reading_of(entry) == reading:
            return entry
    return -1
