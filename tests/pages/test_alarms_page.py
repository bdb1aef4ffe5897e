"""The alarms by keys alone: what a digit means depends on what stands on the glass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

import pytest

from appliance.alarms.alarm import State
from appliance.pages.alarms import AlarmsPage, setting
from drivers.keys import Edge, Key
from tests.alarms.world import START, World
from ui.screens.entry import EntryView
from ui.strings import Language

DIGITS = {str(digit): Key(digit) for digit in range(10)}


class Opened:
    def __init__(self) -> None:
        self.world = World()
        self.world.run(3.0)
        self.world.wall = START
        self.told: list[str] = []
        self.undo: Callable[[], object] | None = None
        self.page = AlarmsPage(self.world.keeper, lambda: Language.ZH, self.told.append, self.offer)

    def offer(self, undo: Callable[[], object]) -> None:
        self.undo = undo

    def tap(self, *keys: Key) -> None:
        for key in keys:
            self.page.key(key, Edge.PRESS)
            self.page.key(key, Edge.RELEASE)

    def type(self, digits: str) -> None:
        self.tap(*(DIGITS[digit] for digit in digits))

    def hold(self, key: Key) -> None:
        for edge in (Edge.PRESS, Edge.LONG, Edge.RELEASE):
            self.page.key(key, edge)

    def times(self) -> list[time]:
        return [alarm.due.time() for alarm in self.world.kept() if alarm.due is not None]


@pytest.fixture
def opened() -> Opened:
    return Opened()


def test_one_after_the_other_is_set_and_zero_begins_the_second(opened: Opened) -> None:
    opened.type("0730")
    opened.tap(Key.D)
    assert opened.undo is not None
    assert not opened.page.leaves_zero, "06:50 is to be typed next"
    opened.type("0650")
    opened.tap(Key.D)
    assert sorted(opened.times()) == [time(6, 50), time(7, 30)]


def test_zero_takes_back_a_deletion_until_another_key_is_pressed(opened: Opened) -> None:
    opened.type("0730")
    opened.tap(Key.D)
    opened.hold(Key.D2)
    assert opened.times() == [] and opened.page.leaves_zero
    opened.undo()  # type: ignore[misc]
    assert opened.times() == [time(7, 30)]
    opened.tap(Key.HASH)
    assert not opened.page.leaves_zero


def test_a_digit_that_is_held_too_long_while_a_time_is_typed_deletes_nothing(
    opened: Opened,
) -> None:
    opened.type("0730")
    opened.tap(Key.D)
    opened.type("1")
    opened.hold(Key.D2)
    assert opened.times() == [time(7, 30)]
    view = opened.page.view()
    assert isinstance(view, EntryView) and view.digits == "12:--"


def test_without_the_time_nothing_is_set_and_what_was_typed_stays(opened: Opened) -> None:
    opened.world.trusted = False
    opened.type("0730")
    opened.tap(Key.HASH, Key.D)
    assert opened.times() == [] and opened.told == ["没有设：先校时间"]
    assert isinstance(opened.page.view(), EntryView)


def test_a_repeat_that_was_chosen_goes_with_the_digits_it_was_chosen_for(opened: Opened) -> None:
    opened.type("07")
    opened.tap(Key.HASH, Key.A, Key.A)
    opened.type("0730")
    opened.tap(Key.D)
    assert [alarm.rule for alarm in opened.world.kept()] == [None]


def test_locked_nothing_is_deleted_nor_switched_off_and_the_disk_is_not_blamed(
    opened: Opened,
) -> None:
    opened.type("0730")
    opened.tap(Key.D)
    opened.told.clear()
    opened.world.keeper.guard = lambda: False
    opened.hold(Key.D2)
    opened.tap(Key.HASH, Key.D0)
    assert [alarm.state for alarm in opened.world.kept()] == [State.ARMED]
    assert opened.told == [], "whoever guards has told why"
    opened.undo()  # type: ignore[misc]
    assert opened.times() == [], "what one has just set oneself can be taken back"


def test_a_time_that_has_passed_is_tomorrow_s() -> None:
    assert setting(time(8, 30), None, START).due == datetime(2026, 11, 25, 8, 30)
    assert setting(time(8, 31), None, START).due == datetime(2026, 11, 24, 8, 31)
