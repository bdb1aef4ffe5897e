"""What the user's own typing teaches: words, pairs of words, self-made words.

`UserWords` is the store, implemented by the appliance; `Habits` is what is learnt, and turns it
into the integer costs that the lattice adds to the model. Counts decay with what is typed, not
with the calendar: the box may not know the date.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from ui.input.lattice import WINDOW, UserTables
from ui.input.model import COST_BITS, UNK, Model
from ui.input.syllables import keys_of

MAX_WORDS: Final = 3000
MAX_PAIRS: Final = 6000
HALF_LIFE: Final = 4000  # committed words after which a count is worth half
CHOSEN: Final = 2.0  # what a word counts that the user chose, against one that was right already
SHARE: Final = 0.05  # weight of the habits beside the model
PRIOR: Final = 100.0  # counts that the habits must outweigh to be trusted wholly
PAIR_PRIOR: Final = 0.5
LOWEST: Final = 0.05  # a count decayed below this is forgotten
UNIT: Final = 1024
MAX_OWN_LENGTH: Final = 8
Key = TypeVar("Key")
BEGIN: Final = ""  # stands for the sentence's begin as the first word of a pair


@dataclass(frozen=True, slots=True)
class WordRow:
    """A learnt word. `count` was true at `step`. `own`: the model does not hold it."""

    text: str
    reading: tuple[str, ...]
    count: float
    step: int
    own: bool = False


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two words seen in a row; `before` is `BEGIN` at a sentence's begin."""

    before: str
    after: str
    count: float
    step: int


@dataclass(frozen=True, slots=True)
class Change:
    """What one lesson changed; stored in one transaction or not at all."""

    step: int
    words: tuple[WordRow, ...] = ()
    pairs: tuple[PairRow, ...] = ()
    gone_words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    gone_pairs: tuple[tuple[str, str], ...] = ()


class UserWords(Protocol):
    """The store. It must survive power cuts: a change is kept whole or not at all.

    `write` may be asynchronous; it never raises into typing: a store that cannot write says so to
    the user by its own ways.
    """

    def read(self) -> tuple[int, list[WordRow], list[PairRow]]:
        """The last step, all words, all pairs."""

    def write(self, change: Change) -> None:
        """Keep this change."""

    def clear(self) -> None:
        """Forget everything."""


class MemoryWords:
    """A store that lasts as long as the process: for benches, and where there is no disk."""

    def __init__(self) -> None:
        self._step = 0
        self._words: dict[tuple[str, tuple[str, ...]], WordRow] = {}
        self._pairs: dict[tuple[str, str], PairRow] = {}

    def read(self) -> tuple[int, list[WordRow], list[PairRow]]:
        return self._step, list(self._words.values()), list(self._pairs.values())

    def write(self, change: Change) -> None:
        self._step = change.step
        self._words.update({(row.text, row.reading): row for row in change.words})
        self._pairs.update({(row.before, row.after): row for row in change.pairs})
        for word in change.gone_words:
            self._words.pop(word, None)
        for pair in change.gone_pairs:
            self._pairs.pop(pair, None)

    def clear(self) -> None:
        self._step = 0
        self._words.clear()
        self._pairs.clear()


@dataclass(frozen=True, slots=True)
class Lesson:
    """One word of a committed sentence. `chosen`: the user picked it."""

    text: str
    reading: tuple[str, ...]
    chosen: bool = False


