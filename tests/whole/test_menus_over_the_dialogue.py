"""A menu over what goes on: it stops nobody's answer, sends nothing unseen, and leads home."""

import pytest

from appliance.dialogue.tables import Input, Turn
from tests.whole.rig import Key, keys_of, run_box
from ui.keymap import State
from ui.screens.compose import ComposeView
from ui.screens.home import HomeView
from ui.screens.review import ReviewView

SHORT = {"audio.review": 1.0}


@pytest.fixture(autouse=True)
def no_models(tmp_path, monkeypatch):
    monkeypatch.setenv("LORY_MODELS", str(tmp_path / "models"))


async def booted(rig):
    await rig.until(lambda: not rig.app.presenter.booting)


async def type_a_word(rig):
    await rig.hand.tap(*keys_of("ni hao"), Key.D)


async def give_an_answer(rig):
    rig.conductor.submit("给妈妈打电话")
    await rig.until(lambda: rig.conductor.turn.state is Turn.NONE)


@pytest.mark.parametrize("levels", [1, 2])
@pytest.mark.parametrize("beneath", [type_a_word, give_an_answer])
def test_a_long_a_leads_home_from_every_depth_of_the_menu(tmp_path, beneath, levels):
    async def script(rig):
        await booted(rig)
        await beneath(rig)
        await rig.hand.hold(Key.C)
        if levels == 2:
            above = rig.app.pages.top
            await rig.hand.tap(Key.HASH, Key.HASH, Key.D)
            assert rig.app.pages.top is not above
            assert rig.app.state is State.MENU
        await rig.hand.hold(Key.A)
        assert rig.app.state is State.HOME
        await rig.until(lambda: rig.shows(rig.app.screen()))
        return rig.app.screen().view

    assert isinstance(run_box(script, tmp_path / "out"), HomeView)


def test_what_stood_in_the_box_is_still_there_after_home(tmp_path):
    async def script(rig):
        await booted(rig)
        await type_a_word(rig)
        await rig.hand.hold(Key.C)
        await rig.hand.hold(Key.A)
        await rig.hand.tap(Key.D)
        return rig.app.screen().view

    view = run_box(script, tmp_path / "out")
    assert isinstance(view, ComposeView)
    assert view.text == "你好"


def test_a_short_a_leads_to_what_lay_beneath_the_menu(tmp_path):
    async def script(rig):
        await booted(rig)
        await type_a_word(rig)
        await rig.hand.hold(Key.C)
        await rig.hand.tap(Key.A)
        return rig.app.state

    assert run_box(script, tmp_path / "out") is State.TEXT


async def long_c(rig):
    await rig.hand.hold(Key.C)


async def c_and_the_self_test(rig):
    await rig.hand.tap(Key.C, Key.D0)


async def a_fault_is_told(rig):
    rig.app.show_fault("worker-died")


@pytest.mark.parametrize("opened_by", [long_c, c_and_the_self_test, a_fault_is_told])
def test_what_was_heard_waits_for_d_once_a_page_has_covered_it(tmp_path, opened_by):
    async def script(rig):
        await booted(rig)
        rig.conductor.heard("今天几号？")
        await opened_by(rig)
        assert rig.app.state is State.MENU
        assert rig.conductor.ear.review.deadline is None, "nothing is going to be sent"
        await rig.hand.tap(Key.A)
        assert rig.app.state is State.REVIEW
        await rig.until(lambda: rig.shows(rig.app.screen()))
        view = rig.app.screen().view
        await rig.hand.tap(Key.D)
        return view, rig.conductor.input.state

    view, after = run_box(script, tmp_path / "out", SHORT)
    assert view == ReviewView("今天几号？", 5, None)
    assert after is not Input.REVIEW


def test_what_is_heard_while_a_page_is_open_waits_beneath_it(tmp_path):
    async def script(rig):
        await booted(rig)
        await rig.hand.hold(Key.C)
        rig.conductor.heard("今天几号？")
        assert rig.app.state is State.MENU
        assert rig.conductor.ear.review.deadline is None, "nothing is going to be sent"
        await rig.hand.hold(Key.A)
        return rig.app.state

    assert run_box(script, tmp_path / "out", SHORT) is State.REVIEW


def test_a_c_goes_before_every_other_wish_so_nothing_is_sent_while_it_is_thought_of(tmp_path):
    async def script(rig):
        await booted(rig)
        rig.conductor.heard("今天几号？")
        await rig.hand.tap(Key.C, Key.D9)
        return rig.app.state, rig.app.screen().view.remaining

    assert run_box(script, tmp_path / "out", SHORT) == (State.REVIEW, None)
