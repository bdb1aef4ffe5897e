"""The keys of a composition and what was fixed of them; a gap in them to type in; exact undo.

Knows no engine: every change gives the position from which on the sentence must be decoded again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ui.input.nbest import Word
from ui.input.rules import Rules

FREE: Final = 6  # keys behind a gap that are always decoded with those in it: its context


@dataclass(frozen=True, slots=True)
class Shown:
    """What a re-ranking had put first: what `Composition` needs to put it first again."""

    preferred: str = ""
    order: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything as it once stood."""

    keys: str
    rules: Rules
    gap: Gap | None
    shown: Shown


@dataclass(frozen=True, slots=True)
class Gap:
    """Where a syllable was taken out: other keys are typed between `start` and `caret`.

    `held`: the words further behind, which stand as they were shown before those keys were typed;
    their positions count from `caret`. None: they are decoded with the others.
    """

    start: int
    caret: int
    before: Snapshot  # what taking it out is undone to
    held: tuple[Word, ...] | None


class Typed:
    """Keys and rules. Positions count keys, from 0."""

    def __init__(self) -> None:
        self.keys = ""
        self.rules = Rules()
        self.gap: Gap | None = None
        self._kept: list[Snapshot] = []  # to undo what was picked or locked

    @property
    def caret(self) -> int:
        """Where the next key goes."""
        return len(self.keys) if self.gap is None else self.gap.caret

    @property
    def at_edge(self) -> bool:
        """Nothing is left to delete in the gap."""
        gap = self.gap
        return gap is not None and gap.caret == gap.start

    @property
    def retyping(self) -> bool:
        """The syllable before the caret may be unfinished although there are keys behind it, and
        words far behind are held."""
        return self.caret < len(self.keys) and self.gap is not None and self.gap.held is not None

    @property
    def held(self) -> tuple[Word, ...]:
        """The words that are."""
        held = None if self.gap is None else self.gap.held
        return tuple(word.moved(self.caret) for word in held or ())

    @property
    def boundaries(self) -> set[int]:
        """Where a syllable must begin; also after a gap, which never joins what it parted."""
        if self.gap is None:
            return self.rules.boundaries
        return self.rules.boundaries | {self.gap.caret}

    # ------------------------------------------------------------ one key after another

    def type(self, key: int) -> int:
        at = self.caret
        self.keys = f"{self.keys[:at]}{key}{self.keys[at:]}"
        self._move(at + 1)
        return self.rules.splice(at, at, 1)

    def separate(self) -> bool:
        """Begin a new syllable at the caret; False when one begins there already."""
        at = self.caret
        if not at or at in self.rules.boundaries:
            return False
        self.rules.boundaries.add(at)
        return True

    def delete(self) -> int:
        """Undo the last separator or key before the caret, and what was chosen over it."""
        at = self.caret
        if self.rules.separated(at):
            self.rules.boundaries.discard(at)
            return at
        if not at:
            return 0
        self._kept.clear()
        # A word that the key ended is freed with it, and so is a syllable.
        self.rules.boundaries.discard(at)
        touched = self.rules.splice(at - 1, at, 0)
        self.keys = self.keys[: at - 1] + self.keys[at:]
        self._move(at - 1)
        return touched

    def _move(self, caret: int) -> None:
        if self.gap is not None:
            self.gap = replace(self.gap, caret=caret)

    # ------------------------------------------------------------ the gap

    def take_out(self, start: int, end: int, before: Snapshot, shown: Sequence[Word]) -> int:
        """Open a gap in place of these keys, and hold what was shown behind it; `put_back`
        restores `before`."""
        self.leave()
        touched = self.rules.splice(start, end, 0)
        if start:
            self.rules.boundaries.add(start)
        self.keys = self.keys[:start] + self.keys[end:]
        self.gap = Gap(start, start, before, _far_behind(shown, end))
        return touched

    def hold(self, shown: Sequence[Word]) -> None:
        """Hold those of the words shown that are far behind the gap, if none are yet."""
        if self.gap is not None and self.gap.held is None:
            self.gap = replace(self.gap, held=_far_behind(shown, self.gap.caret))

    def free(self) -> None:
        """Hold no words any more."""
        if self.gap is not None:
            self.gap = replace(self.gap, held=None)

    def put_back(self, gap: Gap) -> Shown:
        """Undo the `take_out` that opened this gap."""
        return self._restore(gap.before)

    def leave(self) -> None:
        """Go on at the end of the keys; a syllable still begins after the gap."""
        if 0 < self.caret < len(self.keys):
            self.rules.boundaries.add(self.caret)
        self.gap = None

    def drop(self, end: int) -> None:
        """Forget the first `end` keys and every undo."""
        self.leave()
        self._kept.clear()
        self.rules.splice(0, end, 0)
        self.keys = self.keys[end:]

    # ------------------------------------------------------------ undo

    def snapshot(self, shown: Shown) -> Snapshot:
        return Snapshot(self.keys, self.rules.copy(), self.gap, shown)

    def keep(self, shown: Shown) -> None:
        """What changes now is undone by `undo`."""
        self._kept.append(self.snapshot(shown))

    def undo(self) -> Shown | None:
        """Go back to what was kept last; None when nothing was."""
        return self._restore(self._kept.pop()) if self._kept else None

    def everything(self) -> Iterator[tuple[str, Rules]]:
        """The keys and rules of now and of all that can be gone back to."""
        yield self.keys, self.rules
        for then in self._kept:
            yield then.keys, then.rules
        for gap in (self.gap, *(then.gap for then in self._kept)):
            while gap is not None:
                yield gap.before.keys, gap.before.rules
                gap = gap.before.gap

    def _restore(self, then: Snapshot) -> Shown:
        self.keys, self.rules, self.gap = then.keys, then.rules.copy(), then.gap
        return then.shown


def _far_behind(shown: Sequence[Word], at: int) -> tuple[Word, ...]:
    return tuple(word.moved(-at) for word in shown if word.start >= at + FREE)
