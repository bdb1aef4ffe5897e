"""The wake word: while nothing else wants the microphone, listen for it, at no cost in silence.

The VAD of the audio worker waits; only when somebody speaks does a stretch of speech go to the
recogniser's worker, which says how much of the wake phrase is in it.
"""

from __future__ import annotations

import math
from typing import Protocol

from msgspec.structs import replace

from appliance import messages as m
from appliance.dialogue.ear import Ear
from appliance.dialogue.ground import Ground
from appliance.dialogue.guest import Guest
from appliance.dialogue.talk import Talk

_LONGEST = 8.0  # seconds: whoever talks on is not calling
_OVERLAP = 0.3  # of the ring, between one stretch and the next
_RETRY_SECONDS = 10.0  # after the microphone failed


class House(Protocol):
    """Who is watched for."""

    @property
    def attentive(self) -> bool:
        """Whether nothing else listens or sounds."""

    def called(self, question: str) -> None:
        """The phrase was said, and perhaps a question in the same breath."""


class Sentry(Guest):
    """Watches for the phrase while the house is attentive."""

    def __init__(self, ground: Ground, ear: Ear, house: House) -> None:
        self._team = ground.team
        self._ear = ear
        self._settings = ground.settings
        self._next_turn = ground.ids.next
        self._clock = ground.clock
        self._house = house
        self._turn = -1
        self._spotting = -1
        self._retry_at = -math.inf
        ear.sentry = self

    @property
    def waiting(self) -> bool:
        """Whether the microphone waits for the phrase."""
        return self._turn >= 0

    def update(self) -> None:
        """Something changed: wait, or stop waiting."""
        wanted = self._settings.flag("talk.wake") and self._house.attentive and self._able()
        if wanted and not self.waiting and self._clock() >= self._retry_at:
            self._wait()
        elif not wanted and self.waiting:
            self._give_up()

    def speech_started(self, message: m.SpeechStarted) -> None:
        """See `Guest`."""
        if message.turn == self._turn:
            self._spotting = message.turn
            self._team.occupy("asr")
            phrase = self._settings.text("talk.wake_phrase")
            self._team.send("asr", m.Spot(message.turn, phrase))

    def speech_ended(self, message: m.SpeechEnded) -> None:
        """See `Guest`."""
        if message.turn == self._turn:
            self._turn = -1
            if message.reason == "lost":
                self._retry_at = self._clock() + _RETRY_SECONDS
            self.update()

    def spotted_phrase(self, message: m.Spotted) -> None:
        """See `Guest`."""
        if message.turn != self._spotting:
            return
        self._spotting = -1
        self._team.release("asr")
        least = self._settings.number("talk.wake_score")
        if message.score >= least and self._house.attentive:
            self._turn = -1
            self._house.called(message.rest)

    def fault(self, fault: m.Fault) -> bool:
        """See `Guest`."""
        if fault.turn < 0 or fault.turn not in (self._turn, self._spotting):
            return False
        self._forget()
        self._retry_at = self._clock() + _RETRY_SECONDS
        return True

    def lost(self) -> None:
        """See `Guest`."""
        self._forget()

    def _able(self) -> bool:
        return self._team.ready("audio") and self._team.ready("asr")

    def _wait(self) -> None:
        self._turn = self._next_turn()
        self._ear.open_microphone()
        times = replace(self._ear.times(Talk.WAKE), patience=math.inf, longest=_LONGEST)
        self._team.send(
            "audio",
            m.Listen(
                self._turn,
                endpoint=True,
                preroll=_OVERLAP,
                times=times,
                gain=self._settings.flag("talk.gain"),
                meter=False,
            ),
        )

    def _give_up(self) -> None:
        turn = self._turn
        self._forget()
        if self._ear.hearing is None and self._able():
            self._team.send("audio", m.EndListen(turn, discard=True))

    def _forget(self) -> None:
        if self._spotting >= 0:
            self._team.send("asr", m.Stop(self._spotting))
            self._team.release("asr")
        self._turn = self._spotting = -1
