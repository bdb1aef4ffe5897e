"""Incremental Viterbi over the keys: the word lattice in pure Python.

`ui.input._core` is the same in C and must agree to the last bit: every cost is an integer, and
equal costs are ordered by how the candidates were generated (start of the word ascending, state
of that column, then word: full readings, the user's, initials).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple, Protocol

from ui.input.model import BOS, COST_BITS, COST_MASK, EOS, UNK, Model

INTERFACE: Final = 3  # of the compiled core: raised when what it is given or gives changes
STATES: Final = 24  # kept per column
WORDS: Final = 40  # full readings tried per code, the likeliest
PARTIAL_WORDS: Final = 24
BEAM: Final = 6 * 1024  # worse than the column's best by more than this: dropped
PARTIAL_COST: Final = 1664  # of an unfinished syllable, last of all or before words held
PARTIAL_STEP: Final = 128  # more with each key: the longer the input, the likelier it is whole
PARTIAL_MOST: Final = 3072
INITIAL_COST: Final = 3072  # of each syllable given by its initial alone
ALTERNATIVES: Final = 3  # ways into a state that are kept beside the best one
WINDOW: Final = 32  # keys of the longest word
MAX_KEYS: Final = 128
UNFINISHED: Final = 2  # in `boundaries`: the syllable before it may be unfinished
NO_HABIT: Final = (-1, 0)  # neither a cost of its own nor a gain


def partial_cost(keys: int) -> int:
    """Of an unfinished last syllable, after so many keys in all."""
    return min(PARTIAL_COST + PARTIAL_STEP * keys, PARTIAL_MOST)


class Kind(IntEnum):
    """How a word's keys were read."""

    FULL = 0
    INITIAL = 1
    PARTIAL = 2


class Arc(NamedTuple):
    """A word at the end of a path: the path's cost with it, where it began, what it is."""

    cost: int
    start: int  # column
    state: int  # in that column
    entry: int  # index into FULL, or beyond it a word of the user's own
    kind: Kind


class StateView(NamedTuple):
    """A kept state of a column: its last two words, and the ways into it, the best first."""

    before: int
    last: int
    arcs: tuple[Arc, ...]


class Pin(NamedTuple):
    """A word the user chose: it alone covers the keys from `start` to `end`."""

    start: int
    end: int
    entry: int
    kind: Kind


def fix_key(before: int, last: int, word: int) -> int:
    """Where `UserTables.fixes` has the gain of a word after two others."""
    return before << 42 | last << 21 | word


@dataclass(frozen=True)
class UserTables:
    """What the user's habits add to the model. Costs are joined as probabilities are added.

    `entries`: by keys, indices into FULL or, from its length on, into `own`. `own`: word ids from
    `Model.words` on with their syllable numbers. `words`: by word its cost, and its gain, by which
    it is likelier wherever it stands. `pairs`: cost by `last << 32 | word`, used instead of that of
    the word. `fixes`: gain by `fix_key`. A word's gain is taken off the model's cost, a fix's off
    what the two are together, down to 0.
    """

    entries: dict[str, tuple[int, ...]] = field(default_factory=dict)
    own: tuple[tuple[int, tuple[int, ...]], ...] = ()
    words: dict[int, tuple[int, int]] = field(default_factory=dict)
    pairs: dict[int, int] = field(default_factory=dict)
    fixes: dict[int, int] = field(default_factory=dict)

    def cost(self, log_add: Sequence[int], before: int, last: int, word: int, cost: int) -> int:
        """What the model's cost of a word after two others becomes."""
        habit, gain = self.words.get(word, NO_HABIT)
        habit = self.pairs.get(last << 32 | word, habit)
        cost = max(cost - gain, 0)
        if habit >= 0:
            gap = abs(habit - cost)
            cost = min(habit, cost) - (log_add[gap] if gap < len(log_add) else 0)
        return max(cost - self.fixes.get(fix_key(before, last, word), 0), 0)


