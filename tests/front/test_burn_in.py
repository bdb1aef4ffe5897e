"""The whole loop left alone, on a clock that jumps: what the glass gets, and what wakes it."""

import asyncio
import selectors
from types import SimpleNamespace

import pytest

from appliance import messages as m
from appliance.alarms.alarm import Moment, Steady
from appliance.app import Appliance
from appliance.dialogue.tables import Input
from appliance.front.alarm_desk import AlarmDesk
from appliance.front.idle import SHIFT_SECONDS
from appliance.health.power import Wish
from drivers.keys import Edge, Key, KeyEvent
from tests.dialogue.rig import Box
from ui.keymap import State
from ui.render import Screen, render
from ui.screens.boot import BootView
from ui.screens.life import LifeView
from ui.screens.off import OffView
from ui.strings import Language


class JumpingSelector(selectors.DefaultSelector):
    """Waits by moving the clock on."""

    def __init__(self, box):
        super().__init__()
        self._box = box

    def select(self, timeout=None):
        ready = super().select(0)
        if not ready and timeout:
            self._box.now += timeout
        return ready


class Glass:
    def __init__(self):
        self.frames = []
        self.lights = []

    def show(self, frame, *, urgent=False):
        self.frames.append(frame)

    def light(self, contrast):
        self.lights.append(contrast)

    def turn(self, *, invert, rotate):
        """Always upright here."""


class Vitals(SimpleNamespace):
    async def watch(self):
        """Nothing ever gets hot."""


class Empty:
    """A store that nothing is kept in."""

    def fetch(self, job, then, lost=lambda: None):
        pass

    def submit(self, job):
        pass


class Unset:
    """The time was never set, and nobody asks for it."""

    trusted = True
    on_set = None

    @staticmethod
    def wall():
        return None

    @staticmethod
    def moment():
        return Moment(None, Steady("boot", 0.0))


def leave_alone(engine, script, page=lambda app, intent: None, **settings):
    """Run a box while `script(app, glass, box)` waits and presses; its result."""
    box = Box(engine, settings)
    box.team.start = lambda *names: None
    box.team.stop = lambda: asyncio.sleep(0)
    glass = Glass()
    app = Appliance(
        glass=glass,
        conductor=box.conductor,
        editor=box.editor,
        pages=page,
        vitals=Vitals(frugal=False, celsius=None, low_percent=None),
        alerts=box.alerts,
        desk=AlarmDesk(Empty(), box.timers, box.alerts, Unset(), lambda: Language.ZH),
    )

    async def run():
        running = asyncio.ensure_future(app.run())
        await asyncio.sleep(1)
        result = await script(app, glass, box)
        if not app.finished.is_set():
            app.finish()
        await running
        return result

    loop = asyncio.SelectorEventLoop(JumpingSelector(box))
    loop.time = lambda: box.now
    try:
        return loop.run_until_complete(run())
    finally:
        loop.close()


def tap(app, box, key):
    app.on_key(KeyEvent(key, Edge.PRESS, box.now))
    app.on_key(KeyEvent(key, Edge.RELEASE, box.now))


def test_left_alone_it_dims_then_lives_then_goes_dark(engine):
    async def script(app, glass, box):
        bright = glass.lights[-1]
        await asyncio.sleep(60)
        dim = glass.lights[-1]
        await asyncio.sleep(121)
        living = app.screen().view
        await asyncio.sleep(420)
        return bright, dim, living, glass.lights[-1], app.screen().view

    bright, dim, living, last, dark = leave_alone(engine, script)
    assert dim < bright
    assert isinstance(living, LifeView)
    assert last is None
    assert isinstance(dark, OffView)


def test_while_bright_the_picture_wanders_by_a_pixel_a_minute(engine):
    async def script(app, glass, box):
        first = glass.frames[-1]
        await asyncio.sleep(SHIFT_SECONDS)
        return first, glass.frames[-1], app.screen()

    first, moved, screen = leave_alone(engine, script, **{"ui.dim_after": 0, "ui.life_after": 0})
    assert isinstance(screen, Screen)
    still = render(screen, Box(engine).conductor.language)
    assert first == still.to_bytes()
    assert moved == still.shifted(1, 0).to_bytes()


def test_a_dark_glass_is_sent_nothing(engine):
    async def script(app, glass, box):
        await asyncio.sleep(601)
        before = len(glass.frames)
        await asyncio.sleep(3600)
        return before, len(glass.frames)

    before, after = leave_alone(engine, script)
    assert before == after


@pytest.mark.parametrize("asleep_after", [181, 601], ids=["living", "dark"])
@pytest.mark.parametrize("key", list(Key), ids=lambda key: key.name)
def test_a_key_wakes_and_does_nothing_else(engine, key, asleep_after):
    async def script(app, glass, box):
        await asyncio.sleep(asleep_after)
        assert app.state is State.OFF
        tap(app, box, key)
        return app.state, bool(app.pages), box.editor.text, glass.lights[-1]

    state, pages, text, light = leave_alone(engine, script)
    assert (state, pages, text) == (State.HOME, False, "")
    assert light == 160


@pytest.mark.parametrize("asleep_after", [181, 601], ids=["living", "dark"])
def test_talking_works_at_once(engine, asleep_after):
    async def script(app, glass, box):
        await asyncio.sleep(asleep_after)
        app.on_key(KeyEvent(Key.D, Edge.PRESS, box.now))
        await asyncio.sleep(0.4)
        app.on_key(KeyEvent(Key.D, Edge.LONG, box.now))
        return box.conductor.input.state, box.team.told("audio", m.Listen)

    state, told = leave_alone(engine, script)
    assert state is Input.LISTENING
    assert len(told) == 1


def test_what_goes_on_keeps_it_awake(engine):
    async def script(app, glass, box):
        box.ask()
        await asyncio.sleep(1200)
        return app.state

    assert leave_alone(engine, script) is State.BUSY


@pytest.mark.parametrize(
    ("wish", "words"), [(Wish.OFF, "正在关机"), (Wish.RESTART, "正在重启"), (Wish.NONE, None)]
)
def test_the_last_picture_says_what_becomes_of_the_board(engine, wish, words):
    frames = []

    async def script(app, glass, box):
        before = len(glass.frames)
        app.finish(wish)
        await asyncio.sleep(0.1)
        frames.extend(glass.frames[before:])

    leave_alone(engine, script)
    goodbye = [] if words is None else [render(Screen(BootView(words)), Language.ZH).to_bytes()]
    assert frames == goodbye
