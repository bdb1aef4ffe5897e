"""The integer costs that what was learnt becomes, for the lattice.

From the general to the special:
- the words typed and how often: those make a small language model that is added to the big one;
- how much more often a word is typed than the model expects: by that it is likelier everywhere
  (adaptation by marginals, Kneser, Peters and Klakow 1997);
- pairs of words: the small model's context;
- fixes: what was put in the place of what after which two words (`ui.input.learning.correction`).
"""

from __future__ import annotations

import math
from typing import Final

from ui.input.lattice import WINDOW, UserTables, fix_key
from ui.input.learning.lexicon import Lexicon
from ui.input.learning.user import Learnt, PairRow, WordKey, WordRow
from ui.input.model import UNIT, UNK, Model

SHARE: Final = 0.04  # weight of the small model beside the big one
PRIOR: Final = 100.0  # counts that the small model must outweigh to be trusted wholly
PAIR_PRIOR: Final = 0.5
MARGINAL: Final = 0.4  # how much of the unexpected frequency of a word is believed
EXPECTED_PRIOR: Final = 2.0  # counts added to what is typed and to what is expected
MOST_GAIN: Final = 2048  # of a word by its frequency
GROWTH: Final = 1.05  # of all counts, after which every cost is reckoned anew
LEAST: Final = 1e-16  # probability; a count may have faded away to nothing


class HabitCosts:
    """`tables` is never changed, it is replaced: lattices hold on to it.

    `add` reckons anew only the costs of the rows given and of what follows the same words. Those of
    all others are shares of a total that has hardly moved; when it has, `begin` does them all.
    """

    def __init__(self, model: Model, lexicon: Lexicon) -> None:
        self._model = model
        self._lexicon = lexicon
        self.begin(Learnt())

    def begin(self, learnt: Learnt) -> None:
        """Every cost from these rows alone; their counts and gains are those of now."""
        self._typed: dict[int, float] = {}  # counts by word id
        self._after: dict[str, dict[str, float]] = {}  # of pairs by their first word
        self._held: dict[WordKey, float] = {}  # what each row has in the sums
        self._total = 0.0
        self._reckoned = sum(row.count for row in learnt.words)
        self.tables = UserTables()
        self.add(learnt)

    def add(self, fresh: Learnt) -> bool:
        """The costs that change with these rows. False, and nothing is of use any more before
        `begin`, when the total has grown too much for that."""
        old = self.tables
        entries, words = dict(old.entries), dict(old.words)
        ids = [self._enter(row, entries) for row in fresh.words]
        if self._total > GROWTH * self._reckoned:
            return False
        for word in ids:
            words[word] = (_cost(self._share(word)), self._marginal_gain(word))
        pairs = old.pairs | self._pair_costs(fresh.pairs)
        fixes = dict(old.fixes)
        for fix in fresh.fixes:
            before, last, word = (self._lexicon.id_of(text) for text in fix.key)
            if UNK not in (before, last, word):
                fixes[fix_key(before, last, word)] = round(fix.gain)
        self.tables = UserTables(entries, self._lexicon.own(), words, pairs, fixes)
        return True

    def followers(self, before: str) -> tuple[str, ...]:
        """The words typed after `before`."""
        return tuple(self._after.get(before, ()))

    def _enter(self, row: WordRow, entries: dict[str, tuple[int, ...]]) -> int:
        """Count a row, and list its entry by its keys; the id of its word."""
        word, entry, keys = self._lexicon.enter(row)
        if row.key not in self._held and len(keys) <= WINDOW:
            entries[keys] = (*entries.get(keys, ()), entry)
        more = row.count - self._held.get(row.key, 0.0)
        self._held[row.key] = row.count
        self._total += more
        self._typed[word] = self._typed.get(word, 0.0) + more
        return word

    def _share(self, word: int) -> float:
        return self._typed[word] / (self._reckoned + PRIOR)

    def _marginal_gain(self, word: int) -> int:
        """By how much a word of the model is likelier because it is typed more than expected."""
        if word >= self._model.words:
            return 0
        expected = self._reckoned * 10 ** (-self._model.unigram[word] / UNIT)
        ratio = (self._typed[word] + EXPECTED_PRIOR) / (expected + EXPECTED_PRIOR)
        return round(max(-MOST_GAIN, min(MOST_GAIN, UNIT * MARGINAL * math.log10(ratio))))

    def _pair_costs(self, fresh: tuple[PairRow, ...]) -> dict[int, int]:
        """Of all words after those that these pairs begin with."""
        for pair in fresh:
            self._after.setdefault(pair.before, {})[pair.after] = pair.count
        costs: dict[int, int] = {}
        for before in {pair.before for pair in fresh}:
            first = self._lexicon.id_of(before)
            if first != UNK:
                costs |= {first << 32 | word: cost for word, cost in self._costs_after(before)}
        return costs

    def _costs_after(self, before: str) -> list[tuple[int, int]]:
        counts = {self._lexicon.id_of(after): n for after, n in self._after[before].items()}
        live = {word: count for word, count in counts.items() if word in self._typed}
        total = sum(live.values()) + PAIR_PRIOR
        return [
            (word, _cost((count + PAIR_PRIOR * self._share(word)) / total))
            for word, count in live.items()
        ]


def _cost(p: float) -> int:
    return max(0, round(-UNIT * math.log10(max(SHARE * p, LEAST))))
