"""What was repaired once comes first the next time.

Counts alone cannot see to that: against a rival that the model is sure of, or that was typed a
hundred times, one more weighs little. So after a commit with a word that was chosen the same keys
are decoded again, and where something else than what was committed still comes first, the words
that make the difference take as much as is missing: those of the committed sentence become
likelier after the two words before them, those of the other one less likely (the passive-aggressive
rule of Crammer et al. 2006: the least change that puts this one example right). They are told by
two words before them, and so spoil little else.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ui.input.lattice import Kind, Lattice, Pin, partial_cost
from ui.input.learning.habits import Habits
from ui.input.learning.user import FixKey
from ui.input.model import UNK
from ui.input.nbest import Word

MARGIN: Final = 100  # by which the committed sentence is to be the better one (1/1024 log10)
ROUNDS: Final = 4  # there may be more than one rival
STRETCH: Final = 8  # keys decoded without a pause


@dataclass(frozen=True)
class Correction:
    """A committed sentence with repaired words: the two word ids before it, its keys, its words."""

    context: tuple[int, int]
    keys: str
    words: tuple[Word, ...]
    text: str

    def teach(self, new_lattice: Callable[[], Lattice], habits: Habits) -> Iterator[None]:
        """Until the sentence comes first by itself; pauses often, so that no key has to wait."""
        if any(word.kind is Kind.PARTIAL for word in self.words[:-1]):
            return  # keys that are free never read so
        pins = [word.pin() for word in self.words]
        for _ in range(ROUNDS):
            free = new_lattice()
            rival, cost = yield from self._decode(free, ())
            if not rival or self._text_of(rival, habits) == self.text:
                return
            yield
            if len(self.keys) == 1:
                wanted = self._cost_of_the_key(free)
            else:
                _, wanted = yield from self._decode(new_lattice(), pins)
            chosen, rejected = self._fixes(self.words, habits), self._fixes(rival, habits)
            differing = len(chosen ^ rejected)
            if not differing or wanted < cost:
                return
            gain = (wanted - cost + MARGIN) / differing
            habits.prefer(chosen - rejected, rejected - chosen, gain)
            yield

    def _decode(
        self, lattice: Lattice, pins: Sequence[Pin]
    ) -> Generator[None, None, tuple[list[Word], int]]:
        """The best sentence and its cost."""
        lattice.reset(*self.context)
        lattice.set_rules(b"", (), pins)
        for number, key in enumerate(self.keys, 1):
            lattice.push(int(key))
            if number % STRETCH == 0:
                yield
        arcs = lattice.best()
        ends = [arc.start for arc in arcs[1:]] + [len(self.keys)]
        words = [Word(a.start, end, a.entry, a.kind) for a, end in zip(arcs, ends, strict=True)]
        cost = arcs[-1].cost if arcs else 0
        if arcs and pins and pins[-1].kind is Kind.PARTIAL:
            # Where it stands unpinned it pays for being unfinished, not for the sentence's end.
            cost = lattice.column(len(lattice))[0].arcs[0].cost + partial_cost(len(lattice))
        return words, cost

    def _cost_of_the_key(self, free: Lattice) -> int:
        """Of the word of a single key: alone it goes on from no history, pinned it would from the
        sentence's begin. 0 when it is not among the likely ones."""
        costs = (arc.cost for arc in free.finals() if arc.entry == self.words[0].entry)
        return min(costs, default=0)

    @staticmethod
    def _text_of(words: Sequence[Word], habits: Habits) -> str:
        return "".join(habits.lexicon.text(habits.lexicon.word_of(word.entry)) for word in words)

    def _fixes(self, words: Sequence[Word], habits: Habits) -> set[FixKey]:
        """Each word with the two before it, where all three are words."""
        ids = [*self.context, *(habits.lexicon.word_of(word.entry) for word in words)]
        return {
            (habits.lexicon.text(before), habits.lexicon.text(last), habits.lexicon.text(word))
            for before, last, word in zip(ids, ids[1:], ids[2:], strict=False)
            if UNK not in (before, last, word)
        }
