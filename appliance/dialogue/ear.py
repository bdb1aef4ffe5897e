"""Listening to one utterance and reviewing what was heard."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from appliance import messages as m
from appliance.configuration.hot_words import split_hot_words
from appliance.dialogue.ground import Ground
from appliance.dialogue.guest import Guest
from appliance.dialogue.question import Question
from appliance.dialogue.tables import InputEvent
from appliance.dialogue.talk import Talk
from appliance.messages import EndpointTimes
from appliance.supervision.team import Name
from appliance.timers import Timer

log = logging.getLogger("lory.ear")

FLOOR_DBFS = -60.0
PREROLL_SECONDS = 0.5
"""Before the talk key went down, where the ring holds it."""
_MOST_PREROLL = 1.4  # what the audio worker's ring gives back
_LONGEST_UNASKED = 60.0  # nobody holds a key: no utterance grows for ever
_DEAF_SECONDS = 5.0  # without a level while listening: the audio worker hangs
_LEAST_PATIENCE = 20.0  # with the recogniser
_PATIENCE_FACTOR = 2.0  # times the length of what it was given


@dataclass(slots=True)
class Hearing:
    """The utterance being listened to.

    `patience`: how long the first word is waited for. `alive_at`: the last sign of its worker.
    """

    turn: int
    began: float
    talk: Talk
    patience: float
    alive_at: float = field(init=False)
    partial: str = field(default="", init=False)
    stable: int = field(default=0, init=False)
    ended: float | None = field(default=None, init=False)
    waited: float | None = field(default=None, init=False)
    seconds: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.alive_at = self.began

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


@dataclass(frozen=True, slots=True)
class HeardAt:
    """When speech ended and when its text was there, on the injected clock.

    `waited`: for how long one had fallen silent by then, where the box had to find out.
    """

    speech_ended: float
    recognised: float
    waited: float | None


class Ear:
    """Tells audio and ASR what to do; what they say moves the input machine.

    `last_turn` is the utterance listened to now or last. `microphone_open`: the audio worker has
    been told so, whether or not there is a microphone. `level` is 0..1 of the microphone's meter.
    `trial` and `sentry` are guests at the microphone: a page that tries it out, the wait for the
    wake word.
    """

    def __init__(self, ground: Ground) -> None:
        self.hearing: Hearing | None = None
        self.review: Review | None = None
        self.heard_at: HeardAt | None = None
        self.last_turn = -1
        self.microphone_open = False
        self.level = 0.0
        self.drops = m.Drops(0, 0)
        self.trial: Guest | None = None
        self.sentry: Guest | None = None
        self._team = ground.team
        self._settings = ground.settings
        self._timers = ground.timers
        self._clock = ground.clock
        self._teller = ground.teller
        self._events = ground.events
        self._countdown: Timer | None = None  # to the sending of what is reviewed
        self._watch: Timer | None = None  # over the worker that should say something
        self._untold: m.Recognise | None = None  # for a recogniser that is not there yet
        self._armed_at: float | None = None
        self._wants_microphone = False

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
            guest.lost()

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
        self.last_turn = turn
        times = self.times(talk)
        self.hearing = Hearing(turn, self._clock(), talk, times.patience)
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
        hearing = self.hearing = Hearing(turn, self._clock(), Talk.WAKE, 0.0)
        hearing.partial, hearing.ended = text, hearing.began
        self._watch_over(hearing)

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
            self._countdown = self._timers.at(self.review.deadline, self._send_review)

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

    def level_told(self, message: m.Level) -> None:
        self.level = meter(message.rms)
        for guest in self._guests():
            guest.level(message)
        if self.hearing is not None:
            self.hearing.alive_at = self._clock()

    def speech_started(self, message: m.SpeechStarted) -> None:
        for guest in self._guests():
            guest.speech_started(message)
        if self._of(message.turn) is not None:
            self._events.post(InputEvent.SPEECH_STARTED)

    def speech_ended(self, message: m.SpeechEnded) -> None:
        for guest in self._guests():
            guest.speech_ended(message)
        hearing = self._of(message.turn)
        if hearing is None:
            return
        hearing.ended, hearing.seconds = self._clock(), message.seconds
        hearing.waited = message.waited or None
        if message.heard:
            self._team.occupy("asr")
            if hearing.hands_free:
                self.chime("heard")
        self._events.post(InputEvent.SPEECH_ENDED)
        if not message.heard:
            self._events.post(InputEvent.NOTHING_HEARD)
        if notice := _notice(message):
            self._teller.tell(notice)

    def partial(self, message: m.Partial) -> None:
        for guest in self._guests():
            guest.recognised(message)
        hearing = self._of(message.turn)
        if hearing is not None:
            hearing.partial, hearing.stable = message.text, message.stable

    def transcript(self, message: m.Transcript) -> None:
        for guest in self._guests():
            guest.recognised(message)
        hearing = self._of(message.turn)
        if hearing is None:
            return
        text = message.text.strip()
        if not text:
            self._events.post(InputEvent.NOTHING_HEARD)
            return
        hearing.partial = text
        now = self._clock()
        ended = now if hearing.ended is None else hearing.ended
        self.heard_at = HeardAt(ended, now, hearing.waited)
        self._events.post(InputEvent.HEARD)

    def spotted(self, message: m.Spotted) -> None:
        for guest in self._guests():
            guest.spotted_phrase(message)

    def guest_fault(self, fault: m.Fault) -> bool:
        """Whether it was a fault of a guest's turn."""
        return any(guest.fault(fault) for guest in self._guests())

    def _guests(self) -> list[Guest]:
        return [guest for guest in (self.trial, self.sentry) if guest is not None]

    def _of(self, turn: int) -> Hearing | None:
        """What is listened to, if it is this turn."""
        return self.hearing if self.hearing is not None and self.hearing.turn == turn else None

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
            name: Name = "audio" if hearing.ended is None else "asr"
            log.error("%s hangs: it answers and does not work", name)
            self._events.post(InputEvent.EAR_FAULT)
            self._team.members[name].restart()

    def _send_review(self) -> None:
        if self.review is not None:
            self._events.post(InputEvent.SEND, Question(self.review.text, heard=True))


def _notice(ended: m.SpeechEnded) -> str:
    """The key of a text that the user should read about an utterance; "" for none."""
    if ended.flaw == "dead":
        return "fault.silence"
    if ended.flaw == "clipped":
        return "toast.clipped"
    return "toast.talk-limit" if ended.reason == "limit" else ""


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
