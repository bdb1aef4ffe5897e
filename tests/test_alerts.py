"""Alerts: one at a time, each with its own sound, each ended once."""

from datetime import datetime

import pytest

from appliance import messages as m
from appliance.alerts import (
    DEAF_SECONDS,
    LONGEST_SECONDS,
    PATIENCE_SECONDS,
    SNOOZE_MINUTES,
    Alert,
    Alerts,
    Chimes,
    Missed,
    Rings,
    Snoozed,
    Stopped,
)
from appliance.configuration.settings import Settings
from appliance.timers import Timers


class Box:
    """What stands around alerts: a clock that is set by hand, and what the audio worker is told."""

    def __init__(self, **settings):
        self.now = 100.0
        self.hour = 12
        self.sent = []
        self.ends = []
        self.settings = Settings({key.replace("_", "."): it for key, it in settings.items()})
        self.timers = Timers(lambda: self.now)
        self.alerts = Alerts(
            self, self.settings, self.timers, lambda: datetime(2026, 11, 24, self.hour)
        )

    def send(self, name, message):
        assert name == "audio"
        self.sent.append(message)

    def raise_(self, name, sound=None, **wishes):
        alert = Alert(
            title=name, sound=sound, ended=lambda end: self.ends.append((name, end)), **wishes
        )
        self.alerts.raise_(alert)
        self.alerts.update(talking=False)
        return alert

    def wait(self, seconds):
        self.now += seconds
        self.timers.tick(self.now)

    def heard(self):
        sent, self.sent = self.sent, []
        return sent


@pytest.fixture
def box():
    return Box()


ALARM = Rings("alarm")


def test_an_alarm_rings_from_soft_to_loud_until_it_is_stopped(box):
    alert = box.raise_("wake", ALARM)
    assert box.alerts.front is alert and box.alerts.ringing
    assert box.heard() == [m.Ring("alarm", 0.1, 0.7, 30.0, LONGEST_SECONDS)]
    box.wait(60.0)
    box.alerts.stop()
    assert box.heard() == [m.StopRing()]
    assert box.ends == [("wake", Stopped())]
    assert box.alerts.front is None and not box.alerts.busy and not box.alerts.ringing


@pytest.mark.parametrize("minutes", [3, SNOOZE_MINUTES])
def test_a_snooze_tells_for_how_long(box, minutes):
    box.raise_("wake", ALARM)
    box.alerts.snooze(minutes)
    assert box.ends == [("wake", Snoozed(minutes))]
    assert box.heard()[-1] == m.StopRing()


def test_what_does_not_snooze_stays(box):
    alert = box.raise_("battery", snoozes=False)
    box.alerts.snooze()
    assert box.alerts.front is alert and box.ends == []


def test_nobody_comes_and_it_is_missed_once(box):
    box.raise_("wake", ALARM)
    box.wait(LONGEST_SECONDS - 1)
    assert box.ends == []
    box.wait(1.0)
    assert box.ends == [("wake", Missed())]
    box.wait(LONGEST_SECONDS)
    assert len(box.ends) == 1 and box.alerts.front is None
    assert box.timers.next is None


def test_two_at_once_come_one_after_the_other_the_older_first_each_with_its_time(box):
    box.raise_("first", ALARM, longest=60.0)
    second = box.raise_("second", Rings("timer"), longest=60.0)
    assert box.alerts.front.title == "first" and box.alerts.count == 2
    box.wait(59.0)
    box.alerts.stop()
    assert box.alerts.front is second and box.alerts.count == 1
    box.alerts.update(talking=False)
    assert [type(it) for it in box.heard()] == [m.Ring, m.StopRing, m.Ring]
    box.wait(59.0)
    assert box.alerts.front is second
    box.wait(1.0)
    assert box.ends == [("first", Stopped()), ("second", Missed())]


def test_it_is_deaf_for_its_first_second_and_so_is_the_next_one(box):
    assert not box.alerts.deaf
    box.raise_("first")
    box.raise_("second")
    assert box.alerts.deaf
    box.wait(DEAF_SECONDS)
    assert not box.alerts.deaf
    box.alerts.stop()
    assert box.alerts.deaf


