"""How long a toast stays: long enough to be read, and not in the way of who types on."""

from appliance.dialogue.toasts import Toasts
from appliance.timers import Timers

LONG = "The recognition server does not answer; is it on, is its address right?"


class Watch:
    def __init__(self):
        self.now = 100.0
        self.timers = Timers(lambda: self.now)
        self.gone = 0
        self.toasts = Toasts(self.timers, self._went)

    def _went(self):
        self.gone += 1

    def press(self, after):
        self.now += after
        self.toasts.pressed(self.now)
        return self.toasts.shown is not None


def test_it_goes_away_by_itself_at_its_deadline():
    watch = Watch()
    watch.toasts.show("新对话")
    deadline = watch.timers.next
    assert deadline is not None
    watch.timers.tick(deadline - 0.1)
    assert watch.toasts.shown is not None
    watch.timers.tick(deadline)
    assert watch.toasts.shown is None and watch.timers.next is None
    assert watch.gone == 1


def test_what_is_longer_to_read_stays_longer():
    watch = Watch()
    watch.toasts.show("新对话")
    short = watch.timers.next or 0.0
    watch.toasts.show(LONG)
    assert (watch.timers.next or 0.0) > short + 2


def test_keys_in_the_same_burst_leave_it_and_a_later_one_takes_it_away():
    watch = Watch()
    watch.toasts.show(LONG)
    assert watch.press(after=0.2)
    assert watch.press(after=0.3)
    assert not watch.press(after=0.4)


def test_a_newer_one_is_not_taken_for_seen():
    watch = Watch()
    watch.toasts.show("新对话")
    watch.now += 1
    watch.toasts.show(LONG, 0.5)
    assert watch.press(after=0.1)
    assert watch.toasts.shown.fraction == 0.5
