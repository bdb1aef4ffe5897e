"""From captured blocks to one utterance for the recogniser. Time is counted in samples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from appliance.audio.endpoint import Endpointer
from appliance.audio.foreground import Foreground
from appliance.audio.gain import AutoGain
from appliance.audio.ring import Ring
from appliance.audio.vad import RATE, WINDOW, EnergyVad, Vad
from appliance.messages import (
    EndpointTimes,
    Level,
    Listen,
    Message,
    Pcm,
    PcmEnd,
    SpeechEnded,
    SpeechStarted,
)
from appliance.sound.levels import SignalCheck, peak_db, rms_db

Reason = Literal["endpoint", "key", "limit", "file", "discard", "lost"]

_SEND_SAMPLES = _METER_SAMPLES = RATE // 10
_LEAD_SECONDS = 0.5  # kept before the first word the VAD is sure of


class Listener:
    """Mono at 16 kHz in; `Level`, `SpeechStarted`, `SpeechEnded` to main; PCM to the recogniser.

    Nothing is sent before `begin`: until then blocks only pass through the ring. Where the VAD
    ends the utterance it also begins it: until somebody speaks, nothing but levels leaves, and
    only the last moments before the first word are kept.
    """

    def __init__(
        self,
        vad: Vad,
        send: Callable[[Message], None],
        to_asr: Callable[[Message], None],
        ring_seconds: float = 1.5,
    ) -> None:
        self._vad = vad
        self._sounding = EnergyVad()
        self._endpointer = Endpointer(EndpointTimes(), WINDOW / RATE)
        self._send = send
        self._to_asr = to_asr
        self._ring = Ring(int(ring_seconds * RATE))
        self._gain = AutoGain()
        self._request = Listen(-1, endpoint=False)
        self._turn = -1
        self._recorded_turn = -1
        self._begin_recording()

    def _begin_recording(self) -> None:
        self._blocks: list[NDArray[np.float32]] = []
        self._sent_blocks = 0
        self._unmetered: list[NDArray[np.float32]] = []
        self._window = np.zeros(0, np.float32)
        self._sent_end: PcmEnd | None = None
        self._check = SignalCheck()
        self._foreground = Foreground(WINDOW / RATE)
        self._heard = False

    @property
    def turn(self) -> int:
        """The turn that is listened to; -1: none."""
        return self._turn

    def use(self, vad: Vad) -> None:
        """Decide by this one from the next utterance on."""
        self._vad = vad

    def recorded(self) -> NDArray[np.float32]:
        """The last utterance, or what there is of the current one."""
        return np.concatenate([*self._blocks, np.zeros(0, np.float32)])

    def begin(self, request: Listen) -> None:
        """Listen as told. A turn still open is ended as discarded."""
        if self._turn >= 0:
            self.end("discard")
        self._request = request
        self._turn = self._recorded_turn = request.turn
        self._begin_recording()
        self._vad.reset()
        self._sounding.reset()
        self._endpointer.reset(request.times)
        if request.preroll > 0:
            self._hear(self._ring.last(int(request.preroll * RATE)))

    def feed(self, block: NDArray[np.float32], muted: bool = False) -> None:
        """A captured block. `muted`: the box spoke meanwhile, this is silence in its place."""
        self._ring.write(block)
        if self._turn < 0:
            return
        if not muted:
            self._check.add(block)
        self._hear(block)

    def feed_file(self, block: NDArray[np.float32]) -> None:
        """A block of a file: it does not pass through the ring."""
        if self._turn >= 0:
            self._hear(block)

    def forget(self) -> None:
        """The microphone was closed: nothing said before may be heard later."""
        self._ring.clear()
        self._gain.reset()

    def end(self, reason: Reason) -> None:
        """The utterance is over."""
        if self._turn < 0:
            return
        self._decide_rest()
        turn, self._turn = self._turn, -1
        speaking = self._endpointer.confirmed if self._request.endpoint else self._heard
        heard = speaking and reason != "discard"
        if heard:
            self._flush(turn)
        self._sent_end = PcmEnd(turn, 0, last=True, discard=not heard)
        self._give(self._sent_end)
        seconds = sum(len(block) for block in self._blocks) / RATE
        waited = max(self._endpointer.silence, self._foreground.faint)
        waited = waited if reason == "endpoint" else 0.0
        self._send(SpeechEnded(turn, seconds, heard, reason, self._check.flaw, waited))

    def stop(self, turn: int) -> None:
        """The turn was stopped: end it without a word."""
        if 0 <= self._turn <= turn:
            ended, self._turn = self._turn, -1
            self._give(PcmEnd(ended, 0, last=True, discard=True))

    def replay(self) -> list[Message]:
        """What a recogniser that connects now must be told of the newest utterance."""
        if self._recorded_turn < 0 or self._request.private or self.waiting:
            return []
        self._sent_blocks = len(self._blocks)
        messages: list[Message] = [_pcm(self._recorded_turn, block) for block in self._blocks]
        return messages if self._sent_end is None else [*messages, self._sent_end]

    @property
    def waiting(self) -> bool:
        """Whether nobody has spoken yet who is waited for."""
        return self._turn >= 0 and self._request.endpoint and not self._endpointer.confirmed

    def _hear(self, block: NDArray[np.float32]) -> None:
        if not len(block):
            return
        if self._request.meter:
            self._unmetered.append(block)
        if sum(len(part) for part in self._unmetered) >= _METER_SAMPLES:
            self._report(np.concatenate(self._unmetered))
            self._unmetered = []
        if self._request.gain:
            block = self._gain.apply(block, RATE)
        self._blocks.append(block)
        self._decide(block)
        if self.waiting:
            self._keep_the_last()
        elif self._turn >= 0:
            self._send_if_enough()

    def _keep_the_last(self) -> None:
        kept = (_LEAD_SECONDS + self._endpointer.since_onset) * RATE
        count = sum(len(block) for block in self._blocks)
        while count - len(self._blocks[0]) > kept:
            count -= len(self._blocks.pop(0))

    def _send_if_enough(self) -> None:
        unsent = sum(len(block) for block in self._blocks[self._sent_blocks :])
        if unsent >= _SEND_SAMPLES:
            self._flush(self._turn)

    def _flush(self, turn: int) -> None:
        unsent = self._blocks[self._sent_blocks :]
        self._sent_blocks = len(self._blocks)
        if unsent:
            self._give(_pcm(turn, np.concatenate(unsent)))

    def _give(self, message: Message) -> None:
        if not self._request.private:
            self._to_asr(message)

    def _report(self, samples: NDArray[np.float32]) -> None:
        endpointer = self._endpointer
        speaking = endpointer.started and not endpointer.ended
        gain = self._gain.gain_db if self._request.gain else 0.0
        self._send(
            Level(rms_db(samples), peak_db(samples), speaking, endpointer.elapsed, round(gain, 1))
        )

    def _decide(self, block: NDArray[np.float32]) -> None:
        self._window = np.concatenate([self._window, block])
        while len(self._window) >= WINDOW and self._turn >= 0:
            window, self._window = self._window[:WINDOW], self._window[WINDOW:]
            self._update(window)

    def _update(self, window: NDArray[np.float32]) -> None:
        endpointer, waits = self._endpointer, self._request.endpoint
        before = endpointer.confirmed
        speech = self._vad.is_speech(window)
        endpointer.update(speech, self._sounding.is_speech(window))
        gain = self._gain.gain_db if self._request.gain else 0.0
        self._foreground.update(rms_db(window) - gain, speech)
        self._heard |= endpointer.started
        if endpointer.confirmed and not before:
            self._send(SpeechStarted(self._turn))
        if endpointer.too_long or (endpointer.held_too_long and not waits):
            self.end("limit")
        elif waits and (endpointer.ended or endpointer.given_up or self._left_to_others):
            self.end("endpoint")

    @property
    def _left_to_others(self) -> bool:
        return self._endpointer.confirmed and self._foreground.left

    def _decide_rest(self) -> None:
        """The last part of a window, so that a very short word is not lost."""
        if len(self._window) >= WINDOW // 2:
            padded = np.zeros(WINDOW, np.float32)
            padded[: len(self._window)] = self._window
            self._endpointer.update(self._vad.is_speech(padded))
            self._heard |= self._endpointer.started
        self._window = np.zeros(0, np.float32)


def _pcm(turn: int, samples: NDArray[np.float32]) -> Pcm:
    return Pcm(turn, 0, RATE, samples.astype("<f4").tobytes())
