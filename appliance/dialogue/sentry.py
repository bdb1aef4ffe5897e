"""The wake word: while nothing else wants the microphone, listen for it, at no cost in silence.

The VAD of the audio worker waits; only when somebody speaks does a stretch of speech go to the
recogniser's worker, which says how much of the wake phrase is in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from msgspec.structs import replace

from appliance import messages as m
from appliance.clock import Clock
from appliance.configuration.settings import Settings
from appliance.dialogue.ear import Ear, Guest, Heard, Talk
from appliance.supervision.team import Team

_LONGEST = 8.0  # seconds: whoever talks on is not calling
_OVERLAP = 0.3  # of the ring, between one stretch and the next
_RETRY_SECONDS = 10.0  # after the microphone failed


class Sentry(Guest):
    """`free` says whether nothing else listens or speaks; `woken` gets what follows it."""

    def __init__(
        self,
        team: Team,
        ear: Ear,
        settings: Settings,
        next_turn: Callable[[], int],
        clock: Clock,
        free: Callable[[], bool],
        woken: Callable[[str], None],
    ) -> None:
        self._team = team
        self._ear = ear
        self._settings = settings
        self._next_turn = next_turn
        self._clock = clock
        self._free = free
        self._woken = woken
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
        wanted = self._settings.flag("talk.wake") and self._free() and self._able()
        if wanted and not self.waiting and self._clock() >= self._retry_at:
            self._wait()
        elif not wanted and self.waiting:
            self._give_up()

    def on_message(self, message: Heard) -> None:
        """See `Guest`."""
        match message:
            case m.SpeechStarted(turn) if turn == self._turn:
                self._spotting = turn
                self._team.occupy("asr")
                self._team.send("asr", m.Spot(turn, self._settings.text("talk.wake_phrase")))
            case m.SpeechEnded(turn) if turn == self._turn:
                self._turn = -1
                if message.reason == "lost":
                    self._retry_at = self._clock() + _RETRY_SECONDS
                self.update()
            case m.Spotted(turn) if turn == self._spotting:
                self._spotting = -1
                self._team.release("asr")
                if message.score >= self._settings.number("talk.wake_score") and self._free():
                    self._turn = -1
                    self._woken(message.rest)

    def on_fault(self, fault: m.Fault) -> bool:
        """See `Guest`."""
        if fault.turn < 0 or fault.turn not in (self._turn, self._spotting):
            return False
        self._forget()
        self._retry_at = self._clock() + _RETRY_SECONDS
        return True

    def on_loss(self) -> None:
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
