"""The lock: talking stays free, what stays does not."""

from datetime import UTC, datetime

import pytest

from appliance.configuration.settings import LOCK, Settings
from appliance.front.lock import PAUSE_SECONDS, TRIES, Lock
from appliance.pages.lock import CodePage
from appliance.pages.page import Home
from appliance.pages.set_time import SetTimePage
from appliance.timekeeping.wall import WallTime
from appliance.timers import Timers
from drivers.keys import Edge, Key
from ui.strings import Language


class Locked:
    def __init__(self, code="1234"):
        self.now = 0.0
        self.told = 0
        self.settings = Settings(overlay={LOCK: code})
        self.lock = Lock(self.settings, Timers(lambda: self.now), self.tell)

    def tell(self):
        self.told += 1


def test_without_a_code_nothing_is_locked():
    box = Locked("")
    box.settings.change("ui.hints", False)
    assert box.settings.flag("ui.hints") is False and not box.told


def test_locked_nothing_that_stays_is_changed_and_that_is_told():
    box = Locked()
    box.settings.change("ui.hints", False)
    box.settings.change("models.llm", "other")
    box.settings.reset("ui.hints")
    assert box.settings.flag("ui.hints") and box.settings.text("models.llm") == ""
    assert box.told == 3


@pytest.mark.parametrize("code", ["1234", ""])
def test_a_time_that_alarms_ring_by_is_kept_where_it_is_locked(code, tmp_path):
    box = Locked(code)
    moment = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    wall = WallTime(tmp_path / "clock.json", lambda _: False, system=lambda: moment)
    done = []
    page = SetTimePage(
        wall, True, True, lambda: Language.ZH, lambda: done.append(1), may=box.lock.allows
    )
    for key in (Key.D0, Key.D7, Key.D3, Key.D0, Key.D):
        page.key(key, Edge.PRESS)
        page.key(key, Edge.RELEASE)
    assert bool(done) is not bool(code)
    assert bool(box.told) is bool(code)


@pytest.mark.parametrize(("key", "value"), [("audio.volume", 0.3), ("audio.muted", True)])
def test_the_volume_is_everybody_s(key, value):
    box = Locked()
    box.settings.change(key, value)
    assert box.settings[key] == value


def test_the_code_opens_and_it_can_be_locked_again():
    box = Locked()
    assert not box.lock.unlock("4321") and box.lock.locked
    assert box.lock.unlock("1234") and not box.lock.locked
    box.lock.lock()
    assert box.lock.locked


def test_guessing_is_slow():
    box = Locked()
    for _ in range(TRIES):
        assert not box.lock.unlock("0000")
    assert box.lock.deaf and not box.lock.unlock("1234")
    box.now += PAUSE_SECONDS
    assert box.lock.unlock("1234")


def test_only_whoever_opened_it_changes_the_code():
    box = Locked()
    box.lock.set_code("0000")
    assert box.settings.text(LOCK) == "1234"
    box.lock.unlock("1234")
    box.lock.set_code("0000")
    assert box.lock.locked and box.lock.unlock("0000")


def test_digits_are_not_shown_and_the_hold_that_opened_the_page_types_nothing():
    box = Locked()
    page = CodePage("unlock", box.lock, lambda: Language.ZH, box.lock.unlock)
    assert page.key(Key.STAR, Edge.RELEASE) is None
    for key in (Key.D1, Key.D2, Key.D3, Key.D4):
        page.key(key, Edge.PRESS)
        page.key(key, Edge.RELEASE)
    assert page.view().digits == "* * * *"
    page.key(Key.D, Edge.PRESS)
    assert isinstance(page.key(Key.D, Edge.RELEASE), Home)
    assert not box.lock.locked
