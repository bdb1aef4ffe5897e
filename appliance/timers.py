"""What is to happen later: one register of moments, on the clock that was handed in.

Whoever runs the loop sleeps until `next` and calls `tick`. Tests set their clock and call it.
"""

from __future__ import annotations

import heapq
import itertools
import logging
from collections.abc import Callable
from typing import Protocol

from appliance.clock import Clock

log = logging.getLogger("lory.timers")


class Timer:
    """A call to come. It holds nothing of its call once it was made or cancelled."""

    def __init__(self, moment: float, call: Callable[[], object]) -> None:
        self.moment = moment
        self._call: Callable[[], object] | None = call

    @property
    def pending(self) -> bool:
        """Whether it is still to come."""
        return self._call is not None

    def cancel(self) -> None:
        """It does not come, not even if it is due in the tick that goes on. May be repeated."""
        self._call = None

    def take(self) -> Callable[[], object] | None:
        """The call, for whoever makes it; it is gone from here."""
        call, self._call = self._call, None
        return call


class Timed(Protocol):
    """Something that times itself by being asked and ticked, and knows no register."""

    @property
    def next_deadline(self) -> float | None:
        """When `tick` should be called; None while nothing is timed."""

    def tick(self, now: float) -> object:
        """Time has passed."""


class Timers:
    """Calls at their moments, in seconds of `clock`; late rather than never, and each once.

    `earlier` is called when something is to come before all that was known of.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.earlier: Callable[[], object] = lambda: None
        self._queue: list[tuple[float, int, Timer]] = []
        self._count = itertools.count()
        self._followed: list[Timed] = []

    def at(self, moment: float, call: Callable[[], object]) -> Timer:
        """Call at a moment; one that has passed is due with the next tick."""
        timer = Timer(moment, call)
        first = self._first()
        heapq.heappush(self._queue, (moment, next(self._count), timer))
        if first is None or moment < first:
            self.earlier()
        return timer

    def after(self, seconds: float, call: Callable[[], object]) -> Timer:
        """Call when so many seconds have passed."""
        return self.at(self.clock() + seconds, call)

    def follow(self, timed: Timed) -> None:
        """Ask this for its moments too, and tick it, after all that was followed before it."""
        self._followed.append(timed)

    @property
    def next(self) -> float | None:
        """The earliest of all moments; None: there is nothing to wait for."""
        moments = [self._first(), *(timed.next_deadline for timed in self._followed)]
        return min((moment for moment in moments if moment is not None), default=None)

    def tick(self, now: float) -> None:
        """Make the calls that are due, the earliest first, then tick what is followed.

        A call that raises is logged and costs nobody else his. What a call sets for a moment that
        has passed comes with the next tick.
        """
        due = []
        while self._queue and self._queue[0][0] <= now:
            due.append(heapq.heappop(self._queue)[2])
        for timer in due:
            call = timer.take()
            if call is not None:
                self._make(call)
        for timed in self._followed:
            self._make(lambda timed=timed: timed.tick(now))  # type: ignore[misc]

    @staticmethod
    def _make(call: Callable[[], object]) -> None:
        try:
            call()
        except Exception:
            log.exception("what was timed failed")

    def _first(self) -> float | None:
        """The moment of the first timer that still comes."""
        while self._queue and not self._queue[0][2].pending:
            heapq.heappop(self._queue)
        return self._queue[0][0] if self._queue else None
