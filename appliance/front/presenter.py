"""From what the box knows to what the glass shows: one `Screen` value, drawn by `ui.render`."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.alerts import Alerts
from appliance.clock import Clock
from appliance.configuration.loudness import loudness
from appliance.configuration.settings import Settings
from appliance.dialogue.conductor import Conductor
from appliance.dialogue.situation import Situation
from appliance.dialogue.tables import Input, Turn
from appliance.dialogue.toasts import Shown
from appliance.front.alarm_desk import AlarmDesk
from appliance.front.answer_glass import AnswerGlass
from appliance.front.idle import Idle
from appliance.front.quiet import QuietPicture
from appliance.health.vitals import Vitals
from appliance.pages.page import Pages
from appliance.supervision.team import Name
from appliance.workers.supervisor import Status
from drivers.keys import Key
from ui.gestures import MASK_SECONDS, Gestures
from ui.gutter import Condition, Gutter, Mic, Speaker, TextMode
from ui.input.editing.editor import Editor
from ui.keymap import State
from ui.render import Screen
from ui.screens.alert import AlertView
from ui.screens.answer import AnswerView
from ui.screens.boot import BootView
from ui.screens.home import HomeView
from ui.screens.listening import ListeningView
from ui.screens.mask import Mask
from ui.screens.off import OffView
from ui.screens.review import ReviewView
from ui.screens.thinking import ThinkingView
from ui.screens.toast import Toast
from ui.screens.waiting import WaitingView
from ui.strip import Strip, StripKind
from ui.view import View

_SECOND = 1.0
_COUNTDOWN_SECONDS = 0.1  # between two pictures of one
_ENGINES: tuple[Name, ...] = ("llm", "asr", "tts")
_LISTENING = (State.LISTENING, State.HANDS_FREE)
_EDITOR_STATES = (State.TEXT, State.PINYIN, State.CHOOSE, State.SYLLABLES, State.SYMBOLS)


@dataclass(slots=True)
class Provisioning:
    """What is being installed or fetched behind the running panel; empty text: nothing."""

    text: str = ""
    fraction: float = 0.0


class Presenter:
    """Reads everything, changes nothing.

    `desk` has the time of day, and what is set for it.
    """

    def __init__(
        self,
        *,
        conductor: Conductor,
        editor: Editor,
        reading: AnswerGlass,
        gestures: Gestures,
        pages: Pages,
        provisioning: Provisioning,
        alerts: Alerts,
        vitals: Vitals,
        idle: Idle,
        clock: Clock,
        desk: AlarmDesk,
    ) -> None:
        self._conductor = conductor
        self._teller = conductor.teller
        self._settings: Settings = conductor.settings
        self._editor = editor
        self._reading = reading
        self._gestures = gestures
        self._pages = pages
        self._provisioning = provisioning
        self._alerts = alerts
        self._vitals = vitals
        self._idle = idle
        self._clock = clock
        self._desk = desk
        self._wall = desk.clocks.wall
        self.booting = True
        self.storage_troubles: set[str] = set()  # text keys of those that last
        self.quiet = QuietPicture()

    def screen(self, state: State, now: Situation) -> Screen:
        """Everything on the glass at this moment."""
        alert = self._alerts.front
        if alert is not None:
            count = self._alerts.count
            shown = AlertView(alert.title, alert.big, alert.text, count, alert.snoozes)
            return Screen(shown, self._gutter(state, now))
        view = self._view(state, now)
        if isinstance(view, OffView):
            return Screen(view)
        toast, top = self._teller.toasts.shown, self._pages.top
        if toast is None and state is not State.BUSY and self._desk.undo.open_in(state, top):
            toast = Shown(self._teller.say("undo.hint"))
        return Screen(
            view,
            self._gutter(state, now),
            self._strip(state, now),
            Toast(toast.text, toast.fraction) if toast is not None else None,
            self._mask(now),
        )

    def quiet_screen(self) -> Screen:
        """What the glass shows when nobody has looked for long."""
        now = self._wall()
        return Screen(self.quiet.view(f"{now:%H:%M}" if now else "", self._clock()))

    @property
    def next_deadline(self) -> float | None:
        """When the picture changes by itself: the minute, a page, a countdown, a board that lives.

        See `appliance.timers.Timed`.
        """
        now = self._clock()
        moments = [now + 60.0 - self._second_of_minute(), self.quiet.next_step]
        page = self._pages.top
        if page is not None and page.refresh is not None and not self._idle.asleep:
            moments.append(now + page.refresh)
        if self._desk.counting and not self._idle.asleep and not self._pages:
            moments.append(now + _SECOND)
        review = self._conductor.view().hears.review
        if review is not None and review.deadline is not None:
            moments.append(min(review.deadline, now + _COUNTDOWN_SECONDS))
        return min(moment for moment in moments if moment is not None)

    def tick(self, now: float) -> None:
        """Whoever ticks draws."""

    def _second_of_minute(self) -> float:
        """How far the minute on the clock has come; 0 while the clock is unset."""
        now = self._wall()
        return now.second + now.microsecond / 1e6 if now is not None else 0.0

    # ------------------------------------------------------------ view

    def _view(self, state: State, now: Situation) -> View:
        if state is State.OFF:
            return OffView()
        if self.booting:
            return BootView(self._teller.say("boot.starting"))
        page = self._pages.top
        if page is not None:
            page.held = self._gestures.held(Key.D, self._clock())
            return page.view()
        if state in _LISTENING:
            return self._listening(now)
        if state is State.REVIEW:
            return self._review(now)
        if state in _EDITOR_STATES:
            return self._editor.view()
        return self._answer(now) or self._home(now)

    def _listening(self, now: Situation) -> View:
        talking, recognising = now.hears.talking, now.input is Input.RECOGNISING
        if talking is None:
            return ListeningView(0.0, 0.0, recognising=recognising)
        return ListeningView(
            now.hears.level,
            self._clock() - talking.began,
            talking.partial,
            talking.stable,
            recognising=recognising,
            hands_free=talking.hands_free,
            waits_for=now.engines["asr"].waits_for or self._loading("asr", now),
        )

    def _loading(self, name: Name, now: Situation) -> str:
        """How far an engine is that loads; empty where it does not."""
        engine = now.engines[name]
        if engine.status is not Status.STARTING:
            return ""
        percent = round(100 * (engine.loading or 0.0))
        return self._teller.say(f"home.{name}-loading", percent=percent)

    def _review(self, now: Situation) -> View:
        review = now.hears.review
        assert review is not None
        left = None if review.deadline is None else max(0.0, review.deadline - self._clock())
        return ReviewView(review.text, len(review.text), left)

    def _answer(self, now: Situation) -> View | None:
        answer = now.answer
        if answer is None or not answer.shown:
            return None
        written = answer.written
        match now.turn:
            case Turn.LOADING:
                if what := now.engines["llm"].waits_for:
                    return WaitingView(answer.question, what)
                note = self._teller.say("thinking.waiting-for-model")
                return ThinkingView(answer.question, note=note)
            case Turn.THINKING:
                note = written.thought[-40:]
                return ThinkingView(answer.question, written.done, written.total, note)
        reader = self._reading.reader(answer)
        return AnswerView(reader, now.speaks.clause) if reader is not None else None

    def _home(self, now: Situation) -> View:
        wall = self._wall()
        hints = self._settings.flag("ui.hints")
        if wall is None:
            return HomeView(
                date=self._desk.coming().countdown, lines=self._home_lines(now), hints=hints
            )
        weekday = self._teller.say(f"weekday.{wall.weekday()}")
        coming = self._desk.coming()
        date = self._teller.say("home.date", month=wall.month, day=wall.day, weekday=weekday)
        return HomeView(
            f"{wall:%H:%M}",
            coming.countdown or date,
            _two_of(self._home_lines(now), coming.lines),
            hints,
        )

    def _home_lines(self, now: Situation) -> tuple[str, ...]:
        waits = dict.fromkeys(filter(None, (now.engines[it].waits_for for it in _ENGINES)))
        if waits or self._provisioning.text:
            return tuple(waits)[:2] or (self._provisioning.text,)
        say = self._teller.say
        lines = []
        for name in _ENGINES:
            if now.engines[name].status is Status.REFUSED:
                lines.append(say(f"home.{name}-missing"))
            elif loading := self._loading(name, now):
                lines.append(loading)
        if (celsius := self._vitals.celsius) is not None:
            lines.append(say("home.hot", celsius=celsius))
        if (left := self._vitals.low_percent) is not None:
            lines.append(say("home.battery", percent=left))
        return tuple(lines[:2])

    # ------------------------------------------------------------ gutter, strip, mask

    def _gutter(self, state: State, now: Situation) -> Gutter:
        mode = TextMode.NONE
        if state is State.SYMBOLS:
            mode = TextMode.SYMBOL
        elif state in (*_EDITOR_STATES, State.HOME):
            mode = self._editor.mode
        return Gutter(
            mode,
            self._mic(state, now),
            self._speaker(now),
            self._conditions(now),
            self._vitals.celsius,
            mask=self._gestures.mask_open(self._clock()),
        )

    @staticmethod
    def _mic(state: State, now: Situation) -> Mic:
        if state in _LISTENING or now.input is Input.AWAITING:
            return Mic.LISTENING
        captured = now.hears.microphone_open and now.speaks.devices.microphone
        return Mic.OPEN if captured else Mic.OFF

    def _speaker(self, now: Situation) -> Speaker:
        if now.speaks.speaking and now.speaks.clause:
            return Speaker.SPEAKING
        if not now.speaks.able or not self._settings.flag("voice.enabled"):
            return Speaker.NONE
        return Speaker.MUTED if loudness(self._settings) <= 0 else Speaker.ON

    def _conditions(self, now: Situation) -> tuple[Condition, ...]:
        statuses = [engine.status for engine in now.engines.values()]
        conditions = []
        if Status.WAITING in statuses or Status.REFUSED in statuses:
            conditions.append(Condition.FAULT)
        if self.storage_troubles:
            conditions.append(Condition.STORAGE)
        if self._vitals.low_percent is not None:
            conditions.append(Condition.BATTERY)
        if now.engines["llm"].status is Status.STARTING:
            conditions.append(Condition.MODEL)
        if self._wall() is None:
            conditions.append(Condition.CLOCK)
        return tuple(conditions)

    def _strip(self, state: State, now: Situation) -> Strip:
        time = self._clock()
        until = self._gestures.next_deadline
        if self._gestures.mask_open(time) and until is not None:
            return Strip(StripKind.COUNTDOWN, (until - time) / MASK_SECONDS)
        if state in _EDITOR_STATES and (left := self._editor.strip) is not None:
            return Strip(StripKind.MULTITAP, left)
        review, talking = now.hears.review, now.hears.talking
        if state is State.REVIEW and review is not None and review.deadline is not None:
            whole = max(0.1, review.deadline - review.began)
            return Strip(StripKind.COUNTDOWN, (review.deadline - time) / whole)
        if now.input is Input.AWAITING and talking is not None:
            left = talking.began + talking.patience - time
            return Strip(StripKind.COUNTDOWN, left / max(0.1, talking.patience))
        strip = self._progress(now)
        if strip == Strip() and state is State.HOME and self._desk.counting:
            return Strip(StripKind.COUNTDOWN, self._desk.coming().left)
        return strip

    def _progress(self, now: Situation) -> Strip:
        written = now.answer.written if now.answer is not None else None
        if now.turn is Turn.THINKING and written is not None and written.total:
            return Strip(StripKind.PREFILL, written.done / written.total)
        if now.speaks.clause:
            return Strip(StripKind.VOICE, now.speaks.fraction)
        if self._provisioning.text:
            return Strip(StripKind.PROVISION, self._provisioning.fraction)
        loading = now.engines["llm"].loading
        return Strip() if loading is None else Strip(StripKind.PROVISION, loading)

    def _mask(self, now: Situation) -> Mask | None:
        if not self._gestures.mask_open(self._clock()):
            return None
        settings = self._settings
        return Mask(
            answered=now.answer is not None and now.answer.shown,
            thinking=settings.flag("llm.thinking"),
            read_aloud=settings.flag("voice.enabled"),
            muted=loudness(settings) <= 0,
            mode=self._editor.mode,
        )


def _two_of(state: tuple[str, ...], alarms: tuple[str, ...]) -> tuple[str, ...]:
    """What the home screen has room for: an alarm that is set is never pushed off it."""
    return (*state[: 2 - bool(alarms)], *alarms)[:2]
