"""What an idle glass shows so that nothing burns in: a game of life, and a clock that wanders."""

from __future__ import annotations

from random import Random

from ui import life
from ui.screens.life import LifeView

STEP_SECONDS = 1.0
_MOVE_SECONDS = 30.0
_REMEMBERED = 12  # generations: longer cycles than these are rare, and end with the next move
_LONGEST = 600  # generations of one board
# Where the clock may stand, top left, so that all of it stays on the glass.
_CLOCK_X = (4, 80)
_CLOCK_Y = (2, 46)


class QuietPicture:
    """One board that lives while nobody looks. Time in seconds of the caller's clock."""

    def __init__(self, random: Random | None = None) -> None:
        self._random = random or Random()
        self._cells = life.seed(self._random)
        self._seen: list[life.Cells] = []
        self._age = 0
        self._next_step: float | None = None
        self._next_move = 0.0
        self._clock_at = (_CLOCK_X[0], _CLOCK_Y[0])

    @property
    def next_step(self) -> float | None:
        """When the picture changes; None while it is not shown."""
        return self._next_step

    def rest(self) -> None:
        """It is not shown any more."""
        self._next_step = None

    def view(self, clock: str, now: float) -> LifeView:
        """The picture at `now`; a board that has come to rest is replaced by a new one."""
        if self._next_step is None:
            self._next_step = now + STEP_SECONDS
            self._next_move = now
        elif now >= self._next_step:
            self._next_step = now + STEP_SECONDS
            self._step()
        if now >= self._next_move:
            self._next_move = now + _MOVE_SECONDS
            self._clock_at = (self._random.randint(*_CLOCK_X), self._random.randint(*_CLOCK_Y))
        return LifeView(self._cells, clock, self._clock_at)

    def _step(self) -> None:
        self._seen = [*self._seen[1 - _REMEMBERED :], self._cells]
        self._cells = life.step(self._cells)
        self._age += 1
        if self._cells in self._seen or self._age >= _LONGEST:
            self._cells = life.seed(self._random)
            self._seen.clear()
            self._age = 0
