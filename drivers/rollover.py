"""Several keys down, one reported: the newest, as a pad with one code at a time would."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from drivers.keys import Key


class Rollover:
    """Picks the single key to report from the set that is down.

    A newly pressed key wins. When the reported key goes up, keys still held from before stay
    silent until they are pressed again, so that rolling from X to Y never presses X twice.
    """

    def __init__(self) -> None:
        self._down: AbstractSet[Key] = frozenset()
        self._reported: Key | None = None

    def update(self, down: AbstractSet[Key]) -> Key | None:
        new = down - self._down
        self._down = frozenset(down)
        if new:
            self._reported = min(new)
        elif self._reported not in down:
            self._reported = None
        return self._reported
