"""A box on which nothing is installed: it types, has menus, keeps settings, says what is wrong."""

import asyncio
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from appliance.dialogue.tables import Turn
from appliance.paths import state_dir
from appliance.workers.supervisor import Status
from drivers.keys import Edge, KeyEvent
from tests.child import Child
from tests.waiting import PATIENCE
from tests.whole.rig import Key, keys_of, run_box, until_nothing_runs
from ui.gutter import Condition, Mic
from ui.keymap import KEYMAP, SECOND, Action, Gesture, Intent, State, lookup
from ui.screens.compose import ComposeView
from ui.screens.menu import MenuView
from ui.screens.message import MessageView
from ui.strings import TEXTS


@pytest.fixture(autouse=True)
def no_models(tmp_path, monkeypatch):
    monkeypatch.setenv("LORY_MODELS", str(tmp_path / "models"))


async def booted(rig):
    await rig.until(lambda: not rig.app.presenter.booting)


def test_it_types_before_and_without_any_model(tmp_path):
    async def script(rig):
        await booted(rig)
        await rig.hand.tap(*keys_of("ni hao"))
        view = rig.app.screen().view
        assert isinstance(view, ComposeView)
        await rig.until(lambda: rig.shows(rig.app.screen()))
        await rig.hand.tap(Key.D)
        return rig.app.editor.text

    assert run_box(script, tmp_path / "out") == "你好"


def test_a_word_learnt_by_mistake_is_forgotten_where_it_is_seen(tmp_path):
    async def script(rig):
        def digit_of(word):
            return Key(rig.app.screen().view.candidates.index(word) + 1)

        await booted(rig)
        await rig.hand.tap(*keys_of("ta"), Key.HASH)
        first = rig.app.screen().view.words
        await rig.hand.tap(digit_of("她"))
        await rig.hand.tap(Key.D)
        await rig.hand.tap(*keys_of("ta"), Key.HASH)
        assert rig.app.screen().view.words == ("她",)
        await rig.hand.hold(digit_of("她"))
        assert "她" in rig.conductor.toasts.shown.text
        await rig.until(lambda: rig.shows(rig.app.screen()))
        return first == rig.app.screen().view.words

    assert run_box(script, tmp_path / "out")


def test_a_wrong_syllable_in_the_middle_is_typed_anew(tmp_path):
    async def script(rig):
        await booted(rig)
        await rig.hand.tap(*keys_of("mingtianjiewoqichuang"))
        await rig.hand.tap(Key.B)
        view = rig.app.screen().view
        assert view.pinyin[slice(*view.syllable)] == "jie"
        await rig.hand.tap(9)
        await rig.hand.tap(*keys_of("jiao"), Key.D)
        await rig.until(lambda: rig.shows(rig.app.screen()))
        return rig.app.screen().view.text

    assert run_box(script, tmp_path / "out") == "明天叫我起床"


def test_a_question_without_a_model_stays_in_the_box_and_the_glass_says_what_to_install(tmp_path):
    async def script(rig):
        await booted(rig)
        await rig.until(lambda: rig.app.team.status("llm") is Status.REFUSED)
        rig.conductor.submit("月亮有多远？")
        view = rig.app.screen().view
        assert isinstance(view, MessageView)
        assert "lory models fetch" in view.text
        await rig.hand.tap(Key.A)
        assert rig.app.state is State.TEXT
        return rig.app.editor.text

    assert run_box(script, tmp_path / "out") == "月亮有多远？"


def test_talking_without_ears_is_told_and_changes_nothing(tmp_path):
    async def script(rig):
        await booted(rig)
        await rig.until(lambda: rig.app.team.status("asr") is Status.REFUSED)
        await rig.hand.hold(Key.D)
        assert rig.conductor.toasts.shown is not None
        return rig.app.state

    assert run_box(script, tmp_path / "out") is State.HOME


def test_no_icon_tells_of_an_open_microphone_where_there_is_none(tmp_path):
    async def script(rig):
        await booted(rig)
        await rig.until(lambda: rig.app.team.ready("audio") and rig.conductor.ear.microphone_open)
        return rig.app.screen().gutter.mic

    assert run_box(script, tmp_path / "out") is Mic.OFF


def test_a_key_is_drawn_at_once_though_the_frame_rate_is_used_up(tmp_path):
    async def script(rig):
        await booted(rig)
        oled = rig.box.front.oled
        rig.app.changed()
        home = oled.wanted_frame
        rig.app.on_key(KeyEvent(Key.D6, Edge.PRESS, time.monotonic()))
        for _ in range(3):  # turns of the loop, where a frame a second would take a second
            await asyncio.sleep(0)
        return home != oled.wanted_frame

    assert run_box(script, tmp_path / "out", {"display.frame_rate": 1})


def test_the_menu_leads_everywhere_and_back(tmp_path):
    async def script(rig):
        await booted(rig)
        await rig.hand.hold(Key.C)
        menu = rig.app.screen().view
        assert isinstance(menu, MenuView)
        for digit in range(1, min(9, len(menu.items)) + 1):
            await rig.hand.hold(Key.C)
            await rig.hand.tap(Key(digit))
            await rig.until(lambda: rig.shows(rig.app.screen()))
            await rig.hand.tap(Key.HASH, Key.STAR)
            while rig.app.state is State.MENU:
                await rig.hand.tap(Key.A, gap=0.45)
        return rig.app.state

    assert run_box(script, tmp_path / "out") in (State.HOME, State.TEXT)


