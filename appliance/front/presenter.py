"""From what the box knows to what the glass shows: one `Screen` value, drawn by `ui.render`."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.alerts import Alerts
from appliance.clock import Clock, WallClock
from appliance.configuration.loudness import loudness
from appliance.dialogue.conductor import Conductor
from appliance.dialogue.tables import Input, Turn
from appliance.front.idle import Idle
from appliance.front.quiet import QuietPicture
from appliance.health.vitals import Vitals
from appliance.pages.page import Pages
from appliance.supervision.team import NAMES, Name
from appliance.workers.supervisor import Status
from drivers.keys import Key
from ui.gestures import MASK_SECONDS, Gestures
from ui.gutter import Condition, Gutter, Mic, Speaker, TextMode
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
from ui.screens.waiting import WaitingView
from ui.strip import Strip, StripKind
from ui.view import View

_COUNTDOWN_SECONDS = 0.1  # between two pictures of one
_LISTENING = (State.LISTENING, State.HANDS_FREE)
_ENGINES: tuple[Name, ...] = ("llm", "asr", "tts")
_EDITOR_STATES = (State.TEXT, State.PINYIN, State.CHOOSE, State.SYLLABLES, State.SYMBOLS)


@dataclass(slots=True)
class Provisioning:
    """What is being installed or fetched behind the running panel; empty text: nothing."""

    text: str = ""
    fraction: float = 0.0


class Presenter:
    """Reads everything, changes nothing.

    `wall` gives the local time, or None while the clock was never set.
    """

    def __init__(
        self,
        conductor: Conductor,
        gestures: Gestures,
        pages: Pages,
        provisioning: Provisioning,
        alerts: Alerts,
        vitals: Vitals,
        idle: Idle,
        clock: Clock,
        wall: WallClock,
    ) -> None:
        self._conductor = conductor
        self._gestures = gestures
        self._pages = pages
        self._provisioning = provisioning
        self._alerts = alerts
        self._vitals = vitals
        self._idle = idle
        self._clock = clock
        self._wall = wall
        self.booting = True
        self.storage_troubles: set[str] = set()  # text keys of those that last
        self.quiet = QuietPicture()

    def screen(self, state: State) -> Screen:
        """Everything on the glass now."""
        alert = self._alerts.front
        if alert is not None:
            count = self._alerts.count
            shown = AlertView(alert.title, alert.big, alert.text, count, alert.snoozes)
            return Screen(shown, self._gutter(state))
        view = self._view(state)
        if isinstance(view, OffView):
            return Screen(view)
        return Screen(
            view, self._gutter(state), self._strip(state), self._conductor.note.shown, self._mask()
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
        review = self._conductor.ear.review
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

    def _view(self, state: State) -> View:
        conductor = self._conductor
        if state is State.OFF:
            return OffView()
        if self.booting:
            return BootView(conductor.teller.say("boot.starting"))
        page = self._pages.top
        if page is not None:
            page.held = self._gestures.held(Key.D, self._clock())
            return page.view()
        if state in _LISTENING:
            return self._listening()
        if state is State.REVIEW:
            return self._review()
        if state in _EDITOR_STATES:
            return conductor.editor.view()
        return self._answer() or self._home()

    def _listening(self) -> View:
        hearing = self._conductor.ear.hearing
        recognising = self._conductor.input.state is Input.RECOGNISING
        if hearing is None:
            return ListeningView(0.0, 0.0, recognising=recognising)
        waits_for = self._wait("asr") or self._loading("asr")
        elapsed = self._clock() - hearing.began
        return ListeningView(
            self._conductor.ear.level,
            elapsed,
            hearing.partial,
            hearing.stable,
            recognising=recognising,
            hands_free=hearing.hands_free,
            waits_for=waits_for,
        )

    def _loading(self, name: Name) -> str:
        """How far an engine is that loads; empty where it does not."""
        if self._conductor.team.status(name) is not Status.STARTING:
            return ""
        percent = round(100 * self._conductor.reports.loading.get(name, 0.0))
        return self._conductor.teller.say(f"home.{name}-loading", percent=percent)

    def _wait(self, name: Name) -> str:
        """What a worker waits for that is being installed; empty where it waits for nothing."""
        team = self._conductor.team
        if team.status(name) is not Status.AWAITED:
            return ""
        return self._conductor.teller.waiting(*team.awaited(name))

    def _review(self) -> View:
        review = self._conductor.ear.review
        assert review is not None
        left = None if review.deadline is None else max(0.0, review.deadline - self._clock())
        return ReviewView(review.text, len(review.text), left)

    def _answer(self) -> View | None:
        answer = self._conductor.answer
        if answer is None or not self._conductor.answering.shown:
            return None
        match self._conductor.turn.state:
            case Turn.LOADING:
                if what := self._wait("llm"):
                    return WaitingView(answer.question, what)
                note = self._conductor.teller.say("thinking.waiting-for-model")
                return ThinkingView(answer.question, note=note)
            case Turn.THINKING:
                note = answer.thought[-40:]
                return ThinkingView(answer.question, answer.prefilled, answer.to_prefill, note)
        voice = self._conductor.mouth.voice
        return AnswerView(answer.reader, voice.spoken if voice else None)

    def _home(self) -> View:
        now = self._wall()
        hints = self._conductor.settings.flag("ui.hints")
        if now is None:
            return HomeView(lines=self._home_lines(), hints=hints)
        weekday = self._conductor.teller.say(f"weekday.{now.weekday()}")
        return HomeView(
            f"{now:%H:%M}",
            self._conductor.teller.say("home.date", month=now.month, day=now.day, weekday=weekday),
            self._home_lines(),
            hints,
        )

    def _home_lines(self) -> tuple[str, ...]:
        team = self._conductor.team
        waits = dict.fromkeys(filter(None, map(self._wait, _ENGINES)))
        if waits or self._provisioning.text:
            return tuple(waits)[:2] or (self._provisioning.text,)
        lines = []
        for name in _ENGINES:
            if team.status(name) is Status.REFUSED:
                lines.append(self._conductor.teller.say(f"home.{name}-missing"))
            elif loading := self._loading(name):
                lines.append(loading)
        if (celsius := self._vitals.celsius) is not None:
            lines.append(self._conductor.teller.say("home.hot", celsius=celsius))
        if (left := self._vitals.low_percent) is not None:
            lines.append(self._conductor.teller.say("home.battery", percent=left))
        return tuple(lines[:2])

    # ------------------------------------------------------------ gutter, strip, mask

    def _gutter(self, state: State) -> Gutter:
        mode = TextMode.NONE
        if state is State.SYMBOLS:
            mode = TextMode.SYMBOL
        elif state in (*_EDITOR_STATES, State.HOME):
            mode = self._conductor.editor.mode
        return Gutter(
            mode,
            self._mic(state),
            self._speaker(),
            self._conditions(),
            self._vitals.celsius,
            mask=self._gestures.mask_open(self._clock()),
        )

    def _mic(self, state: State) -> Mic:
        if state in _LISTENING or self._conductor.input.state is Input.AWAITING:
            return Mic.LISTENING
        captured = self._conductor.ear.microphone_open and self._conductor.mouth.devices.microphone
        return Mic.OPEN if captured else Mic.OFF

    def _speaker(self) -> Speaker:
        conductor = self._conductor
        if conductor.mouth.speaking and conductor.mouth.voice and conductor.mouth.voice.spoken:
            return Speaker.SPEAKING
        if not conductor.mouth.able or not conductor.settings.flag("voice.enabled"):
            return Speaker.NONE
        muted = loudness(conductor.settings) <= 0
        return Speaker.MUTED if muted else Speaker.ON

    def _conditions(self) -> tuple[Condition, ...]:
        team = self._conductor.team
        down = (Status.WAITING, Status.REFUSED)
        conditions = []
        if any(team.status(name) in down for name in NAMES):
            conditions.append(Condition.FAULT)
        if self.storage_troubles:
            conditions.append(Condition.STORAGE)
        if self._vitals.low_percent is not None:
            conditions.append(Condition.BATTERY)
        if team.status("llm") is Status.STARTING:
            conditions.append(Condition.MODEL)
        if self._wall() is None:
            conditions.append(Condition.CLOCK)
        return tuple(conditions)

    def _strip(self, state: State) -> Strip:
        conductor = self._conductor
        now = self._clock()
        until = self._gestures.next_deadline
        if self._gestures.mask_open(now) and until is not None:
            return Strip(StripKind.COUNTDOWN, (until - now) / MASK_SECONDS)
        if state in _EDITOR_STATES and (left := conductor.editor.strip) is not None:
            return Strip(StripKind.MULTITAP, left)
        review = conductor.ear.review
        if state is State.REVIEW and review is not None and review.deadline is not None:
            whole = max(0.1, review.deadline - review.began)
            return Strip(StripKind.COUNTDOWN, (review.deadline - now) / whole)
        hearing = conductor.ear.hearing
        if conductor.input.state is Input.AWAITING and hearing is not None:
            left = hearing.began + hearing.patience - now
            return Strip(StripKind.COUNTDOWN, left / max(0.1, hearing.patience))
        return self._progress()

    def _progress(self) -> Strip:
        conductor = self._conductor
        answer = conductor.answer
        if conductor.turn.state is Turn.THINKING and answer is not None and answer.to_prefill:
            return Strip(StripKind.PREFILL, answer.prefilled / answer.to_prefill)
        voice = conductor.mouth.voice
        if voice is not None and voice.spoken:
            return Strip(StripKind.VOICE, voice.fraction)
        if self._provisioning.text:
            return Strip(StripKind.PROVISION, self._provisioning.fraction)
        if "llm" in conductor.reports.loading:
            return Strip(StripKind.PROVISION, conductor.reports.loading["llm"])
        return Strip()

    def _mask(self) -> Mask | None:
        if not self._gestures.mask_open(self._clock()):
            return None
        settings = self._conductor.settings
        return Mask(
            answered=self._conductor.answering.shown,
            thinking=settings.flag("llm.thinking"),
            read_aloud=settings.flag("voice.enabled"),
            muted=loudness(settings) <= 0,
            mode=self._conductor.editor.mode,
        )