class Habits:
    """Learns from what is committed; `tables` is for the lattice."""

    def __init__(self, model: Model, store: UserWords) -> None:
        self._model = model
        self._store = store
        self._numbers = {name: number for number, name in enumerate(model.syllables)}
        self._step, words, pairs = store.read()
        self._words: dict[tuple[str, tuple[str, ...]], WordRow] = {}
        self._pairs: dict[tuple[str, str], PairRow] = {}
        self._entries: dict[tuple[str, tuple[str, ...]], tuple[int, str]] = {}
        self._ids: dict[str, int] = {BEGIN: 0}
        self._own: list[tuple[int, tuple[int, ...]]] = []
        self._own_text: list[str] = []
        for row in words:
            if self._can_spell(row.reading):
                self._words[row.text, row.reading] = row
        for pair in pairs:
            self._pairs[pair.before, pair.after] = pair
        self.tables = self._build()

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
        found = [
            (row.after, self._now(row.count, row.step))
            for row in self._pairs.values()
            if row.before == before
        ]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    # ------------------------------------------------------------ learning

    def learn(self, lessons: Sequence[Lesson], before: str = BEGIN) -> None:
        """Learn a committed sentence; `before` is the word it was typed after."""
        if not lessons:
            return
        self._step += len(lessons)
        words: dict[tuple[str, tuple[str, ...]], WordRow] = {}
        pairs: dict[tuple[str, str], PairRow] = {}
        for lesson in [*lessons, *self._made(lessons)]:
            if not self._can_spell(lesson.reading) or len(lesson.text) > MAX_OWN_LENGTH:
                continue
            key = (lesson.text, lesson.reading)
            weight = CHOSEN if lesson.chosen else 1.0
            old = words.get(key) or self._words.get(key)
            count = self._now(old.count, old.step) if old else 0.0
            own = old.own if old else self._model.word(lesson.text) == UNK
            words[key] = WordRow(lesson.text, lesson.reading, count + weight, self._step, own)
        for lesson in lessons:
            link = (before, lesson.text)
            past = pairs.get(link) or self._pairs.get(link)
            count = self._now(past.count, past.step) if past else 0.0
            weight = CHOSEN if lesson.chosen else 1.0
            pairs[link] = PairRow(before, lesson.text, count + weight, self._step)
            before = lesson.text
        self._words |= words
        self._pairs |= pairs
        gone_words, gone_pairs = self._drop_least()
        self.tables = self._build()
        self._store.write(
            Change(
                self._step,
                tuple(row for key, row in words.items() if key in self._words),
                tuple(row for link, row in pairs.items() if link in self._pairs),
                gone_words,
                gone_pairs,
            )
        )

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

    def forget(self, text: str) -> bool:
        """Forget a word and its pairs; False when nothing was learnt of it."""
        words = [key for key in self._words if key[0] == text]
        pairs = [link for link in self._pairs if text in link]
        for key in words:
            del self._words[key]
        for link in pairs:
            del self._pairs[link]
        if words or pairs:
            self.tables = self._build()
            self._store.write(Change(self._step, gone_words=tuple(words), gone_pairs=tuple(pairs)))
        return bool(words or pairs)

    def forget_all(self) -> None:
        """Forget everything."""
        self._words, self._pairs, self._step = {}, {}, 0
        self.tables = self._build()
        self._store.clear()

    # ------------------------------------------------------------ as text

    def export(self) -> str:
        """Lines `word TAB pinyin TAB count` and `word TAB word TAB count TAB pair`."""
        lines = [
            f"{row.text}\t{chr(39).join(row.reading)}\t{self._now(row.count, row.step):.3f}"
            for row in self._words.values()
        ]
        lines += [
            f"{row.before}\t{row.after}\t{self._now(row.count, row.step):.3f}\tpair"
            for row in self._pairs.values()
        ]
        return "".join(line + "\n" for line in lines)

    def import_text(self, text: str) -> int:
        """Take over what `export` wrote, or a list of `word TAB pinyin [TAB count]`.

        Returns the number of rows. ValueError names the first line that cannot be read; nothing
        is taken over then.
        """
        words: list[WordRow] = []
        pairs: list[PairRow] = []
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            fields = line.split("\t")
            try:
                count = float(fields[2]) if len(fields) > 2 else CHOSEN
                if not 0 < count < 1e6:
                    raise ValueError("a count is a number above 0")
                if len(fields) == 4 and fields[3] == "pair":
                    pairs.append(PairRow(fields[0], fields[1], count, self._step))
                    continue
                word, reading = fields[0], tuple(fields[1].split("'"))
                if not word or len(word) > MAX_OWN_LENGTH or not self._can_spell(reading):
                    raise ValueError("no such pinyin, or too long a word")
            except (IndexError, ValueError) as error:
                raise ValueError(f"line {number}: {error}") from error
            own = self._model.word(word) == UNK
            words.append(WordRow(word, reading, count, self._step, own))
        self._words |= {(row.text, row.reading): row for row in words}
        self._pairs |= {(row.before, row.after): row for row in pairs}
        gone_words, gone_pairs = self._drop_least()
        self.tables = self._build()
        self._store.write(Change(self._step, tuple(words), tuple(pairs), gone_words, gone_pairs))
        return len(words) + len(pairs)

    # ------------------------------------------------------------ inside

    def _can_spell(self, reading: tuple[str, ...]) -> bool:
        return bool(reading) and all(syllable in self._numbers for syllable in reading)

    def _now(self, count: float, step: int) -> float:
        return float(count * 0.5 ** ((self._step - step) / HALF_LIFE))

    def _drop_least(
        self,
    ) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], tuple[tuple[str, str], ...]]:
        words = {key: self._now(row.count, row.step) for key, row in self._words.items()}
        pairs = {link: self._now(row.count, row.step) for link, row in self._pairs.items()}
        gone_words = _least(words, MAX_WORDS)
        gone_pairs = _least(pairs, MAX_PAIRS)
        for key in gone_words:
            del self._words[key]
        for link in gone_pairs:
            del self._pairs[link]
        return gone_words, gone_pairs

    def _number(self, row: WordRow) -> None:
        """Give a row its word id and its entry in the lattice."""
        key = (row.text, row.reading)
        if key in self._entries:
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
        self._entries[key] = (entry, keys_of("".join(row.reading)))

    def _build(self) -> UserTables:
        words: dict[int, float] = {}
        entries: dict[str, list[int]] = {}
        for key, row in self._words.items():
            self._number(row)
            word = self._ids[row.text]
            words[word] = words.get(word, 0.0) + self._now(row.count, row.step)
            entry, keys = self._entries[key]
            if len(keys) <= WINDOW:
                entries.setdefault(keys, []).append(entry)
        total = sum(words.values()) + PRIOR
        share = {word: count / total for word, count in words.items()}
        after: dict[str, float] = {}
        live: list[tuple[PairRow, float]] = []
        for pair in self._pairs.values():
            if pair.after in self._ids and self._ids[pair.after] in share:
                count = self._now(pair.count, pair.step)
                after[pair.before] = after.get(pair.before, 0.0) + count
                live.append((pair, count))
        pairs: dict[int, int] = {}
        for pair, count in live:
            before = self._ids.get(pair.before)
            if before is None:
                continue
            word = self._ids[pair.after]
            p = (count + PAIR_PRIOR * share[word]) / (after[pair.before] + PAIR_PRIOR)
            pairs[before << 32 | word] = _cost(p)
        return UserTables(
            {keys: tuple(found) for keys, found in entries.items()},
            tuple(self._own),
            {word: _cost(p) for word, p in share.items()},
            pairs,
        )


def _cost(p: float) -> int:
    return max(0, round(-UNIT * math.log10(SHARE * p)))


def _least(counts: dict[Key, float], keep: int) -> tuple[Key, ...]:
    """What has decayed away, and the least frequent of what is too many."""
    order = sorted(counts, key=lambda key: -counts[key])
    return tuple(key for n, key in enumerate(order) if n >= keep or counts[key] < LOWEST)


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
