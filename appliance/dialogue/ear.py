"""Listening to one utterance and reviewing what was heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Literal, Protocol

from appliance import messages as m
from appliance.configuration.hot_words import split_hot_words
from appliance.configuration.settings import Settings
from appliance.dialogue.tables import InputEvent
from appliance.messages import EndpointTimes
from appliance.supervision.team import Team
from appliance.timers import Timer, Timers

FLOOR_DBFS = -60.0
PREROLL_SECONDS = 0.5
"""Before the talk key went down, where the ring holds it."""
_MOST_PREROLL = 1.4  # what the audio worker's ring gives back
_LONGEST_UNASKED = 60.0  # nobody holds a key: no utterance grows for ever
_DEAF_SECONDS = 5.0  # without a level while listening: the audio worker hangs
_LEAST_PATIENCE = 20.0  # with the recogniser
_PATIENCE_FACTOR = 2.0  # times the length of what it was given

EarWorker = Literal["audio", "asr"]
Heard = m.Level | m.SpeechStarted | m.SpeechEnded | m.Partial | m.Transcript | m.Spotted


class Talk(Enum):
    """What began an utterance, which is also what ends it."""

    HOLD = "hold"  # the key, released
    TAP = "tap"  # VAD, or the key once more
    FOLLOW_UP = "follow-up"  # the end of the spoken answer; VAD ends it
    WAKE = "wake"  # the wake word; VAD ends it


@dataclass(slots=True)
class Hearing:
    """The utterance being listened to.

    `patience`: how long the first word is waited for. `alive_at`: the last sign of its worker.
    """

    turn: int
    began: float
    talk: Talk
    patience: float
    alive_at: float
    partial: str = ""
    stable: int = 0
    ended: float | None = None
    waited: float | None = None
    seconds: float = 0.0

    @property
    def hands_free(self) -> bool:
        """Whether VAD ends it, and not the release of a key."""
        return self.talk is not Talk.HOLD


@dataclass(slots=True)
class Review:
    """What was heard, until it is sent. `deadline` None: it waits for D."""

    text: str
    began: float
    deadline: float | None


class Guest(Protocol):
    """Somebody else who listens, outside of any conversation, to turns of his own."""

    def on_message(self, message: Heard) -> None:
        """What a worker says, of whatever turn."""

    def on_fault(self, fault: m.Fault) -> bool:
        """Whether it was a fault of his own turn."""

    def on_loss(self) -> None:
        """The audio worker is gone, and what it listened to with it."""


@dataclass(frozen=True, slots=True)
class HeardAt:
    """When speech ended and when its text was there, on the injected clock.

    `waited`: for how long one had fallen silent by then, where the box had to find out.
    """

    speech_ended: float
    recognised: float
    waited: float | None


class Ear:
    """Tells audio and ASR what to do; turns what they say into input events.

    `last_turn` is the utterance listened to now or last. `microphone_open`: the audio worker has
    been told so, whether or not there is a microphone. `level` is 0..1 of the microphone's meter.
    `notice` is the key of a text the user should read about the utterance that ended ("" for
    none); whoever shows it empties it. `trial` and `sentry` are guests at the microphone: a page
    that tries it out, the wait for the wake word. `send` is called when the time to review what
    was heard is over, `hung` with the worker that answers pings and does not do its work.
    """

    def __init__(
        self,
        team: Team,
        settings: Settings,
        timers: Timers,
        send: Callable[[], None],
        hung: Callable[[EarWorker], None],
    ) -> None:
        self.hearing: Hearing | None = None
        self.review: Review | None = None
        self.heard_at: HeardAt | None = None
        self.last_turn = -1
        self.microphone_open = False
        self.level = 0.0
        self.drops = m.Drops(0, 0)
        self.notice = ""
        self.trial: Guest | None = None
        self.sentry: Guest | None = None
        self._team = team
        self._settings = settings
        self._timers = timers
        self._clock = timers.clock
        self._send = send
        self._hung = hung
        self._countdown: Timer | None = None  # to the sending of what is reviewed
        self._watch: Timer | None = None  # over the worker that should say something
        self._armed_at: float | None = None
        self._wants_microphone = False
        self._untold: m.Recognise | None = None  # for a recogniser that is not there yet

    # ------------------------------------------------------------ the microphone

    def arm(self) -> None:
        """The talk key went down: should it be held, speech counts from before this moment."""
        self._armed_at = self._clock()
        self.open_microphone()

    def open_microphone(self) -> None:
        """Capture into the ring; nothing leaves the audio worker before `listen`."""
        self._wants_microphone = True
        if not self.microphone_open:
            self.microphone_open = self._team.send("audio", m.OpenMic())

    def close_microphone(self) -> None:
        self._wants_microphone &= self.hearing is not None
        if self.microphone_open and self.hearing is None:
            self._team.send("audio", m.CloseMic())
            self.microphone_open = False

    def audio_ready(self) -> None:
        """Whoever has just started has the microphone to open that was wished for before."""
        if self._wants_microphone:
            self.open_microphone()

    def asr_ready(self) -> None:
        """Whoever has just started is told what was said before: the audio worker has kept it."""
        if self.hearing is not None and self._untold is not None:
            self.hearing.alive_at = self._clock()
            self._watch_over(self.hearing)
            self._team.send("asr", self._untold)
        self._untold = None

    def audio_lost(self) -> None:
        """What it had open is closed."""
        self.microphone_open = False
        for guest in self._guests():
            guest.on_loss()

    # ------------------------------------------------------------ one utterance

    @property
    def talk_key(self) -> Talk:
        """What a long press of the talk key means to this user."""
        return Talk(self._settings.text("talk.key"))

    def times(self, talk: Talk = Talk.TAP) -> EndpointTimes:
        """The user's endpointing, for an utterance that begins like this."""
        number = self._settings.number
        longest = number("talk.longest")
        patience = EndpointTimes().patience
        if talk is Talk.FOLLOW_UP:
            patience = number("talk.follow_up")
        return EndpointTimes(
            onset=number("talk.onset"),
            hangover=number("talk.hangover"),
            shortest=number("talk.shortest"),
            longest=longest if talk is Talk.HOLD else min(longest, _LONGEST_UNASKED),
            patience=patience,
        )

    @property
    def follows_up(self) -> bool:
        """Whether the user likes to talk on after an answer, and would be understood."""
        return self._settings.number("talk.follow_up") > 0 and self._team.ready("asr")

    @property
    def hot_words(self) -> tuple[str, ...]:
        """What the recogniser should expect, where it can."""
        return split_hot_words(self._settings.text("asr.hot_words"))

    def listen(self, turn: int, wav: Path | None, talk: Talk) -> None:
        """Hear the microphone, or a file in its place, which nobody has to end."""
        self._end_review()
        self.notice = ""
        self.last_turn = turn
        now, times = self._clock(), self.times(talk)
        self.hearing = Hearing(turn, now, talk, times.patience, now)
        self._watch_over(self.hearing)
        if wav is None:
            self.open_microphone()
        wish = m.Recognise(turn, hot_words=self.hot_words)
        self._untold = None if self._team.send("asr", wish) else wish
        self._team.send(
            "audio",
            m.Listen(
                turn,
                endpoint=self.hearing.hands_free and wav is None,
                preroll=self.preroll() if talk in (Talk.HOLD, Talk.TAP) else 0.0,
                wav=str(wav or ""),
                times=times,
                gain=self._settings.flag("talk.gain"),
            ),
        )
        if talk in (Talk.WAKE, Talk.FOLLOW_UP):
            self.chime("listen")  # nobody may be looking; a key's own moment needs no sound

    def chime(self, kind: Literal["listen", "heard", "error"]) -> None:
        """One of the box's short sounds, where the user likes them."""
        if self._settings.flag("audio.chimes"):
            self._team.send("audio", m.Chime(kind))

    def overhear(self, turn: int, text: str) -> None:
        """Take what was recognised by somebody else, as if it had been listened to."""
        now = self._clock()
        self.hearing = Hearing(turn, now, Talk.WAKE, 0.0, now, partial=text, ended=now)
        self._watch_over(self.hearing)

    def preroll(self) -> float:
        """A hold is known for one only after its 400 ms: they and what came before belong to it."""
        armed, self._armed_at = self._armed_at, None
        held = self._clock() - armed if armed is not None else 0.0
        return min(_MOST_PREROLL, held + PREROLL_SECONDS)

    def end(self) -> None:
        """The talk key was released, or pressed once more."""
        if self.hearing is not None:
            self._team.send("audio", m.EndListen(self.hearing.turn))

    def discard(self) -> None:
        if self.hearing is not None:
            self._team.send("audio", m.EndListen(self.hearing.turn, discard=True))
            self._team.send("asr", m.Stop(self.hearing.turn))
        self.forget()

    def forget(self) -> None:
        """Nothing is being heard or reviewed any more."""
        self._team.release("asr")
        self._untold = None
        self.hearing = None
        if self._watch is not None:
            self._watch.cancel()
        self._end_review()

    def start_review(self) -> None:
        text = self.take()
        seconds = self._settings.number("audio.review")
        now = self._clock()
        self.review = Review(text, now, now + seconds if seconds >= 0 else None)
        if self.review.deadline is not None:
            self._countdown = self._timers.at(self.review.deadline, self._send)

    def wait_for_key(self) -> None:
        """What was heard is not sent by itself any more: the user has turned to something else."""
        if self.review is not None:
            self.review.deadline = None
            self._stop_countdown()

    def _end_review(self) -> None:
        self.review = None
        self._stop_countdown()

    def _stop_countdown(self) -> None:
        if self._countdown is not None:
            self._countdown.cancel()

    @property
    def waits_for_key(self) -> bool:
        """Whether something was heard that is not sent by itself."""
        return self.review is not None and self.review.deadline is None

    def take(self) -> str:
        """What was heard; the utterance is over."""
        text = self.hearing.partial if self.hearing else ""
        self.forget()
        return text

    # ------------------------------------------------------------ what workers say

    def on_message(self, message: Heard, box_has_text: bool) -> list[InputEvent]:
        """What a worker's word means for the input machine."""
        if isinstance(message, m.Level):
            self.level = meter(message.rms)
        for guest in self._guests():
            guest.on_message(message)
        hearing = self.hearing
        if hearing is None:
            return []
        match message:
            case m.Level():
                hearing.alive_at = self._clock()
            case m.SpeechStarted(turn) if turn == hearing.turn:
                return [InputEvent.SPEECH_STARTED]
            case m.Partial(turn, text, stable) if turn == hearing.turn:
                hearing.partial, hearing.stable = text, stable
            case m.SpeechEnded(turn) if turn == hearing.turn:
                return self._speech_ended(hearing, message)
            case m.Transcript(turn, text) if turn == hearing.turn:
                return [self._transcribed(hearing, text.strip(), box_has_text)]
        return []

    def on_fault(self, fault: m.Fault) -> bool:
        """Whether it was a fault of a guest's turn."""
        return any(guest.on_fault(fault) for guest in self._guests())

    def _guests(self) -> list[Guest]:
        return [guest for guest in (self.trial, self.sentry) if guest is not None]

    def _speech_ended(self, hearing: Hearing, ended: m.SpeechEnded) -> list[InputEvent]:
        hearing.ended, hearing.seconds = self._clock(), ended.seconds
        hearing.waited = ended.waited or None
        if ended.flaw == "dead":
            self.notice = "fault.silence"
        elif ended.flaw == "clipped":
            self.notice = "toast.clipped"
        elif ended.reason == "limit":
            self.notice = "toast.talk-limit"
        if not ended.heard:
            return [InputEvent.SPEECH_ENDED, InputEvent.NOTHING_HEARD]
        self._team.occupy("asr")
        if hearing.hands_free:
            self.chime("heard")
        return [InputEvent.SPEECH_ENDED]

    def _transcribed(self, hearing: Hearing, text: str, box_has_text: bool) -> InputEvent:
        if not text:
            return InputEvent.NOTHING_HEARD
        hearing.partial = text
        now = self._clock()
        ended = now if hearing.ended is None else hearing.ended
        self.heard_at = HeardAt(ended, now, hearing.waited)
        return InputEvent.HEARD_FOR_BOX if box_has_text else InputEvent.HEARD

    # ------------------------------------------------------------ watching over the workers

    def _watch_over(self, hearing: Hearing) -> None:
        """Until it ends: look again when the worker that should say something would hang."""
        if self._watch is not None:
            self._watch.cancel()
        self._watch = self._timers.at(_hangs_at(hearing), lambda: self._look(hearing))

    def _look(self, hearing: Hearing) -> None:
        if self._clock() < _hangs_at(hearing):
            self._watch_over(hearing)
        elif hearing.ended is None or self._team.ready("asr"):
            # Else it is being installed or loads, and is watched over from then on.
            self._hung("audio" if hearing.ended is None else "asr")


def _hangs_at(hearing: Hearing) -> float:
    """When the worker that should say something counts as hanging; it only gets later."""
    if hearing.ended is None:
        return hearing.alive_at + _DEAF_SECONDS
    return max(hearing.ended, hearing.alive_at) + max(
        _LEAST_PATIENCE, _PATIENCE_FACTOR * hearing.seconds
    )


def meter(dbfs: float) -> float:
    """A level as 0..1 of a meter that begins at `FLOOR_DBFS`."""
    return min(1.0, max(0.0, 1.0 - dbfs / FLOOR_DBFS))
