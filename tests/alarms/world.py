"""A box in time: two clocks, a database that survives, power that does not."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from appliance.alarms.alarm import Alarm, Moment, Steady
from appliance.alarms.keeper import Due, Keeper
from appliance.memory.conversations import SCHEMA
from appliance.timers import Timers

T = TypeVar("T")

START = datetime(2026, 11, 24, 8, 30)


class PowerCut(BaseException):
    """Between two writes. Nobody can catch it, as nobody can in the box."""


class World:
    """`wall` may be set by a test; `trusted` says whether the box believes it.

    `writes_left`: so many more transactions are committed, then the power goes; before the commit
    or, every other time, just after it, when nobody was told any more.
    """

    def __init__(self) -> None:
        self.database = sqlite3.connect(":memory:", isolation_level=None)
        for migration in SCHEMA.migrations:
            self.database.executescript(migration)
        self.wall = START
        self.trusted = True
        self.offset = timedelta(hours=8)
        self.steady = 100.0
        self.boots = 0
        self.rung: list[Due] = []
        self.writes_left: int | None = None
        self.refuses = False
        self.writes = 0
        self.boot()

    # ------------------------------------------------------------ as a store

    def fetch(
        self,
        job: Callable[[sqlite3.Connection], T],
        then: Callable[[T], object],
        lost: Callable[[], object] = lambda: None,
    ) -> None:
        if self.refuses:
            lost()
            return
        then(self._transact(job))

    def submit(self, job: Callable[[sqlite3.Connection], T]) -> None:
        if not self.refuses:
            self._transact(job)

    def _transact(self, job: Callable[[sqlite3.Connection], T]) -> T:
        self.writes += 1
        is_last = self.writes_left is not None and self.writes_left <= 0
        if is_last and self.writes % 2:
            raise PowerCut
        self.database.execute("BEGIN")
        found = job(self.database)
        self.database.execute("COMMIT")
        if is_last:
            raise PowerCut
        if self.writes_left is not None:
            self.writes_left -= 1
        return found

    # ------------------------------------------------------------ time

    def now(self) -> Moment:
        steady = Steady(f"boot-{self.boots}", self.steady)
        return Moment(self.wall if self.trusted else None, steady, self.offset)

    def boot(self) -> None:
        """The box starts; what it had in memory is gone."""
        self.boots += 1
        self.steady = 5.0
        self.writes_left = None
        self.timers = Timers(lambda: self.steady)
        self.keeper = Keeper(self, self.timers, self.now, self._rang, lambda: None)
        self.keeper.load()

    def _rang(self, due: Due) -> None:
        by_wall = [alarm for alarm in due.alarms if not (alarm.counts_down or alarm.snoozes)]
        assert self.trusted or not by_wall, "rang by a clock that nobody vouches for"
        self.rung.append(due)

    def off(self, away: timedelta) -> None:
        """Without power for so long."""
        self.wall += away
        self.boot()
        self.run(3.0)

    def run(self, seconds: float, step: float = 1.0) -> None:
        """Let time pass."""
        end = self.steady + seconds
        while self.steady < end - 1e-9:
            moved = min(step, end - self.steady)
            self.steady += moved
            self.wall += timedelta(seconds=moved)
            self.timers.tick(self.steady)

    # ------------------------------------------------------------ what rang

    def kept(self) -> list[Alarm]:
        return list(self.keeper.all)

    def rings(self) -> list[str]:
        """The names of what rang, in the order."""
        return [alarm.text for due in self.rung for alarm in due.alarms]

    def stop_all(self) -> None:
        for due in self.rung:
            self.keeper.stopped(due)
