"""Alarms are written first, ring once, and never by a clock that nobody vouches for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from appliance.alarms.alarm import MOST_SNOOZES, Alarm, State
from appliance.understanding.alarms.parse import parse
from appliance.understanding.alarms.requests import Set
from tests.alarms.world import START, World


@pytest.fixture
def world() -> World:
    world = World()
    world.run(3.0)
    world.wall = START
    return world


def set_(world: World, text: str) -> Alarm:
    """Ask for it in words, as said now."""
    request = parse(text, world.wall)
    assert isinstance(request, Set), text
    kept: list[Alarm | None] = []
    world.keeper.set(request, kept.append)
    (alarm,) = kept
    assert alarm is not None
    return alarm


def test_an_alarm_rings_at_its_time_and_is_gone_when_it_was_stopped(world: World) -> None:
    set_(world, "九点叫我起床")
    world.run(29 * 60, 15)
    assert world.rings() == []
    world.run(90)
    assert world.rings() == ["起床"]
    world.run(600, 15)
    assert world.rings() == ["起床"]
    world.stop_all()
    assert world.kept() == []


def test_it_rings_within_a_second_of_its_time(world: World) -> None:
    set_(world, "九点叫我")
    while not world.rung:
        wait = (world.timers.next or 0.0) - world.steady
        world.run(max(0.05, wait), step=60.0)
    assert timedelta() <= world.wall - datetime(2026, 11, 24, 9) <= timedelta(seconds=1)


def test_a_countdown_does_not_care_for_the_wall_clock(world: World) -> None:
    set_(world, "十分钟后提醒我关火")
    world.wall -= timedelta(days=200)
    world.run(590)
    assert world.rings() == []
    world.wall += timedelta(days=900)
    world.run(11)
    assert world.rings() == ["关火"]


def test_a_repeated_alarm_comes_again(world: World) -> None:
    set_(world, "每天早上九点叫我吃药")
    for _ in range(3):
        world.run(24 * 3600, 60)
        world.stop_all()
        world.rung.clear()
    (alarm,) = world.kept()
    assert alarm.due == datetime(2026, 11, 27, 9)


def test_the_same_wish_said_twice_is_one_alarm(world: World) -> None:
    first = set_(world, "九点叫我起床")
    assert set_(world, "九点叫我起床") == first
    assert len(world.kept()) == 1


def test_after_a_boot_everything_is_armed_again(world: World) -> None:
    set_(world, "九点叫我起床")
    set_(world, "四十分钟后提醒我关火")
    world.run(20)
    world.off(timedelta(minutes=5))
    world.run(40 * 60, 5)
    assert sorted(world.rings()) == ["关火", "起床"]


def test_what_is_late_by_minutes_rings_at_once_and_what_is_later_is_noted(world: World) -> None:
    set_(world, "九点叫我起床")
    world.off(timedelta(minutes=50))
    assert world.rings() == ["起床"]
    assert world.rung[0].late >= timedelta(minutes=19)
    world.stop_all()
    set_(world, "十点提醒我开会")
    world.off(timedelta(hours=3))
    assert world.rings() == ["起床"]
    (note,) = world.keeper.notes
    assert (note.text, note.due) == ("开会", datetime(2026, 11, 24, 10))
    world.keeper.seen()
    world.off(timedelta(hours=1))
    assert world.keeper.notes == ()


def test_what_was_missed_for_days_is_told_once(world: World) -> None:
    set_(world, "每天早上九点叫我吃药")
    world.off(timedelta(days=5, hours=3))
    (note,) = world.keeper.notes
    assert note.times == 6
    assert world.kept()[0].due == datetime(2026, 11, 30, 9)


def test_nothing_rings_by_a_clock_that_nobody_vouches_for(world: World) -> None:
    set_(world, "九点叫我起床")
    world.trusted = False
    world.off(timedelta(minutes=40))
    world.run(3600, 15)
    assert world.rings() == []
    assert world.keeper.awaiting_time
    world.wall = datetime(2026, 11, 24, 9, 10)
    world.trusted = True
    world.keeper.time_changed()
    assert world.rings() == ["起床"]


def test_a_clock_that_was_restored_to_twelve_hours_ago_rings_nothing(world: World) -> None:
    set_(world, "九点叫我起床")
    world.trusted = False
    world.off(timedelta())  # twelve hours went by and the clock knows nothing of them
    world.run(3600, 15)
    assert world.rings() == []
    world.wall, world.trusted = datetime(2026, 11, 24, 21, 30), True
    world.keeper.time_changed()
    assert world.rings() == []
    assert [note.text for note in world.keeper.notes] == ["起床"]


def test_over_a_boot_without_the_time_a_countdown_goes_on_from_its_last_mark(world: World) -> None:
    set_(world, "二十分钟后提醒我关火")
    world.run(605)
    world.trusted = False
    world.off(timedelta(hours=4))
    (alarm,) = world.kept()
    left = alarm.remaining(world.now())
    assert left is not None and 580 <= left <= 600
    world.run(600)
    assert world.rings() == ["关火"]


def test_an_untrusted_boot_keeps_countdowns_that_begin_in_it(world: World) -> None:
    world.trusted = False
    set_(world, "十分钟后叫我")
    world.run(601)
    assert len(world.rung) == 1


def test_put_off_it_rings_again_and_not_for_ever(world: World) -> None:
    set_(world, "九点叫我起床")
    world.run(31 * 60, 5)
    for count in range(1, MOST_SNOOZES + 1):
        assert world.keeper.snoozed(world.rung[-1], 600)
        world.run(601, 5)
        assert len(world.rung) == count + 1
    assert not world.keeper.snoozed(world.rung[-1], 600)
    world.run(1200, 5)
    assert len(world.rung) == MOST_SNOOZES + 1
    assert [note.text for note in world.keeper.notes] == ["起床"]


def test_a_snooze_survives_a_boot(world: World) -> None:
    set_(world, "九点叫我起床")
    world.run(31 * 60, 5)
    world.keeper.snoozed(world.rung[-1], 600)
    world.run(100)
    world.off(timedelta(minutes=2))
    world.run(600, 5)
    assert world.rings() == ["起床", "起床"]


@pytest.mark.parametrize("sentence", ["九点叫我起床", "计时三十分钟"])
def test_a_snooze_that_ended_in_the_dark_is_told_and_not_rung_at_night(
    world: World, sentence: str
) -> None:
    set_(world, sentence)
    world.run(31 * 60, 5)
    world.keeper.snoozed(world.rung[-1], 600)
    world.run(60)
    world.off(timedelta(hours=14))
    world.run(1200, 5)
    assert len(world.rung) == 1 and len(world.keeper.notes) == 1


def test_what_has_changed_while_a_question_stood_open_is_not_put_back(world: World) -> None:
    set_(world, "每天九点叫我起床")
    (before,) = world.kept()
    world.run(31 * 60, 5)
    world.stop_all()
    world.keeper.skip(before, None, lambda _: None)
    (alarm,) = world.kept()
    assert alarm.due == datetime(2026, 11, 26, 9)


def test_a_countdown_that_rings_and_gets_more_time_counts_again(world: World) -> None:
    set_(world, "计时一分钟")
    world.run(61)
    (alarm,) = world.kept()
    world.keeper.extend(alarm, 300, lambda _: None)
    (alarm,) = world.kept()
    assert alarm.state is State.ARMED and alarm.remaining(world.now()) == pytest.approx(300, abs=2)


def test_the_power_may_go_while_it_rings(world: World) -> None:
    set_(world, "九点叫我起床")
    world.run(31 * 60, 5)
    assert world.rings() == ["起床"]
    world.off(timedelta(minutes=3))
    assert world.rings() == ["起床", "起床"], "nobody has stopped it"
    world.stop_all()
    world.off(timedelta(minutes=3))
    world.run(60)
    assert len(world.rung) == 2


def test_a_clock_that_goes_back_rings_nothing_twice(world: World) -> None:
    set_(world, "每天早上九点叫我吃药")
    world.run(31 * 60, 5)
    world.stop_all()
    world.wall -= timedelta(hours=1)
    world.run(2 * 3600, 15)
    assert world.rings() == ["吃药"]
    world.run(23 * 3600, 60)
    assert world.rings() == ["吃药", "吃药"]


def test_a_year_that_was_wrong_is_not_kept_by_a_repeated_alarm(world: World) -> None:
    set_(world, "每天早上九点叫我吃药")
    world.wall += timedelta(days=365)
    world.run(60)
    assert world.kept()[0].due is not None and world.kept()[0].due.year == 2027
    world.wall -= timedelta(days=365)
    world.run(60)
    assert world.kept()[0].due == datetime(2026, 11, 24, 9)


def test_a_disk_that_refuses_sets_nothing(world: World) -> None:
    world.refuses = True
    kept: list[Alarm | None] = []
    request = parse("九点叫我", world.wall)
    assert isinstance(request, Set)
    world.keeper.set(request, kept.append)
    assert kept == [None]
    assert world.kept() == []


def test_a_disk_that_refuses_while_it_rings_costs_no_ring(world: World) -> None:
    set_(world, "九点叫我起床")
    world.refuses = True
    world.run(31 * 60, 5)
    assert world.rings() == ["起床"]


def test_paused_it_stands_and_goes_on(world: World) -> None:
    alarm = set_(world, "计时十分钟")
    world.run(100)
    world.keeper.pause(alarm, lambda _: None)
    world.run(5000, 5)
    assert world.rung == []
    (paused,) = world.kept()
    assert paused.state is State.PAUSED and paused.left == pytest.approx(500, abs=2)
    world.keeper.resume(paused, lambda _: None)
    world.run(505)
    assert len(world.rung) == 1


def test_switched_off_it_is_kept_and_comes_the_next_day_when_switched_on(world: World) -> None:
    alarm = set_(world, "九点叫我起床")
    world.keeper.pause(alarm, lambda _: None)
    world.run(2 * 3600, 15)
    assert world.rung == [] and world.keeper.notes == ()
    world.keeper.resume(world.kept()[0], lambda _: None)
    assert world.kept()[0].due == datetime(2026, 11, 25, 9)


def test_the_next_time_can_be_skipped(world: World) -> None:
    alarm = set_(world, "每天早上九点叫我吃药")
    world.keeper.skip(alarm, None, lambda _: None)
    assert world.kept()[0].due == datetime(2026, 11, 25, 9)
    world.keeper.skip(world.kept()[0], datetime(2026, 11, 26).date(), lambda _: None)
    world.run(49 * 3600, 60)
    world.stop_all()
    assert world.rings() == ["吃药"]
    assert world.kept()[0].due == datetime(2026, 11, 27, 9)


def test_what_is_due_at_the_same_look_rings_as_one(world: World) -> None:
    for name in ("吃药", "开会", "关火"):
        set_(world, f"九点提醒我{name}")
    world.run(31 * 60, 5)
    (due,) = world.rung
    assert sorted(alarm.text for alarm in due.alarms) == sorted(("吃药", "开会", "关火"))


def test_cancelled_while_it_rings_it_is_gone(world: World) -> None:
    set_(world, "九点叫我起床")
    world.run(31 * 60, 5)
    world.keeper.cancel(world.kept(), lambda _: None)
    world.keeper.snoozed(world.rung[0], 600)
    world.run(3600, 15)
    assert len(world.rung) == 1 and world.kept() == []


def test_a_row_that_cannot_be_read_costs_that_row(world: World) -> None:
    set_(world, "九点叫我起床")
    set_(world, "十点提醒我开会")
    world.database.execute("UPDATE alarm SET due = 'no time' WHERE text = '起床'")
    world.boot()
    assert [alarm.text for alarm in world.kept()] == ["开会"]


def summer(world: World, hours: int) -> None:
    """Summer time begins (1) or ends (-1) at this moment."""
    world.wall += timedelta(hours=hours)
    world.offset += timedelta(hours=hours)


def test_summer_time_moves_no_alarm(world: World) -> None:
    set_(world, "每天早上九点叫我吃药")
    summer(world, -1)
    world.run(3600, 15)
    assert world.rings() == [], "7:30 became 8:30 once more"
    world.run(31 * 60, 5)
    assert world.rings() == ["吃药"]


def test_an_alarm_in_the_hour_that_summer_time_skips_rings_as_it_begins(world: World) -> None:
    set_(world, "八点四十叫我起床")
    summer(world, 1)
    world.run(20, 5)
    assert world.rings() == ["起床"]


def test_an_alarm_in_the_hour_that_comes_twice_rings_once(world: World) -> None:
    set_(world, "每天早上八点四十叫我吃药")
    world.run(15 * 60, 5)
    world.stop_all()
    summer(world, -1)
    world.run(2 * 3600, 15)
    assert world.rings() == ["吃药"]
