"""Alarms on the box: what home says of them, when the time is asked for, when the board wakes."""

from datetime import datetime, timedelta

import pytest

from appliance.alarms.alarm import MOST_SNOOZES, Moment
from appliance.alerts import Snoozed, Stopped
from appliance.front.alarm_desk import ASK_SECONDS, WAKE_SECONDS, AlarmDesk
from appliance.understanding.alarms.parse import parse
from tests.alarms.world import START, World
from ui.strings import Language


class Clocks:
    """Both clocks of a world, and a board that can be woken."""

    def __init__(self, world):
        self.world = world
        self.on_set = None
        self.woken = []

    @property
    def trusted(self):
        return self.world.trusted

    def wall(self):
        return self.world.wall

    def moment(self) -> Moment:
        return self.world.now()

    def wake_at(self, moment):
        self.woken.append(moment)
        return True


class Silent:
    """Alerts that nobody hears."""

    def __init__(self):
        self.raised = []

    def raise_(self, alert):
        self.raised.append(alert)

    def dismiss(self, alert):
        self.raised.remove(alert)


class Desk:
    def __init__(self):
        self.world = World()
        self.world.run(3.0)
        self.world.wall = START
        self.clocks = Clocks(self.world)
        self.alerts = Silent()
        self.desk = AlarmDesk(
            self.world, self.world.timers, self.alerts, self.clocks, lambda: Language.ZH
        )
        self.asked = 0
        self.desk.ask_for_time = self.ask
        self.desk.start()
        self.world.run(3.0)

    def ask(self):
        self.asked += 1

    def set(self, text):
        self.desk.keeper.set(parse(text, self.world.wall), lambda alarm: None)


@pytest.fixture
def desk():
    return Desk()


def test_home_shows_the_next_alarm_and_a_countdown_that_runs(desk):
    assert desk.desk.coming().lines == ()
    desk.set("明早七点半叫我起床")
    desk.set("计时十分钟")
    coming = desk.desk.coming()
    assert coming.lines == ("🔔 07:30 明天 起床",)
    assert coming.countdown == "⏱ 10:00" and coming.left == pytest.approx(1.0, abs=0.01)
    assert desk.desk.counting


def test_home_says_that_alarms_wait_for_the_time(desk):
    desk.set("明早七点半叫我起床")
    desk.world.trusted = False
    assert desk.desk.coming().lines == ("待校时：菜单 → 时间",)


def test_the_time_is_asked_for_where_nobody_vouches_for_it(desk):
    desk.world.run(ASK_SECONDS)
    assert desk.asked == 0
    other = Desk()
    other.world.trusted = False
    other.world.run(ASK_SECONDS)
    assert other.asked == 1


def test_what_rings_comes_over_everything_and_goes_when_it_is_cancelled(desk):
    desk.set("一分钟后提醒我关火")
    desk.world.run(61)
    (alert,) = desk.alerts.raised
    assert (alert.title, alert.text) == ("提醒", "关火")
    desk.desk.keeper.cancel(desk.desk.keeper.all, lambda done: None)
    assert desk.alerts.raised == []


def test_one_of_two_that_ring_is_cancelled_and_the_other_rings_on(desk):
    desk.set("一分钟后提醒我关火")
    desk.set("一分钟后提醒我关窗")
    desk.world.run(61)
    (alert,) = desk.alerts.raised
    desk.desk.keeper.cancel(desk.desk.keeper.all[:1], lambda done: None)
    assert desk.alerts.raised == [alert]
    alert.ended(Stopped())
    assert desk.desk.keeper.all == ()


def test_what_was_put_off_too_often_is_not_said_to_ring_again(desk):
    desk.set("一分钟后提醒我关火")
    for _ in range(MOST_SNOOZES):
        desk.world.run(61)
        ring = desk.alerts.raised.pop()
        ring.ended(Snoozed(1))
        assert desk.alerts.raised.pop().title == "再响"
    desk.world.run(61)
    desk.alerts.raised.pop().ended(Snoozed(1))
    assert desk.alerts.raised == []
    assert desk.desk.coming().missed == "错过：关火"


def test_what_was_put_off_is_on_home(desk):
    desk.set("九点提醒我关火")
    desk.world.run(31 * 60, 5)
    desk.alerts.raised.pop().ended(Snoozed(10))
    (line,) = desk.desk.coming().lines
    assert line == "🔔 09:11 关火"


def test_the_board_wakes_in_time_for_what_rings_next(desk):
    desk.desk.arm_board()
    assert desk.clocks.woken == [None]
    desk.set("明早七点半叫我起床")
    desk.desk.arm_board()
    woken = desk.clocks.woken[-1]
    due = datetime(2026, 11, 25, 7, 30) - timedelta(seconds=WAKE_SECONDS)
    assert abs(woken - due) < timedelta(seconds=10)
