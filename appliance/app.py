"""The main loop: keys in, intents performed, workers heard, the glass redrawn when it changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from appliance.alarms.keeper import Keeper
from appliance.alerts import Alert, Alerts, Chimes, Rings
from appliance.configuration.settings import SCHEMA, Applies
from appliance.dialogue.conductor import Conductor
from appliance.dialogue.sentry import Sentry
from appliance.dialogue.situation import Situation
from appliance.dialogue.tables import Input
from appliance.front.alarm_desk import AlarmDesk
from appliance.front.answer_glass import AnswerGlass
from appliance.front.clocks import Clocks
from appliance.front.idle import Idle, Light
from appliance.front.lock import Lock
from appliance.front.presenter import Presenter, Provisioning
from appliance.front.reactions import Reactions
from appliance.front.state import key_state
from appliance.front.watched_glass import Glass
from appliance.health.power import Wish
from appliance.health.vitals import Vitals
from appliance.memory.user_words import SAVED, UNSAVED
from appliance.pages.page import Page, Pages, Push
from appliance.pages.shell import Shell
from appliance.pages.text import TextPage
from drivers.keys import Edge, Key, KeyEvent
from ui.gestures import Gestures
from ui.input.editing.editor import Editor
from ui.keymap import Intent, State
from ui.render import Screen, render
from ui.screens.boot import BootView
from ui.screens.message import Sign

log = logging.getLogger("lory.app")

BOOT_SECONDS = 0.8
FAREWELL_SECONDS = 5.0
# Where D, short or long, takes or sends what stands there: its way up is time to read ahead.
_ABOUT_TO_SEND = (State.TEXT, State.PINYIN, State.CHOOSE)
_LIGHT = ("ui.contrast", "ui.dim_after", "ui.life_after", "ui.off_after")

PageMaker = Callable[[Shell, Intent], Page]


class Appliance:
    """Owns the loop's state and nothing that blocks. Runs on one asyncio loop.

    `desk` has the time of day and what is set for it.
    """

    def __init__(
        self,
        *,
        glass: Glass,
        conductor: Conductor,
        editor: Editor,
        pages: PageMaker,
        vitals: Vitals,
        alerts: Alerts,
        desk: AlarmDesk,
    ) -> None:
        ground = conductor.ground
        self.team = ground.team
        self.conductor = conductor
        self.editor = editor
        self.settings = settings = ground.settings
        self.pages = Pages()
        self.provisioning = Provisioning()
        self.gestures = Gestures()
        self.vitals = vitals
        self.alerts = alerts
        self.desk = desk
        self.lock = Lock(settings, ground.timers, lambda: conductor.teller.tell("toast.locked"))
        desk.keeper.guard = self.lock.allows
        desk.changed = self.changed
        desk.ask_for_time = self._ask_for_time
        self.timers = timers = ground.timers
        self.idle = Idle(settings, timers.clock, conductor, alerts)
        reading = AnswerGlass()
        self.presenter = Presenter(
            conductor=conductor,
            editor=editor,
            reading=reading,
            gestures=self.gestures,
            pages=self.pages,
            provisioning=self.provisioning,
            alerts=alerts,
            vitals=vitals,
            idle=self.idle,
            clock=timers.clock,
            desk=desk,
        )
        self.finished = asyncio.Event()
        self.wish = Wish.NONE
        self._glass = glass
        self._make_page = pages
        self._clock = timers.clock
        self.reactions = Reactions(conductor, editor, reading, self.pages, self)
        self.sentry = Sentry(ground, conductor.ear, self)
        ground.teller.audience = self
        vitals.body = self
        self._frame = b""
        self._light = Light.BRIGHT
        self._next_draw = 0.0
        self._draw_handle: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None
        for timed in (self.gestures, self.presenter, self.idle):
            timers.follow(timed)
        self._down_on_page: tuple[Key, Page] | None = None
        self._alert: Alert | None = None  # what the glass was told of
        alerts.changed = self._follow_alerts
        settings.watch(("audio.preroll", "talk.wake"), self._open_ears)
        settings.watch(("ui.invert", "ui.rotate"), self._turn)
        settings.watch(_LIGHT, self._shine_anew)
        settings.watch(SCHEMA, self.changed)

    # ------------------------------------------------------------ life

    async def run(self) -> None:
        """Serve until `finish`. The workers are stopped and the glass is dark afterwards."""
        loop = asyncio.get_running_loop()
        self._turn()
        self._glass.light(self.settings.integer("ui.contrast"))
        self.changed()
        self._draw()
        self.timers.earlier = self._arm
        self.timers.after(BOOT_SECONDS, self._end_boot)
        self.team.start()
        self.desk.start()
        self._open_ears()
        beside = [
            loop.create_task(self.vitals.watch(), name="vitals"),
            loop.create_task(self.conductor.reflexes.load(), name="skills"),
        ]
        try:
            await self.finished.wait()
        finally:
            for task in beside:
                task.cancel()
            self.timers.earlier = lambda: None
            for handle in (self._timer, self._draw_handle):
                if handle is not None:
                    handle.cancel()
            self._say_goodbye()
            await self.team.stop()

    def _say_goodbye(self) -> None:
        """What the glass shows while the workers end, where the user wished it."""
        if self.wish is not Wish.NONE:
            view = BootView(self.conductor.teller.say(f"goodbye.{self.wish.value}"))
            frame = render(Screen(view), self.conductor.language)
            self._glass.show(frame.to_bytes(), urgent=True)

    def finish(self, wish: Wish = Wish.NONE) -> None:
        """End `run` soon; `wish` is what should become of the board then."""
        self.wish = wish
        self.finished.set()

    def _end_boot(self) -> None:
        self.presenter.booting = False
        self.changed()

    # ------------------------------------------------------------ keys

    @property
    def state(self) -> State:
        """The row of the key map that is in force."""
        return State.ALERT if self.alerts.busy else self._beneath(self.conductor.view())

    def _beneath(self, now: Situation) -> State:
        """The row that is in force without an alert."""
        return key_state(now, self.editor.state, self.pages, self.idle)

    @property
    def looks(self) -> bool:
        """Whether the user looks at the dialogue: it is on the glass, and that is lit."""
        return not self.pages and not self.idle.asleep

    @property
    def attentive(self) -> bool:
        """Whether nothing else listens or sounds, and the wake word may be waited for."""
        return self.conductor.attentive and not self.alerts.busy

    def called(self, question: str) -> None:
        """The wake word was said, and perhaps a question in the same breath."""
        self.reactions.called(question)

    def on_key(self, event: KeyEvent) -> None:
        """One edge of one key, on the loop."""
        now = self._clock()
        before = self.state
        self._end_boot()
        if event.edge is Edge.PRESS and before is not State.ALERT:
            self.conductor.toasts.pressed(now)
        if self.desk.undo.takes(event.key, event.edge, before, self.pages.top):
            self.changed(urgent=True)
            return
        if self._page_takes(event, before):
            return
        if event.key is Key.D and event.edge is Edge.PRESS and before in _ABOUT_TO_SEND:
            self.conductor.foresight.predictor.settled(self.editor.sentence())
        action = self.gestures.feed(event.key, event.edge, before, now)
        if before is not State.OFF:
            self.idle.active(now)
        if action is not None and not (before is State.ALERT and self.alerts.deaf):
            self.reactions.perform(action, before)
            self.gestures.performed(event.key, action, before, self.state, now)
        self._shine()
        if event.edge is Edge.RELEASE:
            self._open_ears()  # what the talk key's press opened, a short press closes
        self.changed(urgent=True)

    def _page_takes(self, event: KeyEvent, state: State) -> bool:
        """Whether a page that wants every edge of every key is shown; it has got this one.

        What went down elsewhere, to wake the glass or to stop an alert, is not let go here.
        """
        page, down = self.pages.top, self._down_on_page
        if event.edge in (Edge.PRESS, Edge.RELEASE):
            self._down_on_page = None
        if page is None or not page.takes_keys or state is not State.MENU:
            return False
        if event.edge is Edge.PRESS:
            self._down_on_page = event.key, page
        elif down != (event.key, page):
            return False
        self.idle.active(self._clock())
        self.pages.follow(page.key(event.key, event.edge))
        self._shine()
        self.changed()
        return True

    # ------------------------------------------------------------ shell (what reactions need)

    def settle(self, key: str) -> None:
        """The user is done changing a setting: start anew what reads it only at its start."""
        match SCHEMA[key].applies:
            case Applies.LLM:
                self.team.members["llm"].restart()
            case Applies.AUDIO:
                self.team.members["audio"].restart()
            case Applies.RESTART:
                self.conductor.teller.tell("setting.restarts")

    def open(self, intent: Intent) -> None:
        self.pages.open(self._make_page(self, intent))
        self.changed()

    def push(self, page: Page) -> None:
        self.pages.follow(Push(page))
        self.wake()
        self.changed()

    def say_over(self, text: str) -> None:
        self.conductor.teller.toast(text)

    def offer_undo(self, undo: Callable[[], object]) -> None:
        self.desk.undo.offer(undo)

    @property
    def alarms(self) -> Keeper:
        return self.desk.keeper

    @property
    def time(self) -> Clocks:
        return self.desk.clocks

    def _ask_for_time(self) -> None:
        """Nobody vouches for the time: ask, where nothing else is on the glass."""
        if self.looks and not self.alerts.busy and not self.conductor.busy:
            self.open(Intent.SET_TIME)

    def screen_off(self) -> None:
        self.idle.off()
        self._shine()

    def wake(self) -> None:
        self.idle.active(self._clock())
        self._shine()

    def go_home(self) -> None:
        self.pages.close()
        self.conductor.go_home()

    def show_fault(self, code: str) -> None:
        """A page that says what is wrong and what to do."""
        say = self.conductor.teller.say
        self.show_text(say("fault.title"), self.conductor.teller.fault_text(code))

    @property
    def busy(self) -> bool:
        """Whether an engine computes."""
        return self.conductor.busy

    def limit_threads(self, threads: int) -> None:
        """The LLM may use so many at most."""
        self.team.limit(threads)

    def vitals_changed(self) -> None:
        """It got hot or cool, or the battery low or charged."""
        frugal = self.vitals.frugal
        self.conductor.foresight.predictor.eager = not frugal
        self.idle.frugal = frugal
        self._open_ears()
        self.changed()

    def battery_empty(self) -> None:
        """Say so, and end while everything can still be saved."""
        say = self.conductor.teller.say
        self.alerts.raise_(
            Alert(
                title=say("shutdown.title"),
                text=say("battery.empty"),
                sound=Chimes("empty"),
                snoozes=False,
                ended=lambda _end: None,
            )
        )
        self.timers.after(FAREWELL_SECONDS, lambda: self.finish(Wish.OFF))

    def explain(self, title: str, text: str) -> None:
        """A page of two texts of the interface, by their keys."""
        say = self.conductor.teller.say
        self.show_text(say(title), say(text))

    def show_text(self, title: str, text: str) -> None:
        """A page about something that went wrong."""
        self.pages.open(TextPage(title, lambda: text, Sign.FAULT))
        self.changed()

    def trouble(self, key: str) -> None:
        """Something of a store went wrong, or is well again: told, and marked in the gutter."""
        if key == f"fault.{SAVED}":
            self.presenter.storage_troubles.discard(f"fault.{UNSAVED}")
        else:
            self.presenter.storage_troubles.add(key)
        self.conductor.teller.tell(key)

    def _follow_alerts(self) -> None:
        """Another alert is at work, or is heard now, or none is left."""
        alert = self.alerts.front
        if alert is not self._alert:
            self._alert = alert
            if alert is not None:
                self.gestures.interrupt(self._beneath(self.conductor.view()))
            self.idle.active(self._clock())
        if alert is not None and isinstance(alert.sound, Rings):
            self.conductor.make_way()
            if self.alerts.ringing and self.conductor.input.state is Input.LISTENING:
                self.conductor.talk_end()  # what was said until now is reviewed
        self._shine()
        self.changed(urgent=True)

    # ------------------------------------------------------------ drawing and time

    def changed(self, *, urgent: bool = False) -> None:
        """Something visible may have changed: draw soon, at most `display.frame_rate` a second.

        `urgent`, what a key did, is drawn at once: while an answer streams the rate is used up.
        """
        self.sentry.update()
        self.alerts.update(talking=self.conductor.input.state is Input.LISTENING)
        if self.pages or self.alerts.busy:
            self.conductor.ear.wait_for_key()  # nothing is sent beneath a page
        if self._draw_handle is not None:
            if not urgent:
                return
            self._draw_handle.cancel()
        delay = 0.0 if urgent else max(0.0, self._next_draw - self._clock())
        loop = asyncio.get_running_loop()
        self._draw_handle = loop.call_later(delay, self._draw, urgent)

    def screen(self) -> Screen:
        """What should be on the glass now."""
        if self.idle.light is Light.QUIET:
            return self.presenter.quiet_screen()
        now = self.conductor.view()
        state = State.ALERT if self.alerts.busy else self._beneath(now)
        return self.presenter.screen(state, now)

    def _draw(self, urgent: bool = False) -> None:
        self._draw_handle = None
        self._next_draw = self._clock() + 1.0 / self.settings.integer("display.frame_rate")
        drawn = render(self.screen(), self.conductor.language)
        if not self.conductor.busy:
            drawn = drawn.shifted(*self.idle.shift(self._clock()))
        frame = drawn.to_bytes()
        if frame != self._frame:
            self._frame = frame
            self._glass.show(frame, urgent=urgent)
        self._arm()

    def _arm(self) -> None:
        """One timer, for the earliest of everything that is timed."""
        if self._timer is not None:
            self._timer.cancel()
        earliest = self.timers.next
        if earliest is not None:
            delay = max(0.02, earliest - self._clock())
            self._timer = asyncio.get_running_loop().call_later(delay, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.timers.tick(self._clock())
        self._shine()
        self.changed()

    def _shine_anew(self) -> None:
        """The light is wanted otherwise than before."""
        self._shine(force=True)

    def _shine(self, force: bool = False) -> None:
        """Follow the light the idle policy wants."""
        light = self.idle.light
        if light is self._light and not force:
            return
        self._light = light
        contrast = self.settings.integer("ui.contrast")
        dim = max(1, contrast // 8)
        levels = {Light.BRIGHT: contrast, Light.DIM: dim, Light.QUIET: dim, Light.OFF: None}
        self._glass.light(levels[light])
        if light is not Light.QUIET:
            self.presenter.quiet.rest()
        self._open_ears()

    def _turn(self) -> None:
        """Show the picture the way round the user wants it."""
        flag = self.settings.flag
        self._glass.turn(invert=flag("ui.invert"), rotate=flag("ui.rotate"))

    def _open_ears(self) -> None:
        """The pre-roll ring fills while the screen is awake, where the user lets it.

        The wake word needs the microphone all the time.
        """
        flag = self.settings.flag
        preroll = flag("audio.preroll") and not self.vitals.frugal and not self.idle.asleep
        if preroll or flag("talk.wake"):
            self.conductor.ear.open_microphone()
        else:
            self.conductor.ear.close_microphone()
