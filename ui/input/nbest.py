"""The best whole sentences of a lattice, in order: best-first search backwards.

The forward cost of every state is exact, so it is an exact heuristic: sentences come out in order
of cost and none is expanded in vain (as in A*, Hart, Nilsson and Raphael 1968).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from ui.input.lattice import Arc, Kind, Lattice, Pin, StateView

MAX_EXPANSIONS = 2000


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence: the keys it covers, `start` to `end`, and what it is."""

    start: int
    end: int
    entry: int
    kind: Kind

    def pin(self) -> Pin:
        """The rule that it stands there."""
        return Pin(self.start, self.end, self.entry, self.kind)

    def moved(self, by: int) -> Word:
        """The same over keys further on."""
        return Word(self.start + by, self.end + by, self.entry, self.kind)


@dataclass(frozen=True, slots=True)
class Path:
    """A whole sentence over all keys."""

    cost: int
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class _Tail:
    """A sentence known from `word` to its end."""

    word: Word
    rest: _Tail | None

    def words(self) -> tuple[Word, ...]:
        found: list[Word] = []
        tail: _Tail | None = self
        while tail is not None:
            found.append(tail.word)
            tail = tail.rest
        return tuple(found)


def paths(lattice: Lattice) -> Iterator[Path]:
    """Sentences from the best on. They differ in words, not always in text."""
    columns: dict[int, list[StateView]] = {}
    heap: list[tuple[int, int, Arc, int, _Tail | None]] = []
    order = 0
    for arc in lattice.finals():
        heap.append((arc.cost, order, arc, len(lattice), None))
        order += 1
    for _ in range(MAX_EXPANSIONS):
        if not heap:
            return
        cost, place, arc, end, rest = heappop(heap)
        tail = _Tail(Word(arc.start, end, arc.entry, arc.kind), rest)
        if arc.start == 0:
            yield Path(cost, tail.words())
            continue
        if arc.start not in columns:
            columns[arc.start] = lattice.column(arc.start)
        best, *others = columns[arc.start][arc.state].arcs
        # The best way on keeps its place, so that of equal sentences `Lattice.best` comes first.
        heappush(heap, (cost, place, best, arc.start, tail))
        for other in others:
            heappush(heap, (cost + other.cost - best.cost, order, other, arc.start, tail))
            order += 1