def test_a_setting_changed_on_the_device_is_still_changed_after_a_restart(tmp_path):
    async def change(rig):
        await booted(rig)
        await rig.hand.tap(Key.C)
        await rig.hand.tap(Key.D7)
        return rig.app.settings.number("audio.volume")

    async def look(rig):
        return rig.app.settings.number("audio.volume")

    assert run_box(change, tmp_path / "out") == pytest.approx(0.7)
    assert run_box(look, tmp_path / "out") == pytest.approx(0.7)


def test_honest_answers_need_no_model_and_are_kept(tmp_path):
    async def ask(rig):
        await booted(rig)
        rig.conductor.submit("给妈妈打电话")
        await rig.until(lambda: rig.conductor.turn.state is Turn.NONE)
        return rig.conductor.answer.text

    async def browse(rig):
        await booted(rig)
        await rig.hand.tap(Key.C)
        await rig.hand.tap(Key.D6)
        view = rig.app.screen().view
        assert isinstance(view, MenuView)
        await rig.until(lambda: rig.app.screen().view.items)
        return rig.app.screen().view.items[0].label

    assert "不能打电话" in run_box(ask, tmp_path / "out")
    assert run_box(browse, tmp_path / "out") == "给妈妈打电话"


def test_a_dark_screen_wakes_on_a_key_and_does_nothing_else(tmp_path):
    async def script(rig):
        await booted(rig)
        await rig.hand.hold(Key.A)
        assert rig.app.state is State.OFF
        await rig.until(lambda: rig.glass == bytes(1024))
        await rig.hand.tap(Key.D5)
        return rig.app.state, rig.app.editor.text

    assert run_box(script, tmp_path / "out") == (State.HOME, "")


def test_every_intent_of_the_key_map_has_a_reaction(tmp_path):
    wanted = {action.intent for table in KEYMAP.values() for action in table.values()}
    wanted |= {action.intent for action in SECOND.values()}
    wanted |= {lookup(State.TEXT, 10, Gesture.SECOND).intent, Intent.AGAIN, Intent.MAIN_MENU}

    async def script(rig):
        return wanted - rig.app.reactions.intents

    assert run_box(script, tmp_path / "out") == set()


def test_words_that_a_locked_file_refuses_are_marked_and_saved_once_it_is_free(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("appliance.memory.user_words.BUSY_SECONDS", 0.01)

    async def script(rig):
        async def learn():
            await rig.hand.tap(*keys_of("ta"))
            await rig.hand.tap(Key.D, gap=0.35)  # a double D never sends by accident

        def troubles():
            return rig.app.presenter.storage_troubles

        await booted(rig)
        other = sqlite3.connect(state_dir() / "ime.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        await learn()
        await rig.until(troubles)
        assert Condition.STORAGE in rig.app.screen().gutter.conditions
        other.execute("ROLLBACK")
        other.close()
        await learn()
        await rig.until(lambda: not troubles())
        return rig.conductor.toasts.shown.text

    assert run_box(script, tmp_path / "out") == TEXTS["fault.user-words-saved"][0]


def test_a_sentence_repaired_right_before_the_box_ends_comes_first_the_next_time(tmp_path):
    keys = "9433364664986466494436426"  # zhefen gongzuo gongzi hen gao, or hao

    async def repair(rig):
        await booted(rig)
        editor = rig.app.editor
        for key in keys:
            editor.act(Action(Intent.TYPE, int(key)))
        first = editor.sentence()
        editor.act(Action(Intent.NEXT_SENTENCE))
        return first, editor.accept()

    async def type_again(rig):
        await booted(rig)
        editor = rig.app.editor
        for key in keys:
            editor.act(Action(Intent.TYPE, int(key)))
        return editor.sentence()

    first, chosen = run_box(repair, tmp_path / "out")
    assert chosen != first
    assert run_box(type_again, tmp_path / "out") == chosen


def test_a_broken_database_is_put_aside_and_the_user_told(tmp_path):
    state = tmp_path / "state" / "lory"
    state.mkdir(parents=True)
    (state / "lory.db").write_bytes(b"this is no database" * 1000)

    async def script(rig):
        await booted(rig)
        return bool(rig.app.presenter.storage_troubles)

    assert run_box(script, tmp_path / "out")
    assert list(state.glob("lory.db.damaged-*"))


def test_a_half_written_configuration_is_told_and_the_box_starts_with_defaults(tmp_path):
    config = tmp_path / "config" / "lory"
    config.mkdir(parents=True)
    (config / "lory.toml").write_text("[ui]\nlanguage = 'e", encoding="utf-8")

    async def script(rig):
        await booted(rig)
        view = rig.app.screen().view
        assert isinstance(view, MessageView)
        assert "lory.toml" in view.text
        await rig.hand.tap(Key.A)
        return rig.app.state

    assert run_box(script, tmp_path / "out") is State.HOME


BOX = """
import asyncio, sys
from appliance.box import serve
from appliance.commands.virtual_box import VirtualBox
from appliance.world import World

async def tell(app):
    while sys.argv[1] == "booted" and app.presenter.booting:
        await asyncio.sleep(0.01)
    print("there", flush=True)
    await asyncio.Event().wait()

with World.open(None) as world:
    print(world.runtime, flush=True)
    asyncio.run(serve(world, VirtualBox().make_front, tell))
"""


@pytest.mark.parametrize("moment", ["begun", "booted"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_box_in_good_order_and_leaves_nothing(moment, number):
    with Child(BOX, moment) as child:
        runtime = Path(child.line())
        assert child.line() == "there"
        child.process.send_signal(number)
        assert child.process.wait(PATIENCE) == 0
        assert not runtime.exists()
        until_nothing_runs(child.process.pid)