class Lattice(Protocol):
    """What `PythonLattice` and the compiled one both are."""

    def reset(self, before: int, last: int) -> None:
        """Start again after these two committed words (`BOS`, `BOS` at a sentence's begin)."""

    def set_user(self, tables: UserTables) -> None:
        """Use these from the next `reset` on."""

    def set_rules(self, boundaries: bytes, locks: Sequence[int], pins: Sequence[Pin]) -> None:
        """Rules for the columns pushed from now on, by position: 1 in `boundaries` where a
        syllable must begin, `UNFINISHED` where the one before it may moreover be unfinished; in
        `locks` the number of the syllable that must stand there, or -1. Beyond their ends nothing
        is ruled. `pins` are sorted and do not overlap."""

    def push(self, key: int) -> None:
        """One more key, 2..9. ValueError on others and beyond `MAX_KEYS`."""

    def pop(self, count: int = 1) -> None:
        """Take `count` keys back."""

    def __len__(self) -> int: ...

    def column(self, position: int) -> list[StateView]:
        """The states after `position` keys, the best first."""

    def finals(self) -> list[Arc]:
        """The last words of the best sentences over all keys, the sentence's end or the
        unfinished syllable paid for; the best first."""

    def best(self) -> list[Arc]:
        """The words of the best sentence in order."""


class _State:
    """As StateView, with the model's context looked up once."""

    __slots__ = ("arcs", "before", "context", "last", "pair")

    def __init__(self, before: int, last: int, model: Model) -> None:
        self.before = before
        self.last = last
        self.context = last if last < model.words else UNK
        head = before if before < model.words else UNK
        self.pair = model.pair_of(head, self.context)
        self.arcs: list[Arc] = []


class _Column:
    __slots__ = ("nodes", "states")

    def __init__(self, nodes: list[int], states: list[_State]) -> None:
        self.nodes = nodes  # trie node of the keys from each start in the window, 0: none
        self.states = states


