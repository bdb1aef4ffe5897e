"""The keys of a composition and what was fixed of them; a gap in them to type in; exact undo.

Knows no engine: every change gives the position from which on the sentence must be decoded again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ui.input.rules import Rules


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
    """Where a syllable was taken out: other keys are typed between `start` and `caret`."""

    start: int
    caret: int
    before: Snapshot  # what taking it out is undone to


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

    def take_out(self, start: int, end: int, before: Snapshot) -> int:
        """Open a gap in place of these keys; `put_back` restores `before`."""
        self.leave()
        touched = self.rules.splice(start, end, 0)
        if start:
            self.rules.boundaries.add(start)
        self.keys = self.keys[:start] + self.keys[end:]
        self.gap = Gap(start, start, before)
        return touched

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