def test_who_is_talking_is_let_finish_but_not_for_long(box):
    box.alerts.raise_(Alert(title="wake", sound=ALARM, ended=box.ends.append))
    box.alerts.update(talking=True)
    box.wait(1.0)
    assert box.heard() == [] and not box.alerts.ringing
    box.alerts.update(talking=False)
    assert len(box.heard()) == 1
    box.alerts.stop()
    box.heard()
    box.alerts.raise_(Alert(title="wake", sound=ALARM, ended=box.ends.append))
    box.alerts.update(talking=True)
    box.wait(PATIENCE_SECONDS)
    assert isinstance(box.heard()[0], m.Ring)


def test_after_the_audio_worker_was_lost_it_rings_on_as_loud_as_it_had_become(box):
    box.raise_("wake", ALARM)
    box.heard()
    box.wait(15.0)
    box.alerts.audio_ready()
    (ring,) = box.heard()
    assert (ring.low, ring.high, ring.ramp) == pytest.approx((0.4, 0.7, 15.0))
    assert ring.longest == pytest.approx(LONGEST_SECONDS - 15.0)
    box.wait(100.0)
    box.alerts.audio_ready()
    (ring,) = box.heard()
    assert (ring.low, ring.ramp) == pytest.approx((0.7, 0.0))


def test_an_audio_worker_that_comes_up_makes_nothing_ring_that_does_not(box):
    box.alerts.audio_ready()
    box.raise_("battery", Chimes("empty"))
    box.heard()
    box.alerts.audio_ready()
    assert box.heard() == [], "it has been heard"


def test_mute_does_not_push_an_alarm_away_but_at_the_ear_it_is_as_loud_as_the_rest():
    box = Box(audio_volume=0.5)
    box.settings.change("audio.muted", True)
    box.raise_("wake", ALARM)
    assert box.heard()[0].high == 0.7
    box.alerts.stop()
    box.alerts.speaker = "USB Headset"
    box.settings.change("audio.muted", False)
    box.raise_("wake", ALARM)
    assert box.heard()[-1].high == pytest.approx(0.35)


@pytest.mark.parametrize(("hour", "heard"), [(12, 1), (21, 1), (22, 0), (3, 0), (6, 0), (7, 1)])
def test_one_chime_is_all_there_is_of_a_battery_and_at_night_not_even_that(box, hour, heard):
    box.hour = hour
    box.raise_("battery", Chimes("empty"))
    assert box.heard() == [m.Chime("empty")] * heard
    box.wait(60.0)
    box.alerts.update(talking=False)
    assert box.heard() == []


def test_what_is_taken_back_leaves_the_others_and_its_end_is_told_to_nobody(box):
    first, second = box.raise_("first", ALARM), box.raise_("second", ALARM)
    box.alerts.dismiss(second)
    assert box.alerts.front is first and box.alerts.count == 1
    box.alerts.dismiss(first)
    box.alerts.dismiss(first)
    assert box.ends == [] and box.alerts.front is None
    assert box.heard()[-1] == m.StopRing()


def test_whoever_fails_to_take_an_end_keeps_no_other_alert_away(box, caplog):
    box.alerts.raise_(Alert(title="bad", ended=lambda end: 1 / 0))
    good = box.raise_("good")
    box.alerts.stop()
    assert box.alerts.front is good
    assert "ZeroDivisionError" in caplog.text


def test_an_end_may_raise_the_next_alert(box):
    def again(end):
        box.raise_("again")

    box.alerts.raise_(Alert(title="first", ended=again))
    box.alerts.stop()
    assert box.alerts.front.title == "again"


def test_whoever_draws_is_told_when_another_alert_is_at_work(box):
    seen = []
    box.alerts.changed = lambda: seen.append(box.alerts.front and box.alerts.front.title)
    box.raise_("first")
    box.alerts.stop()
    assert seen[0] == "first" and seen[-1] is None


def test_stopping_where_nothing_is_does_nothing(box):
    box.alerts.stop()
    box.alerts.snooze()
    assert box.ends == []