class PythonLattice:
    """The fallback where the compiled core is missing."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._user = UserTables()
        self._entries = len(model.full)
        self._keys = ""
        self._columns: list[_Column] = []
        self._boundaries = b""
        self._locks: Sequence[int] = ()
        self._pins: Sequence[Pin] = ()
        self._nowhere = _State(UNK, UNK, model)
        # To the model it is no history, to the user's habits it is the sentence's begin.
        self._nowhere.before = self._nowhere.last = BOS
        self._nowhere.arcs.append(Arc(0, 0, 0, -1, Kind.FULL))
        self.reset(BOS, BOS)

    def reset(self, before: int, last: int) -> None:
        root = _State(before, last, self._model)
        root.arcs.append(Arc(0, 0, 0, -1, Kind.FULL))
        self._keys = ""
        self._columns = [_Column([], [root])]
        self._boundaries, self._locks, self._pins = b"", (), ()

    def set_user(self, tables: UserTables) -> None:
        self._user = tables

    def set_rules(self, boundaries: bytes, locks: Sequence[int], pins: Sequence[Pin]) -> None:
        self._boundaries, self._locks, self._pins = boundaries, locks, pins

    def __len__(self) -> int:
        return len(self._keys)

    def pop(self, count: int = 1) -> None:
        if count < 0 or count > len(self._keys):
            raise ValueError("nothing to take back")
        if count:
            self._keys = self._keys[:-count]
            del self._columns[-count:]

    def push(self, key: int) -> None:
        if not 2 <= key <= 9 or len(self._keys) >= MAX_KEYS:
            raise ValueError("not a key 2..9, or too many keys")
        self._keys += str(key)
        end = len(self._keys)
        nodes = self._step(self._columns[-1].nodes, key)
        self._columns.append(_Column(nodes, []))
        found: list[tuple[int, int, int, int, int, int, int]] = []
        pin = self._pin_at(end)
        if pin is not None:
            if pin.end == end:
                self._extend(found, pin.start, [(pin.entry, pin.kind)], 0)
        else:
            floor = max((p.end for p in self._pins if p.end <= end), default=0)
            for start in range(max(floor, end - WINDOW), end):
                if self._columns[start].states:
                    words = self._words(start, end, nodes[start - max(0, end - WINDOW)])
                    self._extend(found, start, words, 0)
            if end < len(self._boundaries) and self._boundaries[end] == UNFINISHED:
                self._extend_unfinished(found, end, PARTIAL_COST)
        self._columns[end].states = self._keep(found)

    def _pin_at(self, end: int) -> Pin | None:
        """The pin that the key before `end` belongs to."""
        for pin in self._pins:
            if pin.start < end <= pin.end:
                return pin
        return None

    def _step(self, nodes: list[int], key: int) -> list[int]:
        """Follow the key from every start of the window."""
        trie = self._model.node
        bit = 1 << (key - 2)
        result: list[int] = []
        for node in [*nodes[-(WINDOW - 1) :], 0]:
            value = trie[node]
            dead = node == 0 and len(result) < min(len(nodes), WINDOW - 1)
            if dead or not value & bit:
                result.append(0)
            else:
                result.append((value >> 8) + (value & (bit - 1)).bit_count())
        return result

    def _words(self, start: int, end: int, node: int) -> list[tuple[int, Kind]]:
        """Entries that spell the keys from `start` to `end` and obey the rules."""
        model = self._model
        words: list[tuple[int, Kind]] = []
        low = high = 0
        if node:
            low = model.full_start[node]
            high = min(model.full_start[node + 1], low + WORDS)
            words += [(entry, Kind.FULL) for entry in range(low, high)]
        for entry in self._user.entries.get(self._keys[start:end], ()):
            if not low <= entry < high:
                words.append((entry, Kind.FULL))
        if node and node + 1 < len(model.initial_start):
            first, last = model.initial_start[node], model.initial_start[node + 1]
            words += [(entry, Kind.INITIAL) for entry in model.initial[first:last]]
        return self._obeying(words, start, end)

    def _obeying(
        self, words: list[tuple[int, Kind]], start: int, end: int
    ) -> list[tuple[int, Kind]]:
        ruled = any(self._boundaries[start:end]) or any(
            lock >= 0 for lock in self._locks[start:end]
        )
        if not ruled:
            return words
        return [word for word in words if self._obeys(*word, start, end)]

    def _obeys(self, entry: int, kind: Kind, start: int, end: int) -> bool:
        for number in self._syllables(entry):
            if start >= end:
                return False
            if start < len(self._locks) and self._locks[start] not in (-1, number):
                return False
            length = 1 if kind is Kind.INITIAL else len(self._model.syllables[number])
            if any(self._boundaries[start + 1 : min(start + length, end)]):
                return False
            start += length
        return True

    def _syllables(self, entry: int) -> Sequence[int]:
        if entry >= self._entries:
            return self._user.own[entry - self._entries][1]
        model = self._model
        return model.reading[model.reading_start[entry] : model.reading_start[entry + 1]]

    def _word(self, entry: int) -> tuple[int, int]:
        """Word id and cost of the reading."""
        if entry >= self._entries:
            return self._user.own[entry - self._entries][0], 0
        record = self._model.full[entry]
        return record >> COST_BITS, record & COST_MASK

    def _extend(
        self,
        found: list[tuple[int, int, int, int, int, int, int]],
        start: int,
        words: list[tuple[int, Kind]],
        extra: int,
        states: list[_State] | None = None,
    ) -> None:
        """Append (cost, order, before, word, start, state, entry << 2 | kind) for every state of
        the column, or of those given."""
        model, user = self._model, self._user
        log_add = model.log_add
        rows = []
        for entry, kind in words:
            word, cost = self._word(entry)
            if kind is Kind.INITIAL:
                cost += INITIAL_COST * len(self._syllables(entry))
            rows.append((word, cost + extra, entry << 2 | kind))
        numbers = [row[0] for row in rows]
        bigrams: dict[int, list[int]] = {}
        limit = min(found)[0] + BEAM if found else 1 << 60
        for index, state in enumerate(states or self._columns[start].states):
            base, last = state.arcs[0].cost, state.last
            costs = bigrams.get(state.context)
            if costs is None:
                costs = bigrams[state.context] = model.bigram_costs(state.context, numbers)
            if state.pair >= 0:
                costs = model.trigram_costs(state.pair, numbers, costs)
            for (word, reading, code), cost in zip(rows, costs, strict=True):
                if user.words:
                    cost = user.cost(log_add, state.before, last, word, cost)
                cost += base + reading
                if cost <= limit:
                    found.append((cost, len(found), last, word, start, index, code))
                    if cost + BEAM < limit:
                        limit = cost + BEAM

    def _keep(self, found: list[tuple[int, int, int, int, int, int, int]]) -> list[_State]:
        if not found:
            return []
        limit = min(found)[0] + BEAM
        states: dict[int, _State] = {}
        for cost, _, before, word, start, index, code in sorted(
            [row for row in found if row[0] <= limit]
        ):
            key = before << 32 | word
            state = states.get(key)
            if state is None:
                if len(states) == STATES:
                    continue
                state = states[key] = _State(before, word, self._model)
            if len(state.arcs) <= ALTERNATIVES:
                state.arcs.append(Arc(cost, start, index, code >> 2, Kind(code & 3)))
        return list(states.values())

    def column(self, position: int) -> list[StateView]:
        return [
            StateView(state.before, state.last, tuple(state.arcs))
            for state in self._columns[position].states
        ]

    def finals(self) -> list[Arc]:
        end = len(self._keys)
        if not end:
            return []
        arcs: list[Arc] = []
        for state in self._columns[end].states:
            cost = self._end_cost(state)
            arcs += [arc._replace(cost=arc.cost + cost) for arc in state.arcs]
        found: list[tuple[int, int, int, int, int, int, int]] = []
        if self._pin_at(end) is None:
            self._extend_unfinished(found, end, partial_cost(end))
        arcs += [
            Arc(cost, start, index, code >> 2, Kind(code & 3))
            for cost, _, _, _, start, index, code in found
        ]
        if not arcs:
            return []
        limit = min(arc.cost for arc in arcs) + BEAM
        kept = sorted((arc for arc in arcs if arc.cost <= limit), key=lambda arc: arc.cost)
        return kept[: 2 * STATES]

    def _extend_unfinished(
        self, found: list[tuple[int, int, int, int, int, int, int]], end: int, cost: int
    ) -> None:
        """By the words whose last syllable is not finished."""
        model = self._model
        floor = max((p.end for p in self._pins if p.end <= end), default=0)
        first = max(0, end - WINDOW)
        for start in range(max(floor, first), end):
            node = self._columns[end].nodes[start - first]
            if not node or not self._columns[start].states:
                continue
            low = model.partial_start[node]
            high = min(model.partial_start[node + 1], low + PARTIAL_WORDS)
            words = [(entry, Kind.PARTIAL) for entry in model.partial[low:high]]
            words = self._obeying(words, start, end)
            states = self._begin() if end == 1 else None
            self._extend(found, start, words, cost, states)

    def _begin(self) -> list[_State]:
        """The states that a single key goes on from: a sentence's begin is no history yet, the
        likeliest word is."""
        root = self._columns[0].states[0]
        return [self._nowhere] if root.before == root.last == BOS else [root]

    def _end_cost(self, state: _State) -> int:
        model = self._model
        if state.pair >= 0:
            low, high = model.trigram_start[state.pair], model.trigram_start[state.pair + 1]
            at = bisect_left(model.trigram, EOS << COST_BITS, low, high)
            if at < high and model.trigram[at] >> COST_BITS == EOS:
                return int(model.trigram[at] & COST_MASK)
        return int(model.end[state.context])

    def best(self) -> list[Arc]:
        finals = self.finals()
        if not finals:
            return []
        arcs = [finals[0]]
        while arcs[-1].start:
            arc = arcs[-1]
            arcs.append(self._columns[arc.start].states[arc.state].arcs[0])
        return arcs[::-1]
