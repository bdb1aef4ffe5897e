"""Moments on a clock that is set by hand: each call once, in order, late rather than never."""

import pytest

from appliance.timers import Timers


class Watch:
    """The register, its clock, and what was called."""

    def __init__(self):
        self.now = 100.0
        self.timers = Timers(lambda: self.now)
        self.called = []

    def call(self, name):
        return lambda: self.called.append(name)

    def wait(self, seconds):
        self.now += seconds
        self.timers.tick(self.now)
        called, self.called = self.called, []
        return called


@pytest.fixture
def watch():
    return Watch()


def test_a_call_comes_at_its_moment_and_once(watch):
    watch.timers.at(110.0, watch.call("a"))
    assert watch.timers.next == 110.0
    assert watch.wait(9.9) == []
    assert watch.wait(0.1) == ["a"]
    assert watch.wait(100.0) == []
    assert watch.timers.next is None


def test_after_counts_from_now(watch):
    assert watch.timers.after(5.0, watch.call("a")).moment == 105.0


def test_late_calls_come_in_the_order_of_their_moments_and_of_their_setting(watch):
    watch.timers.at(103.0, watch.call("third"))
    watch.timers.at(101.0, watch.call("first"))
    watch.timers.at(101.0, watch.call("second"))
    assert watch.wait(3600.0) == ["first", "second", "third"]


def test_a_moment_that_has_passed_is_due_with_the_next_tick(watch):
    watch.timers.at(-1.0, watch.call("a"))
    assert watch.timers.next == -1.0
    assert watch.wait(0.0) == ["a"]


def test_a_clock_that_jumps_back_makes_nothing_come_twice(watch):
    watch.timers.at(101.0, watch.call("a"))
    assert watch.wait(2.0) == ["a"]
    watch.now = 50.0
    assert watch.wait(60.0) == []


def test_what_is_cancelled_does_not_come_and_is_not_waited_for(watch):
    timer = watch.timers.at(101.0, watch.call("a"))
    watch.timers.at(105.0, watch.call("b"))
    timer.cancel()
    timer.cancel()
    assert not timer.pending
    assert watch.timers.next == 105.0
    assert watch.wait(10.0) == ["b"]


def test_a_call_may_cancel_one_that_is_due_in_the_same_tick(watch):
    other = None
    watch.timers.at(101.0, lambda: other.cancel())
    other = watch.timers.at(102.0, watch.call("other"))
    assert watch.wait(5.0) == []


def test_a_call_that_raises_is_logged_and_costs_nobody_else_his(watch, caplog):
    watch.timers.at(101.0, lambda: 1 / 0)
    watch.timers.at(102.0, watch.call("other"))
    assert watch.wait(5.0) == ["other"]
    assert "ZeroDivisionError" in caplog.text
    assert watch.timers.next is None


def test_what_a_call_sets_for_now_comes_with_the_next_tick(watch):
    def again():
        watch.called.append("again")
        watch.timers.at(watch.now, again)

    watch.timers.at(101.0, again)
    assert watch.wait(1.0) == ["again"]
    assert watch.timers.next == watch.now
    assert watch.wait(0.0) == ["again"]


def test_whoever_runs_the_loop_is_told_of_what_comes_before_all_else(watch):
    told = []
    watch.timers.earlier = lambda: told.append(watch.timers.next)
    watch.timers.at(110.0, watch.call("a"))
    watch.timers.at(120.0, watch.call("b"))
    watch.timers.at(105.0, watch.call("c"))
    assert told == [110.0, 105.0]


class Egg:
    """Times itself."""

    def __init__(self, next_deadline, tick):
        self.next_deadline = next_deadline
        self.tick = tick


def test_what_times_itself_is_asked_for_its_moment_and_ticked_in_the_order_of_its_coming(watch):
    watch.timers.follow(Egg(150.0, lambda now: watch.called.append(("first", now))))
    watch.timers.follow(Egg(None, lambda now: 1 / 0))
    watch.timers.follow(Egg(130.0, lambda now: watch.called.append(("last", now))))
    watch.timers.at(140.0, watch.call("timer"))
    assert watch.timers.next == 130.0
    assert watch.wait(41.0) == ["timer", ("first", 141.0), ("last", 141.0)]
