"""The microphone tried out of any conversation: for the parrot, the tuning, the wake word."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from msgspec.structs import replace

from appliance import messages as m
from appliance.dialogue.ear import Ear, meter
from appliance.dialogue.ground import Ground
from appliance.dialogue.guest import Guest
from appliance.dialogue.talk import Talk
from ui.sample import SAMPLES, Sample

_FOR_EVER = 1e9  # seconds
_HOLD_SECONDS = 0.4  # of the key, before its hold is known for one
_PREROLL = _HOLD_SECONDS + 0.5


class Trial(Guest):
    """One utterance after the other, none of which is a question.

    `samples` are the last levels, `text` what was recognised, `ended` how the last utterance
    ended, `gain` in dB, `spotted` the last score of the wake phrase. `on_end` is called when an
    utterance ended; it may begin another.
    """

    def __init__(self, ground: Ground, ear: Ear) -> None:
        self.samples: deque[Sample] = deque(maxlen=SAMPLES)
        self.text = ""
        self.ended: m.SpeechEnded | None = None
        self.gain = 0.0
        self.spotted: m.Spotted | None = None
        self.on_end: Callable[[m.SpeechEnded], None] = lambda _ended: None
        self._team = ground.team
        self._ear = ear
        self._settings = ground.settings
        self._next_turn = ground.ids.next
        self._turn = -1
        self._listening = False
        self._spotting = False
        self._spotted_turn = -1

    @property
    def turn(self) -> int:
        """The utterance that is or was listened to; -1: none yet."""
        return self._turn

    @property
    def listening(self) -> bool:
        return self._listening

    def hold(self) -> None:
        """Listen, and recognise, until `release`."""
        self._begin(endpoint=False, private=False, preroll=_PREROLL)
        self._team.send("asr", m.Recognise(self._turn))

    def watch(self) -> None:
        """Tell levels and decisions until the VAD ends an utterance; no sample leaves audio."""
        self._begin(endpoint=True, private=True, preroll=0.0)

    def call(self) -> None:
        """Listen until the VAD ends an utterance, and say how much of the wake phrase is in it."""
        self._begin(endpoint=True, private=False, preroll=0.0)
        self._spotting = True

    def release(self) -> None:
        """The key was let go."""
        if self._listening:
            self._team.send("audio", m.EndListen(self._turn))

    def play(self) -> None:
        """Say the last utterance again."""
        self._team.send("audio", m.PlayRecorded(self._next_turn()))

    def stop(self) -> None:
        """Give it up: nothing is listened to or played any more."""
        if self._ear.trial is self:
            self._ear.trial = None
        if self._listening:
            self._team.send("audio", m.EndListen(self._turn, discard=True))
        if self._turn >= 0:
            turn = self._next_turn()
            self._team.send("audio", m.Stop(turn))
            self._team.send("asr", m.Stop(turn))
        self._listening = False

    def level(self, message: m.Level) -> None:
        """See `Guest`."""
        if self._listening:
            self.samples.append(Sample(meter(message.rms), message.speech))
            self.gain = message.gain

    def speech_started(self, message: m.SpeechStarted) -> None:
        """See `Guest`."""
        if message.turn == self._turn and self._spotting:
            self._spotted_turn = message.turn
            phrase = self._settings.text("talk.wake_phrase")
            self._team.send("asr", m.Spot(message.turn, phrase))

    def speech_ended(self, message: m.SpeechEnded) -> None:
        """See `Guest`."""
        if message.turn == self._turn and self._listening:
            self._listening = False
            self.ended = message
            self.on_end(message)

    def recognised(self, message: m.Partial | m.Transcript) -> None:
        """See `Guest`."""
        if message.turn == self._turn:
            self.text = message.text

    def spotted_phrase(self, message: m.Spotted) -> None:
        """See `Guest`."""
        if message.turn == self._spotted_turn:
            self.spotted = message

    def fault(self, fault: m.Fault) -> bool:
        """See `Guest`."""
        if fault.turn < 0 or fault.turn != self._turn:
            return False
        self._listening = False
        return True

    def lost(self) -> None:
        """See `Guest`."""
        self._listening = False

    def _begin(self, *, endpoint: bool, private: bool, preroll: float) -> None:
        times = self._ear.times(Talk.TAP if endpoint else Talk.HOLD)
        self._turn = self._next_turn()
        self._listening = True
        self._spotting = False
        self.ended = None
        self.text = ""
        self._ear.trial = self
        self._ear.open_microphone()
        self._team.send(
            "audio",
            m.Listen(
                self._turn,
                endpoint=endpoint,
                preroll=preroll,
                times=replace(times, patience=_FOR_EVER),
                gain=self._settings.flag("talk.gain"),
                private=private,
            ),
        )
