"""Pages as the pad reaches them: the self-test of the keys, and switching off."""

import time

import pytest

from appliance.health.power import Wish
from appliance.memory.user_words import SqliteUserWords
from appliance.paths import state_dir
from drivers.keys import Edge, KeyEvent
from tests.whole.rig import Key, keys_of, run_box
from ui.input.learning.user import Learnt
from ui.keymap import State
from ui.screens.confirm import ConfirmView
from ui.screens.keytest import KeyTestView
from ui.screens.menu import MenuView
from ui.screens.selftest import Check, SelfTestView


@pytest.fixture(autouse=True)
def no_models(tmp_path, monkeypatch):
    monkeypatch.setenv("LORY_MODELS", str(tmp_path / "models"))


async def open_line(rig, label):
    """Enter the line of the open menu that is called so."""
    labels = [item.label for item in rig.app.screen().view.items]
    await rig.hand.tap(Key(labels.index(label) + 1))


async def booted(rig):
    await rig.until(lambda: not rig.app.presenter.booting)


def test_every_key_of_the_pad_lights_up_and_a_held_one_leaves(tmp_path):
    async def script(rig):
        await booted(rig)
        await rig.hand.tap(Key.C, Key.D0)
        await open_line(rig, "按键")
        await rig.hand.tap(*Key)
        view = rig.app.screen().view
        await rig.until(lambda: rig.shows(rig.app.screen()))
        await rig.hand.hold(Key.A)
        return view, rig.app.screen().view, rig.app.state

    view, after, state = run_box(script, tmp_path / "out")
    assert view == KeyTestView(frozenset(range(16)), None)
    assert isinstance(after, MenuView)
    assert state is State.MENU


def test_the_buses_tell_what_answers_while_the_box_goes_on(tmp_path):
    async def script(rig):
        await booted(rig)
        await rig.hand.tap(Key.C, Key.D0)
        await open_line(rig, "总线")
        await rig.until(lambda: len(rig.app.screen().view.rows) > 1)
        return rig.app.screen().view

    view = run_box(script, tmp_path / "out")
    assert isinstance(view, SelfTestView)
    assert [(row.label, row.check) for row in view.rows] == [
        ("i2c-1 0x27", Check.OK),
        ("i2c-1 0x3C", Check.OK),
    ]


def test_what_typing_taught_is_forgotten_for_good_in_the_settings_of_typing(tmp_path):
    async def script(rig):
        await booted(rig)
        await rig.hand.tap(*keys_of("ni hao"), Key.D)
        await rig.hand.hold(Key.C)
        for label in ("设置", "输入法", "学到的词", "全部忘掉"):
            await open_line(rig, label)
        await rig.until(lambda: rig.shows(rig.app.screen()))
        await rig.hand.hold(Key.D)
        return rig.app.screen().view.items

    assert run_box(script, tmp_path / "out") == ()
    assert SqliteUserWords(state_dir() / "ime.db").read() == Learnt()


def test_only_a_long_d_switches_off_and_it_can_be_seen_coming(tmp_path):
    async def script(rig):
        await booted(rig)
        await rig.hand.hold(Key.C)
        await open_line(rig, "关机")
        await open_line(rig, "关机")
        assert isinstance(rig.app.screen().view, ConfirmView)
        await rig.hand.tap(Key.D)
        assert not rig.app.finished.is_set()
        # Not through the pad: its driver says "long" when it is time, whether we looked or not.
        rig.app.on_key(KeyEvent(Key.D, Edge.PRESS, time.monotonic()))
        await rig.until(lambda: rig.app.screen().view.held > 0.3)
        assert not rig.app.finished.is_set()
        rig.app.on_key(KeyEvent(Key.D, Edge.LONG, time.monotonic()))
        await rig.until(rig.app.finished.is_set)
        return rig.app.wish

    assert run_box(script, tmp_path / "out") is Wish.OFF
