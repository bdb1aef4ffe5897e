"""Puts a box together: world, store, workers, dialogue, pages, front. `lory run` starts here."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from appliance import messages as m
from appliance.alerts import Alerts
from appliance.app import Appliance
from appliance.configuration.checking import Complaint
from appliance.configuration.settings import Settings
from appliance.dialogue.archive import Archive
from appliance.dialogue.conductor import Conductor
from appliance.dialogue.ground import Ground, Knowledge
from appliance.dialogue.reports import Reports, Watch
from appliance.errors import CommandError
from appliance.front.alarm_desk import AlarmDesk
from appliance.front.clocks import Clocks
from appliance.front.engine_news import EngineNews
from appliance.front.glass_socket import open_to_viewers
from appliance.front.hardware import Front, HardwareError, OnKey, real_front
from appliance.front.menus import Menus
from appliance.front.sensors import read_sensors
from appliance.front.service_console import service_console
from appliance.front.skill_box import SkillBox
from appliance.front.watched_glass import Glass, WatchedGlass
from appliance.health import power
from appliance.health.power import Wish
from appliance.health.vitals import Vitals
from appliance.helper.client import Helper
from appliance.input_method import open_input_method
from appliance.memory.recollection import Recollection
from appliance.memory.user_words import SqliteUserWords
from appliance.proving.prover import Prover
from appliance.supervision.residency import Residency
from appliance.supervision.team import Listener, Name
from appliance.timers import Timers
from appliance.workers.deaths import Death
from appliance.workers.supervisor import Status
from appliance.world import World
from drivers.keys import KeyEvent
from ui.input.editing.editor import Editor
from ui.input.engine import Engine
from ui.strings import Language

log = logging.getLogger("lory.box")

MakeFront = Callable[[Settings, OnKey], Front]
Beside = Callable[[Appliance], Awaitable[None]]

# Seconds for which one of main's threads may keep the interpreter from another that wants it. The
# default of 5 ms would be felt: a key passes from the bus thread to the loop and back.
SWITCH_INTERVAL = 0.001


async def serve(world: World, make_front: MakeFront, beside: Beside | None = None) -> None:
    """Run a box until it is told to end; `beside` runs with it and ends it when it returns.

    Raises:
        CommandError: there is no front.
    """
    loop = asyncio.get_running_loop()
    sys.setswitchinterval(SWITCH_INTERVAL)
    archive = Archive(world.state)
    keys = _KeysOfABus(loop)
    wish = Wish.NONE
    try:
        front = make_front(world.settings, keys)
        try:
            glass = WatchedGlass(front)
            app = assemble(world, front, glass, archive)
            archive.on_trouble = app.trouble
            keys.take = app.on_key
            front.on_failure = lambda: _hand_over(loop, app.finish)
            if front.clock_chip is not None:
                front.clock_chip.on_read = lambda: _hand_over(loop, app.time.chip_answered)
            with _ended_by_signals(loop, app.finish):
                front.start()
                _tell_complaints(app, world.complaints)
                if front.moved_to:
                    app.conductor.teller.tell("toast.bus-moved", bus=front.moved_to)
                if not app.editor.types_chinese:
                    app.show_fault("no-pinyin")
                async with (
                    open_to_viewers(glass),
                    service_console(world.settings, app, glass, front.present),
                ):
                    await _run_with(app, beside)
            wish = app.wish
            if wish is Wish.OFF:
                await asyncio.to_thread(app.desk.arm_board)
        finally:
            await asyncio.to_thread(front.close)
        if front.failure is not None:
            raise CommandError(f"the driver of a bus failed: {front.failure!r}")
    except HardwareError as error:
        raise CommandError(str(error)) from error
    finally:
        await asyncio.to_thread(archive.close)
    power.leave(wish)


def _tell_complaints(app: Appliance, complaints: list[Complaint]) -> None:
    """A page about what is wrong in the configuration; the box runs without it."""
    if not complaints:
        return
    say = app.conductor.teller.say
    keys = ", ".join(f"{it.key} ({it.place})" for it in complaints if it.key)
    places = ", ".join(it.place for it in complaints if not it.key and it.place)
    unreadable = any(not it.key and not it.place for it in complaints)
    texts = [
        *([say("fault.config-unreadable")] if unreadable else []),
        *([say("config.files", places=places)] if places else []),
        *([say("fault.config", keys=keys)] if keys else []),
    ]
    app.show_text(say("config.title"), "\n".join(texts))


class _KeysOfABus:
    """Keys are told on a bus's thread; the loop is where everything else happens."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.take: OnKey = lambda _event: None
        self._loop = loop

    def __call__(self, event: KeyEvent) -> None:
        _hand_over(self._loop, lambda: self.take(event))


