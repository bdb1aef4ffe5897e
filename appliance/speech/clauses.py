"""Cuts a token stream into clauses for the voice.

The first clause is short on purpose, since the first sound waits for it. Each of the next may be
about twice as long as the one before, for it is made while that one plays; from the fourth on they
are whole sentences, since prosody is better then. A cut never falls inside a word or a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_HARD = frozenset("。！？!?；;…\n")
_SOFT = frozenset("，,、：:—")
_CLOSERS = frozenset("”’」』】》〉）)]\"'")
_BINDS = frozenset("0123456789第￥¥$€-")
_ASCII = frozenset("!?;.,:")
# A formula between dollars is never cut; without its second dollar it goes on to the end of what
# came so far. A sum of money is none.
_FORMULA = (
    r"\$(?!\d[\d.,]*[\s!?;)])[^\s$〇㐀-鿿，。！？；：][^$\n〇㐀-鿿，。！？；：]{0,80}(?:\$|\Z)"
    r"|\\[A-Za-z]+(?:\{[^{}]*(?:\}|\Z))*"
)
_FORMULAS = re.compile(_FORMULA)
_WORD = re.compile(_FORMULA + r"|[〇㐀-鿿]+|[A-Za-z0-9][A-Za-z0-9.,:'/_@%+?=&#~-]*|.", re.S)
_LONGEST_WORD = 12  # what stands further behind a cut has no part in it
_SPOKEN = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Clause:
    """`text` is `answer[start:end]`; clauses follow one another without gaps."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ClauseLengths:
    """In characters. A soft mark (，) ends a clause from `soft`, any mark from `least`.

    Without marks a clause is cut between words at `most`.
    """

    least: int
    soft: int
    most: int


RAMP = (
    ClauseLengths(least=2, soft=3, most=9),
    ClauseLengths(least=3, soft=7, most=16),
    ClauseLengths(least=4, soft=14, most=28),
    # One piece for the engine: what is longer could run dry in its middle.
    ClauseLengths(least=4, soft=20, most=34),
)
"""From the first clause on; the last holds for all that follow."""


SplitWords = Callable[[str], list[str]]


class ClauseSplitter:
    """Feed it text as it is decoded; every character comes out exactly once, in order.

    `split_words` gives the words of a run of hanzi. It is asked for, because main has one that
    costs nothing (the input method's model) and workers have another.
    """

    def __init__(
        self,
        split_words: SplitWords,
        ramp: tuple[ClauseLengths, ...] = RAMP,
    ) -> None:
        self._split_words = split_words
        self._lengths, *self._ramp = ramp
        self._pending = ""
        self._start = 0

    def feed(self, text: str) -> list[Clause]:
        """The clauses that `text` completed."""
        self._pending += text
        clauses = []
        while (end := self._cut()) > 0:
            clauses.append(self._take(end))
        return clauses

    def finish(self) -> list[Clause]:
        """The answer is complete: what is left, if anything."""
        return [self._take(len(self._pending))] if self._pending else []

    def _take(self, end: int) -> Clause:
        clause = Clause(self._pending[:end], self._start, self._start + end)
        self._pending = self._pending[end:]
        self._start += end
        if self._ramp:
            self._lengths = self._ramp.pop(0)
        return clause

    def _cut(self) -> int:
        """Where the first clause of what is pending ends; 0 when that is not known yet."""
        text, spoken = self._pending, 0
        inside = {i for match in _FORMULAS.finditer(text) for i in range(*match.span())}
        for i, character in enumerate(text):
            if _SPOKEN.match(character):
                spoken += 1
                if spoken > self._lengths.most:
                    return self._between_words(i)
            elif i not in inside and ((hard := self._ends_sentence(i)) or self._is_soft(i)):
                needed = self._lengths.least if hard else self._lengths.soft
                if spoken >= needed:
                    return self._after_closers(i + 1)
        return 0

    def _ends_sentence(self, i: int) -> bool:
        character = self._pending[i]
        if character == "." or character in _HARD:
            return self._is_mark(i)
        return False

    def _is_soft(self, i: int) -> bool:
        return self._pending[i] in _SOFT and self._is_mark(i)

    def _is_mark(self, i: int) -> bool:
        """Whether it is punctuation there: not so in 3.5, 7:05, 1,234 and https://a.b/c?d=1.

        An ASCII mark is known for one when a blank, a hanzi or a quote follows; at the end of what
        came so far the next character decides.
        """
        if self._pending[i] not in _ASCII:
            return True
        following = self._pending[i + 1 : i + 2]
        if self._pending[i] == "." and self._pending[i - 1 : i].isdigit():
            return following.isspace()
        return following.isspace() or following > "⺀" or following in _CLOSERS

    def _after_closers(self, end: int) -> int:
        while end < len(self._pending) and (
            self._pending[end] in _CLOSERS or self._pending[end] in _HARD
        ):
            end += 1
        return end

    def _between_words(self, limit: int) -> int:
        """The last word boundary up to `limit`; 0 while a single word is that long."""
        position = boundary = 0
        for part in _WORD.finditer(self._pending, 0, limit + _LONGEST_WORD):
            run = part[0]
            for word in self._split_words(run) if run[0] >= "㐀" else [run]:
                position += len(word)
                if position > limit:
                    # What is that long without a boundary is no word: it must not grow for ever.
                    return limit if not boundary and len(self._pending) > 4 * limit else boundary
                if word[-1] not in _BINDS:  # a number stays with what it counts
                    boundary = position
        # What is pending ends here; the next token may continue its last word.
        return 0
