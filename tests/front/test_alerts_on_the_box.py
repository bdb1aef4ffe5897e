"""An alert comes over everything, on the whole loop and a clock that jumps; and leaves no trace."""

import asyncio

import pytest

from appliance import messages as m
from appliance.alerts import DEAF_SECONDS, Alert, Rings, Snoozed, Stopped
from appliance.dialogue.tables import Input, Turn
from appliance.health.power import Wish
from appliance.pages.text import TextPage
from drivers.keys import Edge, Key, KeyEvent
from tests.front.test_burn_in import leave_alone, tap
from ui.keymap import State
from ui.screens.alert import AlertView
from ui.screens.home import HomeView


class Ring:
    """An alarm that was raised over a box, and how it ended."""

    def __init__(self, app, name="早起"):
        self.ends = []
        self.app = app
        app.alerts.raise_(
            Alert(title=name, big="07:30", sound=Rings("alarm"), ended=self.ends.append)
        )


def press(app, box, key, edge=Edge.PRESS):
    app.on_key(KeyEvent(key, edge, box.now))


async def past_deafness():
    await asyncio.sleep(DEAF_SECONDS)


@pytest.mark.parametrize(
    ("key", "end"),
    [
        (Key.A, Stopped()),
        (Key.D, Stopped()),
        (Key(5), Snoozed(5)),
        (Key(0), Snoozed(10)),
        (Key.B, Snoozed(10)),
        (Key.C, Snoozed(10)),
        (Key.STAR, Snoozed(10)),
        (Key.HASH, Snoozed(10)),
    ],
)
def test_two_keys_stop_it_and_all_others_put_it_off(engine, key, end):
    async def script(app, glass, box):
        ring = Ring(app)
        await past_deafness()
        assert app.state is State.ALERT
        press(app, box, key)
        assert ring.ends == [end], "on the press"
        press(app, box, key, Edge.LONG)
        press(app, box, key, Edge.RELEASE)
        return app.state, bool(app.pages), app.screen().mask

    assert leave_alone(engine, script) == (State.HOME, False, None)


def test_it_shows_itself_over_the_dark_screen_and_lights_it(engine):
    async def script(app, glass, box):
        app.screen_off()
        await asyncio.sleep(0.1)
        assert glass.lights[-1] is None
        Ring(app)
        await asyncio.sleep(0.1)
        await asyncio.sleep(800)  # nobody comes for long
        return glass.lights[-1], app.screen().view

    light, view = leave_alone(engine, script)
    assert light is not None
    assert view == AlertView("早起", "07:30")


def test_no_key_means_it_in_its_first_second_nor_does_its_release_mean_anything_then(engine):
    async def script(app, glass, box):
        ring = Ring(app)
        for key in (Key.A, Key.D, Key(5)):
            press(app, box, key)
            press(app, box, key, Edge.LONG)
            await asyncio.sleep(0.1)
        await past_deafness()
        press(app, box, Key(5), Edge.REPEAT)
        press(app, box, Key(5), Edge.RELEASE)
        return ring.ends, app.state

    assert leave_alone(engine, script) == ([], State.ALERT)


def test_a_key_that_was_down_before_means_nothing_any_more(engine):
    async def script(app, glass, box):
        box.conductor.open_box()
        box.editor.set_text("北京")
        press(app, box, Key.D)  # its release would send
        ring = Ring(app)
        await past_deafness()
        press(app, box, Key.D, Edge.RELEASE)
        assert (ring.ends, app.state) == ([], State.ALERT)
        tap(app, box, Key.A)
        return app.state, box.editor.text, box.team.told("llm", m.Ask)

    assert leave_alone(engine, script) == (State.TEXT, "北京", [])


def test_the_open_mask_is_closed_and_its_second_functions_are_not_meant(engine):
    async def script(app, glass, box):
        tap(app, box, Key.C)
        assert app.screen().mask is not None
        ring = Ring(app)
        await past_deafness()
        tap(app, box, Key(8))
        return ring.ends, app.settings.flag("audio.muted"), app.screen().mask

    assert leave_alone(engine, script) == ([Snoozed(8)], False, None)


def test_it_gives_back_the_page_the_text_and_the_choice_as_they_were(engine):
    async def script(app, glass, box):
        for digit in (6, 4, 4, 2, 6):
            tap(app, box, Key(digit))
        tap(app, box, Key.STAR)
        before = app.state, app.screen()
        assert before[0] is State.CHOOSE
        Ring(app)
        await past_deafness()
        assert isinstance(app.screen().view, AlertView)
        tap(app, box, Key(7))
        return before, (app.state, app.screen())

    before, after = leave_alone(engine, script)
    assert before[0] is after[0]
    assert before[1].view == after[1].view


