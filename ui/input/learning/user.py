"""What the user's typing taught, as it is stored, and the store's protocol.

`UserWords` is implemented by the appliance. Counts and gains were true at their `step`, which is a
number of committed words: they fade with what is typed, not with the calendar, which the box may
not know.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

BEGIN: Final = ""  # stands for the sentence's begin as a word before others
MAX_OWN_LENGTH: Final = 8
MOST_COUNT: Final = 1e6
MOST_FIX: Final = 6000.0  # gain of a fix, either way
MOST_STEP: Final = 1 << 40

WordKey = tuple[str, tuple[str, ...]]
PairKey = tuple[str, str]
FixKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One word of a committed sentence. `chosen`: the user picked it."""

    text: str
    reading: tuple[str, ...]
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class WordRow:
    """A learnt word. `own`: the model does not hold it."""

    text: str
    reading: tuple[str, ...]
    count: float
    step: int
    own: bool = False

    @property
    def key(self) -> WordKey:
        return self.text, self.reading


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two words seen in a row; `before` is `BEGIN` at a sentence's begin."""

    before: str
    after: str
    count: float
    step: int

    @property
    def key(self) -> PairKey:
        return self.before, self.after


@dataclass(frozen=True, slots=True)
class FixRow:
    """By how much a word is likelier (1/1024 log10) after two others than anything else says:
    above 0 where the user chose it, below where something else was put in its place."""

    before: str
    last: str
    word: str
    gain: float
    step: int

    @property
    def key(self) -> FixKey:
        return self.before, self.last, self.word


@dataclass(frozen=True, slots=True)
class Learnt:
    """Everything in a store."""

    step: int = 0
    words: tuple[WordRow, ...] = ()
    pairs: tuple[PairRow, ...] = ()
    fixes: tuple[FixRow, ...] = ()

    def sound(self) -> Learnt:
        """What of it can be true: a file that was damaged or edited may hold any number."""
        step = max(0, min(self.step, MOST_STEP))

        def then(row_step: int) -> int:
            return max(0, min(row_step, step))

        return Learnt(
            step,
            tuple(
                replace(row, count=min(row.count, MOST_COUNT), step=then(row.step))
                for row in self.words
                if 0 < len(row.text) <= MAX_OWN_LENGTH and 0 < row.count < math.inf
            ),
            tuple(
                replace(row, count=min(row.count, MOST_COUNT), step=then(row.step))
                for row in self.pairs
                if row.after and 0 < row.count < math.inf
            ),
            tuple(
                replace(row, gain=max(-MOST_FIX, min(MOST_FIX, row.gain)), step=then(row.step))
                for row in self.fixes
                if row.word and math.isfinite(row.gain)
            ),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What one lesson changed; stored in one transaction or not at all."""

    step: int
    words: tuple[WordRow, ...] = ()
    pairs: tuple[PairRow, ...] = ()
    fixes: tuple[FixRow, ...] = ()
    gone_words: tuple[WordKey, ...] = ()
    gone_pairs: tuple[PairKey, ...] = ()
    gone_fixes: tuple[FixKey, ...] = ()


class UserWords(Protocol):
    """The store. It must survive power cuts: a change is kept whole or not at all.

    `write` may be asynchronous; it never raises into typing: a store that cannot write says so to
    the user by its own ways.
    """

    def read(self) -> Learnt:
        """All there is."""

    def write(self, change: Change) -> None:
        """Keep this change."""

    def clear(self) -> None:
        """Forget everything."""


@dataclass
class MemoryWords:
    """A store that lasts as long as the process: for benches, and where there is no disk."""

    _step: int = 0
    _words: dict[WordKey, WordRow] = field(default_factory=dict)
    _pairs: dict[PairKey, PairRow] = field(default_factory=dict)
    _fixes: dict[FixKey, FixRow] = field(default_factory=dict)

    def read(self) -> Learnt:
        return Learnt(
            self._step,
            tuple(self._words.values()),
            tuple(self._pairs.values()),
            tuple(self._fixes.values()),
        )

    def write(self, change: Change) -> None:
        self._step = change.step
        self._words.update({row.key: row for row in change.words})
        self._pairs.update({row.key: row for row in change.pairs})
        self._fixes.update({row.key: row for row in change.fixes})
        for word in change.gone_words:
            self._words.pop(word, None)
        for pair in change.gone_pairs:
            self._pairs.pop(pair, None)
        for fix in change.gone_fixes:
            self._fixes.pop(fix, None)

    def clear(self) -> None:
        self._step = 0
        self._words.clear()
        self._pairs.clear()
        self._fixes.clear()