def _hand_over(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # a key pressed while the box ends
        loop.call_soon_threadsafe(call)


async def _run_with(app: Appliance, beside: Beside | None) -> None:
    if beside is None:
        await app.run()
        return
    companion = asyncio.ensure_future(beside(app))
    companion.add_done_callback(lambda _: app.finish())
    try:
        await app.run()
    finally:
        if not companion.done():
            companion.cancel()
        await asyncio.wait([companion])
    if not companion.cancelled():
        companion.result()


def _learn_the_rest(engine: Engine, words: SqliteUserWords) -> None:
    """The box is switched off: what was typed last is learnt and written, too."""
    engine.settle()
    words.save_rest()


def assemble(world: World, front: Front, glass: Glass, archive: Archive) -> Appliance:
    """All parts of a box, connected and not yet running. Call it on the loop."""
    settings = world.settings
    stored = {**settings.adopt(archive.settings()), **archive.unread_settings}
    for key, why in stored.items():
        log.warning("a setting changed on the device no longer fits: %s: %s", key, why)
    world.complaints += [Complaint(key, why, "lory.db") for key, why in stored.items()]
    words = SqliteUserWords(world.state / "ime.db", archive.run, archive.words_trouble)
    language = Language(settings.text("ui.language"))
    engine = open_input_method(words)
    archive.before_close = lambda: _learn_the_rest(engine, words)
    editor = Editor(engine, time.monotonic, language, settings.flag("ui.hints"))
    settings.keeper = archive
    timers = Timers(time.monotonic)
    team = Residency(world.options, world.compute(), world.one_at_a_time)
    team.arrivals = world.arrivals
    clocks = Clocks(world.state, front.modelled, front.clock_chip, Helper())
    alerts = Alerts(team, settings, timers, clocks.wall)
    desk = AlarmDesk(
        archive, timers, alerts, clocks, lambda: Language(settings.text("ui.language"))
    )
    recollection = Recollection(archive, lambda: settings.text("ui.language"))
    conductor = Conductor(
        Ground.of(team, settings, timers),
        Knowledge(world.cast, archive, recollection, clocks.wall),
        editor,
        alerts,
        engine.split,
    )
    vitals = Vitals(settings, team.compute.cores, lambda: read_sensors(settings, front))
    menus = Menus(world.roster, archive, front)
    app = Appliance(
        glass=glass,
        conductor=conductor,
        editor=editor,
        pages=menus.page,
        vitals=vitals,
        alerts=alerts,
        desk=desk,
    )
    news = EngineNews(world.narrowing, world.leaner, conductor.teller.tell, app.explain)
    prover = Prover(
        world.options,
        world.engine_key,
        world.proven,
        news.unproven,
        lambda name: team.members[name].restart(),
        world.fits_twice,
    )
    team.way_of = news.way
    team.listener = conductor.reports.watch = _Workers(conductor.reports, news, prover)
    conductor.reflexes.start(SkillBox(app, archive))
    return app


@dataclass(frozen=True, slots=True)
class _Workers(Listener, Watch):
    """Hands on what workers say and do: to the dialogue, and to who watches over the engines."""

    reports: Reports
    news: EngineNews
    prover: Prover

    def on_message(self, name: Name, message: m.Message) -> None:
        self.reports.on_message(name, message)

    def on_status(self, name: Name, status: Status) -> None:
        self.reports.on_status(name, status)

    def on_swap(self, name: Name) -> None:
        self.reports.on_swap(name)

    def came_up(self, name: Name) -> None:
        self.prover.came_up(name)

    def worked(self, name: Name) -> None:
        self.news.worked(name)

    def leaner(self, name: Name, death: Death) -> bool:
        return self.news.leaner(name, death)


@contextlib.contextmanager
def _ended_by_signals(loop: asyncio.AbstractEventLoop, end: Callable[[], None]) -> Iterator[None]:
    """SIGTERM and Ctrl-C end the box in good order, whatever it is doing."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    for number in numbers:
        loop.add_signal_handler(number, end)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def run_box(config: Path | None) -> int:
    """`lory run`."""
    with World.open(config) as world:
        asyncio.run(serve(world, real_front))
    return 0
