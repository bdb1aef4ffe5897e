"""A year of it: clocks that jump, power that goes between any two writes, boots without the time.

Whatever happens: nothing rings twice, nothing that was confirmed is lost, nothing rings by a clock
that nobody vouches for, and what was missed is told once.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest

from appliance.alarms.alarm import Alarm, State
from appliance.understanding.alarms.parse import parse
from appliance.understanding.alarms.requests import Set
from tests.alarms.world import PowerCut, World

STEP = 600.0  # seconds
WISHES = (
    "{n}分钟后叫我",
    "{n}小时后提醒我关火",
    "明天早上七点{m}分叫我起床",
    "今晚九点{m}分提醒我吃药",
    "每天早上六点{m}分叫我",
    "每个工作日八点{m}分提醒我打卡",
    "每周六上午十点{m}分提醒我买菜",
)


class Year:
    """One life of a box, and what must hold of it."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.world = World()
        self.confirmed: dict[int, Alarm] = {}
        self.gone: set[int] = set()  # cancelled, with the disk's word for it
        self.rung: set[int] = set()
        self.noted: set[int] = set()
        self.acknowledged: Counter[tuple[int, datetime | None]] = Counter()
        self.asked = 0

    def live(self, days: int, wishes: int) -> None:
        steps = round(days * 86400 / STEP)
        for step in range(steps):
            due = wishes * (step + 1) // steps
            try:
                if self.random.random() < 0.02:
                    self.world.writes_left = self.random.randint(0, 4)
                while self.asked < due:
                    self.asked += 1
                    self.wish()
                self.world.run(STEP, STEP)
                self.happen()
                self.collect()
            except PowerCut:
                self.lose_power()

    # ------------------------------------------------------------ what may happen

    def wish(self) -> None:
        text = self.random.choice(WISHES).format(
            n=self.random.randint(1, 90), m=self.random.randint(1, 59)
        )
        request = parse(text, self.world.wall)
        if not isinstance(request, Set):
            return  # it could be meant in two ways
        if request.rule is not None and len(self.world.kept()) > 60:
            return
        self.world.keeper.set(request, self.keep)

    def keep(self, alarm: Alarm | None) -> None:
        assert alarm is not None
        self.confirmed[alarm.id] = alarm

    def happen(self) -> None:
        world, dice = self.world, self.random.random()
        if dice < 0.002:
            world.trusted = True
            world.keeper.time_changed()
        elif dice < 0.004:
            self.lose_power()
        elif dice < 0.005:
            world.wall += timedelta(hours=self.random.uniform(-20, 20))
        elif dice < 0.02 and world.kept():
            doomed = self.random.choice(world.kept())
            world.keeper.cancel([doomed], lambda done: self.gone.add(doomed.id))

    def lose_power(self) -> None:
        self.rung |= {alarm.id for due in self.world.rung for alarm in due.alarms}
        self.world.rung.clear()
        self.world.trusted = self.random.random() < 0.8
        self.world.wall += timedelta(hours=self.random.choice((0, 0, 0, 0.2, 2, 9)))
        try:
            self.world.boot()
            self.world.run(3.0)
        except PowerCut:
            self.lose_power()

    def collect(self) -> None:
        """Somebody comes and stops what rings, or nobody does."""
        world = self.world
        for due in world.rung:
            for alarm in due.alarms:
                self.rung.add(alarm.id)
                key = (alarm.id, alarm.last if not alarm.counts_down else None)
                assert not self.acknowledged[key] or alarm.counts_down or alarm.snoozes, (
                    f"rang again after it was stopped: {alarm}"
                )
        pending, world.rung[:] = list(world.rung), []
        for due in pending:
            match self.random.randint(0, 3):
                case 0:
                    world.keeper.snoozed(due, 600)
                    continue
                case 1:
                    world.keeper.missed(due)
                case _:
                    world.keeper.stopped(due)
            for alarm in due.alarms:
                self.acknowledged[alarm.id, alarm.last if not alarm.counts_down else None] += 1
        notes = {note.id for note in world.keeper.notes}
        assert not notes & self.noted, "told twice"
        world.keeper.seen()
        self.noted |= notes

    # ------------------------------------------------------------ in the end

    def check(self) -> None:
        """Everything that was confirmed rang, was noted as missed, was cancelled, or waits."""
        world = self.world
        world.trusted = True
        world.boot()
        world.run(10.0)
        self.collect()
        waiting = {alarm.id for alarm in world.kept()}
        noted = self.noted
        missing = set(self.confirmed) - self.rung - self.gone - waiting
        assert len(missing) <= len(noted), f"lost without a word: {sorted(missing)[:5]}"
        assert self.rung, "a year in which nothing rings proves nothing"
        stuck = [it for it in world.kept() if it.state is State.RINGING and it.id not in self.rung]
        assert stuck == []


@pytest.mark.parametrize("seed", range(4))
def test_a_month_of_it(seed: int) -> None:
    year = Year(seed)
    year.live(days=30, wishes=160)
    year.check()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 103))
def test_a_year_of_it(seed: int) -> None:
    year = Year(seed)
    year.live(days=365, wishes=2000)
    year.check()
