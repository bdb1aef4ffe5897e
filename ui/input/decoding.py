"""The sentences of the keys typed, decoded key by key.

Words held behind a gap stand there as if they were picked, so that a key typed in the gap costs
little more than one at the end, and before them a syllable may be unfinished. Meanwhile the keys
can be decoded ahead as they will be when nothing is held any more, a few at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from ui.input.engine import Engine
from ui.input.lattice import MAX_KEYS, UNFINISHED, Pin
from ui.input.nbest import Path, Word, paths
from ui.input.typed import Typed

SEARCHED = 40  # paths looked at for sentences that differ and for each word's certainty


class Decoding:
    """A lattice that follows the keys and rules of a `Typed`, from `begin` on."""

    def __init__(self, engine: Engine) -> None:
        self._habits = engine.habits
        self._lattice = engine.lattice()
        self._typed = Typed()
        self._retyping = False  # the columns are those of the words held
        self._lasting = MAX_KEYS  # so many columns do not depend on what is held
        self._best: tuple[Word, ...] | None = None
        self._likely: list[Path] | None = None

    def begin(self, context: tuple[int, int], typed: Typed) -> None:
        """Decode everything after these two words, with the habits as they are."""
        self._lattice.set_user(self._habits.tables)
        self._lattice.reset(*context)
        self.redo(typed, 0)

    def redo(self, typed: Typed, start: int) -> None:
        """Decode again from this position on."""
        self._typed = typed
        self._best = self._likely = None
        self._take_rules(start, retyping=typed.retyping)
        self._push(len(typed.keys))

    def ahead(self, count: int) -> None:
        """Decode so many keys as if nothing were held; the sentences stay as they are."""
        self._best, self._likely = self.best(), self.likely()
        if self._retyping:
            self._take_rules(self._lasting, retyping=False)
        self._push(len(self._lattice) + count)

    @property
    def complete(self) -> bool:
        """Nothing is left to decode ahead."""
        return not self._retyping and len(self._lattice) == len(self._typed.keys)

    def best(self) -> tuple[Word, ...]:
        """The words of the best sentence."""
        if self._best is None:
            arcs = self._lattice.best()
            ends = [*(arc.start for arc in arcs[1:]), len(self._lattice)]
            spans = zip(arcs, ends, strict=False)
            self._best = tuple(Word(arc.start, end, arc.entry, arc.kind) for arc, end in spans)
        return self._best

    def likely(self) -> list[Path]:
        """The best sentences, in order. They differ in words, not always in text."""
        if self._likely is None:
            self._likely = list(islice(paths(self._lattice), SEARCHED))
        return self._likely

    def _take_rules(self, start: int, retyping: bool) -> None:
        """Keep the columns before `start` that are the same under the rules as they now are."""
        typed = self._typed
        lasting = typed.caret - (not typed.at_edge) if retyping else MAX_KEYS
        kept = min(start, lasting, self._lasting)
        if kept < len(self._lattice):
            self._lattice.pop(len(self._lattice) - kept)
        self._retyping, self._lasting = retyping, lasting
        marks, locks, pins = _rules_of(typed, retyping)
        self._lattice.set_rules(marks, locks, pins)

    def _push(self, end: int) -> None:
        for key in self._typed.keys[len(self._lattice) : end]:
            self._lattice.push(int(key))


def _rules_of(typed: Typed, retyping: bool) -> tuple[bytes, list[int], Sequence[Pin]]:
    """As `Lattice.set_rules` takes them."""
    rules, boundaries = typed.rules, typed.boundaries
    size = max([0, *boundaries, *rules.locks]) + 1
    marks = bytearray(at in boundaries for at in range(size))
    locks = [rules.locks[at].number if at in rules.locks else -1 for at in range(size)]
    if not retyping:
        return bytes(marks), locks, rules.pins
    if not typed.at_edge:
        marks[typed.caret] = UNFINISHED
    held = [word.pin() for word in typed.held]
    pins = [pin for pin in rules.pins if not held or pin.start < held[0].start]
    return bytes(marks), locks, [*pins, *held]
