"""What else could stand at a place of a sentence, by how it fits its neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ui.input.engine import Engine
from ui.input.lattice import INITIAL_COST, Kind, partial_cost
from ui.input.model import COST_MASK
from ui.input.nbest import Word
from ui.input.typed import Typed

CANDIDATES = 180  # of one word
TRIED_PER_END = 60
LONGEST_SYLLABLE = 6
KEY_WORTH = 1000  # cost that a longer syllable may have more, for each key that it explains
SHOWN_WORTH = 600  # the same for as many keys as the syllable shown has
UNUSUAL_COST = 2048  # of what is written with hanzi such as 妳 and 嗎


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that could stand at a place of the sentence."""

    text: str
    word: Word


_Scored = tuple[int, str, int, int, Kind]  # cost, hanzi, last key, entry, kind


class Alternatives:
    """For the words of the sentence `shown`, which follows the two words of `context`. Valid until
    `typed` changes."""

    def __init__(
        self, engine: Engine, typed: Typed, context: tuple[int, int], shown: Sequence[Word]
    ) -> None:
        self._engine = engine
        self._model = engine.model
        self._habits = engine.habits
        self._typed = typed
        self._keys = typed.keys
        self._open_ends = (typed.caret, len(typed.keys))  # where a syllable may be unfinished
        self._context = context
        self._shown = shown

    def words(self, place: int, near: Sequence[Word]) -> list[Candidate]:
        """What could stand where the word at `place` begins, the best first.

        Words of other sentences that are nearly as good, which are in `near`; then the words of
        the same keys by how they fit their neighbours; then shorter and longer ones.
        """
        word = self._shown[place]
        ends = sorted(
            (end for end in range(word.start + 1, len(self._keys) + 1) if end != word.end),
            key=lambda end: (end > word.end, -end if end < word.end else end),
        )
        found: dict[str, Candidate] = {}
        _add(found, self._near(word, near))
        _add(found, self._fitting(place, word.end, CANDIDATES))
        for end in ends:
            if len(found) >= CANDIDATES:
                break
            _add(found, self._fitting(place, end, TRIED_PER_END))
        return list(found.values())[:CANDIDATES]

    def characters(self, place: int) -> list[Candidate]:
        """Every hanzi that could stand where the word at `place` begins: the one shown, then the
        best first."""
        word = self._shown[place]
        first = self._habits.lexicon.reading_of(word.entry)[0]
        shown = 1 if word.kind is Kind.INITIAL else min(len(first), word.end - word.start)
        scored: list[_Scored] = []
        for length in range(1, min(LONGEST_SYLLABLE, len(self._keys) - word.start) + 1):
            worth = KEY_WORTH * length + (SHOWN_WORTH if length == shown else 0)
            scored += self._hanzi(place, word.start + length, worth)
        begin = self._text(word.entry)[:1]
        scored.sort(key=lambda item: (item[1] != begin, item))
        found: dict[str, Candidate] = {}
        for _, text, end, entry, kind in scored:
            if text not in found:
                found[text] = Candidate(text, Word(word.start, end, entry, kind))
        return list(found.values())

    def _near(self, shown: Word, near: Sequence[Word]) -> list[Candidate]:
        """Those that begin where the word shown does, itself first, what is unusual last."""
        beside = (word for word in near if word.start == shown.start)
        found = [Candidate(self._text(word.entry), word) for word in beside]
        first = self._text(shown.entry)
        number_of = self._habits.lexicon.word_of

        def order(item: Candidate) -> tuple[bool, bool]:
            usual = self._engine.usual(number_of(item.word.entry), item.text)
            return item.text != first, not usual

        return sorted(found, key=order)

    def _text(self, entry: int) -> str:
        return self._habits.lexicon.text(self._habits.lexicon.word_of(entry))

    def _fitting(self, place: int, end: int, most: int) -> list[Candidate]:
        """Words of the keys from the place's start to `end`, by their cost between neighbours."""
        shown, after = self._shown, None
        if end == shown[place].end and place + 1 < len(shown):
            after = self._habits.lexicon.word_of(shown[place + 1].entry)
        start, last = shown[place].start, self._history(place)[1]
        scored = []
        for entry, kind, number, cost in self._costed(place, self._spelt(start, end)):
            cost += self._reading_cost(entry, kind)
            if after is not None:
                cost += self._costs(last, number, [after])[0]
            scored.append((cost, number, entry, kind))
        scored.sort()
        best = []
        for cost, number, entry, kind in scored[:most]:
            text = self._habits.lexicon.text(number)
            cost += self._unusual_cost(number, text)
            best.append((cost, Candidate(text, Word(start, end, entry, kind))))
        best.sort(key=lambda pair: pair[0])
        return [candidate for _, candidate in best]

    def _hanzi(self, place: int, end: int, worth: int) -> list[_Scored]:
        """Hanzi of the keys from the place's start to `end`, as often as they are written in any
        word; they cost less by what so many keys are worth."""
        lexicon = self._habits.lexicon
        spelt = self._spelt(self._shown[place].start, end)
        single = [item for item in spelt if lexicon.length_of(item[0]) == 1]
        scored = []
        for entry, kind, number, cost in self._costed(place, single):
            text = lexicon.text(number)
            cost = self._sum(cost, self._engine.hanzi.cost(text))
            cost += self._reading_cost(entry, kind) + self._unusual_cost(number, text) - worth
            scored.append((cost, text, end, entry, kind))
        return scored

    def _costed(
        self, place: int, spelt: Sequence[tuple[int, Kind]]
    ) -> Iterator[tuple[int, Kind, int, int]]:
        """Entry, kind, word and cost of each after the words before the place."""
        (before, last), word_of = self._history(place), self._habits.lexicon.word_of
        numbers = [word_of(entry) for entry, _ in spelt]
        costs = self._costs(before, last, numbers)
        for (entry, kind), number, cost in zip(spelt, numbers, costs, strict=True):
            yield entry, kind, number, cost

    def _unusual_cost(self, number: int, text: str) -> int:
        return 0 if self._engine.usual(number, text) else UNUSUAL_COST

    def _sum(self, one: int, other: int) -> int:
        """The cost of what is as likely as both together."""
        log_add, gap = self._model.log_add, abs(one - other)
        return min(one, other) - (log_add[gap] if gap < len(log_add) else 0)

    def _history(self, place: int) -> tuple[int, int]:
        words = (self._habits.lexicon.word_of(word.entry) for word in self._shown[:place])
        ids = [*self._context, *words]
        return ids[-2], ids[-1]

    def _costs(self, before: int, last: int, words: Sequence[int]) -> list[int]:
        """The model's costs of words after two others, with the user's habits."""
        log_add, tables = self._model.log_add, self._habits.tables
        costs = self._model.costs(before, last, words)
        return [
            tables.cost(log_add, before, last, word, cost)
            for word, cost in zip(words, costs, strict=True)
        ]

    def _reading_cost(self, entry: int, kind: Kind) -> int:
        model = self._model
        cost = int(model.full[entry] & COST_MASK) if entry < len(model.full) else 0
        if kind is Kind.INITIAL:
            cost += INITIAL_COST * self._habits.lexicon.length_of(entry)
        return cost + (partial_cost(len(self._keys)) if kind is Kind.PARTIAL else 0)

    def _spelt(self, start: int, end: int) -> list[tuple[int, Kind]]:
        """Every entry that these keys spell, finished, by initials or unfinished."""
        model = self._model
        keys = self._keys[start:end]
        found = [(entry, Kind.FULL) for entry in self._habits.tables.entries.get(keys, ())]
        node = model.node_of(keys)
        if node is not None:
            found += self._spelt_at(node, unfinished=end in self._open_ends)
        found = list(dict.fromkeys(found))
        if not self._typed.rules.locks and not self._typed.boundaries:
            return found
        return [item for item in found if self._obeys(start, end, *item)]

    def _spelt_at(self, node: int, unfinished: bool) -> list[tuple[int, Kind]]:
        """The same of the model's alone."""
        model = self._model
        full = range(model.full_start[node], model.full_start[node + 1])
        found = [(entry, Kind.FULL) for entry in full]
        if unfinished:
            partial = model.partial[model.partial_start[node] : model.partial_start[node + 1]]
            found += [(entry, Kind.PARTIAL) for entry in partial]
        if node + 1 < len(model.initial_start):
            initial = model.initial[model.initial_start[node] : model.initial_start[node + 1]]
            found += [(entry, Kind.INITIAL) for entry in initial]
        return found

    def _obeys(self, start: int, end: int, entry: int, kind: Kind) -> bool:
        rules = self._typed.rules
        for syllable in self._habits.lexicon.reading_of(entry):
            length = 1 if kind is Kind.INITIAL else len(syllable)
            lock = rules.locks.get(start)
            if lock is not None and lock.letters != syllable:
                return False
            if any(start < at < min(start + length, end) for at in self._typed.boundaries):
                return False
            start += length
        return True


def _add(found: dict[str, Candidate], items: Iterable[Candidate]) -> None:
    """The first of each text counts."""
    for item in items:
        found.setdefault(item.text, item)
