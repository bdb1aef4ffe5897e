"""What the user fixed of a composition, by position; it moves along when keys come and go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ui.input.lattice import MAX_KEYS, Pin


@dataclass(frozen=True, slots=True)
class Split:
    """A syllable that could stand at a place: its letters and its number."""

    letters: str
    number: int


@dataclass
class Rules:
    """Positions count keys, from 0."""

    boundaries: set[int] = field(default_factory=set)  # the separator key, and around locks
    locks: dict[int, Split] = field(default_factory=dict)
    pins: tuple[Pin, ...] = ()  # sorted, without overlap

    def copy(self) -> Rules:
        return Rules(set(self.boundaries), dict(self.locks), self.pins)

    def separated(self, at: int) -> bool:
        """Whether a separator stands here that is not just the end of a lock."""
        return at in self.boundaries and not any(
            start + len(split.letters) == at for start, split in self.locks.items()
        )

    def splice(self, start: int, end: int, count: int) -> int:
        """`count` keys take the place of those from `start` to `end`: what was fixed over them is
        freed, what follows moves. Gives the position from which on the sentence may change.

        A boundary at `start` belongs to what is before it and stays.
        """
        shift = start + count - end
        touched = start
        pins = []
        for pin in self.pins:
            if pin.end <= start:
                pins.append(pin)
            elif pin.start >= end:
                pins.append(pin._replace(start=pin.start + shift, end=pin.end + shift))
            else:
                touched = min(touched, pin.start)
        locks = {}
        for at, split in self.locks.items():
            if at + len(split.letters) <= start:
                locks[at] = split
            elif at >= end:
                locks[at + shift] = split
            else:
                touched = min(touched, at)
        self.pins, self.locks = tuple(pins), locks
        self.boundaries = {
            at if at <= start else at + shift for at in self.boundaries if not start < at < end
        }
        return touched

    def pin(self, pins: Sequence[Pin]) -> int:
        """Make these words stand, in place of those they overlap. Gives the position from which on
        the sentence may change."""
        free = [p for p in self.pins if all(p.end <= q.start or p.start >= q.end for q in pins)]
        changed = [*set(self.pins).difference(free), *pins]
        self.pins = tuple(sorted([*free, *pins]))
        return min((pin.start for pin in changed), default=MAX_KEYS)

    def lock(self, start: int, split: Split) -> None:
        """Make this syllable stand, in place of the locks and words it overlaps."""
        end = start + len(split.letters)
        for at, other in list(self.locks.items()):
            if at < end and at + len(other.letters) > start:
                del self.locks[at]
                self.boundaries.discard(at + len(other.letters))
        self.pins = tuple(p for p in self.pins if p.end <= start or p.start >= end)
        self.boundaries = {at for at in self.boundaries if not start < at < end} | {start, end}
        self.locks[start] = split
