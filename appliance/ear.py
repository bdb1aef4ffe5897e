"""Listening to one utterance and reviewing what was heard."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from appliance import messages as m
from appliance.clock import Clock
from appliance.dialogue import InputEvent
from appliance.settings import Settings
from appliance.team import Team

FLOOR_DBFS = -60.0
PREROLL_SECONDS = 0.5
"""Before the talk key went down, where the ring holds it."""
_MOST_PREROLL = 1.4  # what the audio worker's ring gives back


@dataclass(slots=True)
class Hearing:
    """The utterance being listened to."""

    turn: int
    began: float
    partial: str = ""
    stable: int = 0


@dataclass(slots=True)
class Review:
    """What was heard, until it is sent. `deadline` None: it waits for D."""

    text: str
    began: float
    deadline: float | None


@dataclass(frozen=True, slots=True)
class HeardAt:
    """When speech ended and when its text was there, on the injected clock."""

    speech_ended: float
    recognised: float


class Ear:
    """Tells audio and ASR what to do; turns what they say into input events.

    `level` is 0..1 of the microphone's meter.
    """

    def __init__(self, team: Team, settings: Settings, clock: Clock) -> None:
        self.hearing: Hearing | None = None
        self.review: Review | None = None
        self.heard_at: HeardAt | None = None
        self.microphone_open = False
        self.level = 0.0
        self._team = team
        self._settings = settings
        self._clock = clock
        self._speech_ended = 0.0
        self._armed_at: float | None = None

    def arm(self) -> None:
        """The talk key went down: should it be held, speech counts from before this moment."""
        self._armed_at = self._clock()
        self.open_microphone()

    def open_microphone(self) -> None:
        """Capture into the ring; nothing leaves the audio worker before `listen`."""
        if not self.microphone_open:
            self.microphone_open = self._team.send("audio", m.OpenMic())

    def close_microphone(self) -> None:
        if self.microphone_open and self.hearing is None:
            self._team.send("audio", m.CloseMic())
            self.microphone_open = False

    def listen(self, turn: int, wav: Path | None) -> None:
        """Hear the microphone, or a file in its place."""
        self.review = None
        self.hearing = Hearing(turn, self._clock())
        if wav is None:
            self.open_microphone()
        self._team.send("asr", m.Recognise(turn))
        self._team.send(
            "audio",
            m.Listen(turn, endpoint=False, preroll=self._preroll(), wav=str(wav or "")),
        )

    def _preroll(self) -> float:
        """A hold is known for one only after its 400 ms: they and what came before belong to it."""
        armed, self._armed_at = self._armed_at, None
        held = self._clock() - armed if armed is not None else 0.0
        return min(_MOST_PREROLL, held + PREROLL_SECONDS)

    def end(self) -> None:
        """The talk key was released."""
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
        self.hearing = None
        self.review = None

    def start_review(self) -> None:
        text = self.take()
        seconds = self._settings.number("audio.review")
        now = self._clock()
        self.review = Review(text, now, now + seconds if seconds >= 0 else None)

    def take(self) -> str:
        """What was heard; the utterance is over."""
        text = self.hearing.partial if self.hearing else ""
        self.forget()
        return text

    def on_message(
        self, message: m.Level | m.SpeechEnded | m.Partial | m.Transcript, box_has_text: bool
    ) -> list[InputEvent]:
        """What a worker's word means for the input machine."""
        if isinstance(message, m.Level):
            self.level = min(1.0, max(0.0, 1.0 - message.rms / FLOOR_DBFS))
        hearing = self.hearing
        if hearing is None:
            return []
        match message:
            case m.Partial(turn, text, stable) if turn == hearing.turn:
                hearing.partial, hearing.stable = text, stable
            case m.SpeechEnded(turn, _, heard) if turn == hearing.turn:
                return self._speech_ended_events(heard)
            case m.Transcript(turn, text) if turn == hearing.turn:
                return [self._transcribed(hearing, text.strip(), box_has_text)]
        return []

    def _speech_ended_events(self, heard: bool) -> list[InputEvent]:
        self._speech_ended = self._clock()
        if not heard:
            return [InputEvent.SPEECH_ENDED, InputEvent.NOTHING_HEARD]
        self._team.occupy("asr")
        return [InputEvent.SPEECH_ENDED]

    def _transcribed(self, hearing: Hearing, text: str, box_has_text: bool) -> InputEvent:
        if not text:
            return InputEvent.NOTHING_HEARD
        hearing.partial = text
        self.heard_at = HeardAt(self._speech_ended or self._clock(), self._clock())
        return InputEvent.HEARD_FOR_BOX if box_has_text else InputEvent.HEARD
