"""Alarms on a whole box: asked for, rung over everything, stopped, put off, and kept."""

import pytest

from appliance.alarms.alarm import State as Set
from tests.whole.rig import Key, run_box
from ui.keymap import State


@pytest.fixture(autouse=True)
def no_models(tmp_path, monkeypatch):
    monkeypatch.setenv("LORY_MODELS", str(tmp_path / "models"))


async def home(rig):
    await rig.until(lambda: not rig.app.presenter.booting)


async def ask(rig, text):
    """Send it, and wait for the answer."""
    rig.conductor.submit(text)
    await rig.until(lambda: rig.conductor.view().answer is not None and not rig.conductor.busy)
    return rig.conductor.answer.text


def test_a_countdown_is_asked_for_rings_over_a_menu_and_is_stopped(tmp_path):
    async def script(rig):
        await home(rig)
        answer = await ask(rig, "计时一秒")
        await rig.hand.tap(Key.C, Key.D5)
        await rig.hand.hold(Key.C, 0.6)
        await rig.until(lambda: rig.app.state is State.ALERT)
        beneath = bool(rig.app.pages)
        await rig.until(lambda: not rig.app.alerts.deaf)
        await rig.hand.tap(Key.D)
        await rig.until(lambda: rig.app.state is not State.ALERT)
        await rig.until(lambda: not rig.app.alarms.all)
        return answer, beneath, bool(rig.app.pages)

    answer, beneath, after = run_box(script, tmp_path / "out")
    assert "计时" in answer
    assert beneath == after, "what lay beneath is given back"


def test_zero_takes_back_what_was_just_set(tmp_path):
    async def script(rig):
        await home(rig)
        await ask(rig, "十分钟后提醒我关火")
        kept = len(rig.app.alarms.all)
        await rig.hand.tap(Key.D0)
        await rig.until(lambda: not rig.app.alarms.all)
        return kept

    assert run_box(script, tmp_path / "out") == 1


def test_by_keys_alone_four_digits_and_d(tmp_path):
    async def script(rig):
        await home(rig)
        await rig.hand.hold(Key.C, 0.6)
        await rig.until(lambda: rig.app.state is State.MENU)
        await rig.hand.tap(Key.D2)
        await rig.until(lambda: type(rig.app.pages.top).__name__ == "AlarmsPage")
        await rig.hand.tap(Key.D0, Key.D7, Key.D3, Key.D0, Key.D)
        await rig.until(lambda: rig.app.alarms.all)
        (alarm,) = rig.app.alarms.all
        return alarm

    alarm = run_box(script, tmp_path / "out")
    assert (alarm.due.hour, alarm.due.minute) == (7, 30)


def test_what_is_set_is_there_after_a_restart_and_rings(tmp_path):
    async def set_it(rig):
        await home(rig)
        return await ask(rig, "计时五秒")

    async def wait(rig):
        await rig.until(lambda: rig.app.alarms.all)
        await rig.until(lambda: rig.app.state is State.ALERT, seconds=60)
        return [alarm.state for alarm in rig.app.alarms.all]

    run_box(set_it, tmp_path / "out")
    assert run_box(wait, tmp_path / "out") == [Set.RINGING]


def test_put_off_by_a_digit_it_rings_again_in_so_many_minutes(tmp_path):
    async def script(rig):
        await home(rig)
        await ask(rig, "计时一秒")
        await rig.until(lambda: rig.app.state is State.ALERT and not rig.app.alerts.deaf)
        await rig.hand.tap(Key.D3)
        await rig.until(lambda: rig.app.alarms.all[0].state is Set.SNOOZED)
        (alarm,) = rig.app.alarms.all
        return alarm.remaining(rig.app.alarms.now)

    assert 150 <= run_box(script, tmp_path / "out") <= 180


async def open_alarms(rig):
    rig.app.go_home()
    await rig.hand.hold(Key.C, 0.6)
    await rig.until(lambda: rig.app.state is State.MENU)
    await rig.hand.tap(Key.D2)
    await rig.until(lambda: type(rig.app.pages.top).__name__ == "AlarmsPage")


def test_zero_is_a_digit_of_a_page_that_takes_digits(tmp_path):
    async def script(rig):
        await home(rig)
        await ask(rig, "十分钟后提醒我关火")
        await open_alarms(rig)
        await rig.hand.tap(Key.D1, Key.D9, Key.D0, Key.D0, Key.D)
        await rig.until(lambda: len(rig.app.alarms.all) == 2)
        return rig.app.alarms.all[1].due

    due = run_box(script, tmp_path / "out")
    assert (due.hour, due.minute) == (19, 0)


@pytest.mark.parametrize("key", [Key.A, Key.D])
def test_the_key_that_stops_a_ring_does_nothing_to_the_page_beneath(tmp_path, key):
    async def script(rig):
        await home(rig)
        await open_alarms(rig)
        await rig.hand.tap(Key.D1, Key.D9, Key.D0, Key.D0, Key.D)
        await rig.until(lambda: rig.app.alarms.all)
        page = rig.app.pages.top
        rig.app.alarms.cancel(rig.app.alarms.all, lambda done: None)
        rig.conductor.submit("计时一秒")
        await rig.until(lambda: rig.app.state is State.ALERT and not rig.app.alerts.deaf)
        await rig.hand.tap(key)
        await rig.until(lambda: rig.app.state is State.MENU)
        await rig.until(lambda: not rig.app.alarms.all)
        await rig.hand.tap(Key.HASH)  # whatever was to be set is by now
        return rig.app.pages.top is page, rig.app.alarms.all

    assert run_box(script, tmp_path / "out") == (True, ())


def test_a_digit_held_too_long_in_the_menu_deletes_nothing_on_the_page_it_opens(tmp_path):
    async def script(rig):
        await home(rig)
        await ask(rig, "十分钟后提醒我关火")
        await rig.hand.hold(Key.C, 0.6)
        await rig.until(lambda: rig.app.state is State.MENU)
        await rig.hand.hold(Key.D2, 0.6)
        await rig.until(lambda: type(rig.app.pages.top).__name__ == "AlarmsPage")
        await ask(rig, "计时九分钟")  # whatever was to be deleted is by now
        return len(rig.app.alarms.all)

    assert run_box(script, tmp_path / "out") == 2