def test_the_key_that_ended_it_does_nothing_to_what_it_gives_back(engine):
    async def script(app, glass, box):
        app.pages.open(TextPage("页", lambda: "字"))
        Ring(app)
        await past_deafness()
        tap(app, box, Key.A)
        tap(app, box, Key.A)  # whoever is half asleep presses it twice
        return app.state

    assert leave_alone(engine, script) is State.MENU


def test_an_answer_is_no_longer_said_and_goes_on_in_writing(engine):
    async def script(app, glass, box):
        turn = box.ask()
        box.hear("llm", m.Token(turn, "长城很长，", 1))
        Ring(app)
        assert m.Stop(turn) in box.team.told("audio", m.Stop)
        box.hear("llm", m.Token(turn, "有两万多公里。", 2))
        await past_deafness()
        tap(app, box, Key.D)
        return app.state, box.conductor.answer.text, box.conductor.turn.state

    expected = (State.BUSY, "长城很长，有两万多公里。", Turn.ANSWERING)
    assert leave_alone(engine, script) == expected


def test_over_a_talk_it_is_seen_at_once_and_heard_after_it_and_what_was_said_is_reviewed(engine):
    async def script(app, glass, box):
        press(app, box, Key.D)
        await asyncio.sleep(0.4)
        press(app, box, Key.D, Edge.LONG)
        assert app.state is State.LISTENING
        ring = Ring(app)
        assert app.state is State.ALERT
        assert box.team.told("audio", m.Ring) == []
        await past_deafness()
        press(app, box, Key.D, Edge.RELEASE)
        assert box.conductor.input.state is Input.RECOGNISING
        assert len(box.team.told("audio", m.Ring)) == 1
        turn = box.team.told("audio", m.Listen)[-1].turn
        box.hear("audio", m.SpeechEnded(turn, 1.2, True, "key"))
        box.hear("asr", m.Transcript(turn, "长城有多长", 1.2, 0.4))
        await asyncio.sleep(60)
        assert box.team.told("llm", m.Ask) == [], "nothing is sent beneath it"
        tap(app, box, Key.A)
        return ring.ends, app.state, box.conductor.ear.review.text

    assert leave_alone(engine, script) == ([Stopped()], State.REVIEW, "长城有多长")


def test_a_talk_without_an_end_is_ended_for_it(engine):
    async def script(app, glass, box):
        press(app, box, Key.D)
        await asyncio.sleep(0.4)
        press(app, box, Key.D, Edge.LONG)
        Ring(app)
        await asyncio.sleep(3)
        box.hear("audio", m.Level(-20.0, -10.0, True, 3.0))
        await asyncio.sleep(2.5)
        return box.conductor.input.state, len(box.team.told("audio", m.Ring))

    assert leave_alone(engine, script) == (Input.RECOGNISING, 1)


def test_of_two_at_once_the_key_that_stops_the_first_leaves_the_second(engine):
    async def script(app, glass, box):
        first, second = Ring(app, "一"), Ring(app, "二")
        assert app.screen().view == AlertView("一", "07:30", count=2)
        await past_deafness()
        press(app, box, Key.A)
        press(app, box, Key.A, Edge.RELEASE)
        tap(app, box, Key.A)
        return first.ends, second.ends, app.screen().view

    assert leave_alone(engine, script) == ([Stopped()], [], AlertView("二", "07:30"))


def test_an_audio_worker_that_comes_up_is_told_to_ring(engine):
    async def script(app, glass, box):
        Ring(app)
        await asyncio.sleep(3)
        box.hear("audio", m.Ready("energy", "", 0.1, {}))
        return len(box.team.told("audio", m.Ring))

    assert leave_alone(engine, script) == 2


def test_an_empty_battery_is_said_over_everything_with_one_chime_and_ends_the_box(engine):
    async def script(app, glass, box):
        app.pages.open(TextPage("页", lambda: "字"))
        app.battery_empty()
        view = app.screen().view
        await asyncio.sleep(1.5)
        tap(app, box, Key(5))
        still = app.state
        tap(app, box, Key.D)
        await asyncio.sleep(5)
        assert app.finished.is_set() and app.wish is Wish.OFF
        return view, still, app.state, box.team.told("audio", m.Chime)

    view, still, after, chimes = leave_alone(engine, script)
    assert view.title == "关机" and not view.snoozes
    assert (still, after) == (State.ALERT, State.MENU)
    assert chimes == [m.Chime("empty")]


def test_while_it_rings_nobody_waits_for_the_wake_word(engine):
    async def script(app, glass, box):
        app.settings.change("talk.wake", True)
        await asyncio.sleep(0.1)
        assert app.sentry.waiting
        ring = Ring(app)
        assert not app.sentry.waiting
        await past_deafness()
        tap(app, box, Key.A)
        assert ring.ends
        return app.sentry.waiting, app.screen().view

    waiting, view = leave_alone(engine, script)
    assert waiting
    assert isinstance(view, HomeView)
