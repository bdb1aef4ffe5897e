"""From captured blocks to one utterance for the recogniser. Time is counted in samples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from appliance.audio.endpoint import Endpointer, EndpointTimes
from appliance.audio.levels import peak_db, rms_db
from appliance.audio.ring import Ring
from appliance.engines.vad import RATE, WINDOW, Vad
from appliance.messages import Level, Message, Pcm, PcmEnd, SpeechEnded, SpeechStarted

Reason = Literal["endpoint", "key", "limit", "file", "discard", "lost"]

_SEND_SAMPLES = RATE // 10


class Listener:
    """Mono at 16 kHz in; `Level`, `SpeechStarted`, `SpeechEnded` to main; PCM to the recogniser.

    Nothing is sent before `begin`: until then blocks only pass through the ring.
    """

    def __init__(
        self,
        vad: Vad,
        times: EndpointTimes,
        send: Callable[[Message], None],
        to_asr: Callable[[Message], None],
        ring_seconds: float = 1.5,
    ) -> None:
        self._vad = vad
        self._endpointer = Endpointer(times, WINDOW / RATE)
        self._send = send
        self._to_asr = to_asr
        self._ring = Ring(int(ring_seconds * RATE))
        self._turn = -1
        self._endpoint = False
        self._blocks: list[NDArray[np.float32]] = []
        self._unsent: list[NDArray[np.float32]] = []
        self._window = np.zeros(0, np.float32)
        self._sent_end: PcmEnd | None = None
        self._recorded_turn = -1

    @property
    def turn(self) -> int:
        """The turn that is listened to; -1: none."""
        return self._turn

    def recorded(self) -> NDArray[np.float32]:
        """The last utterance, or what there is of the current one."""
        return np.concatenate([*self._blocks, np.zeros(0, np.float32)])

    def begin(self, turn: int, endpoint: bool, preroll: float) -> None:
        """Listen, from `preroll` seconds ago. A turn still open is ended as discarded."""
        if self._turn >= 0:
            self.end("discard")
        self._turn, self._recorded_turn, self._endpoint = turn, turn, endpoint
        self._blocks, self._unsent, self._sent_end = [], [], None
        self._window = np.zeros(0, np.float32)
        self._vad.reset()
        self._endpointer.reset()
        if preroll > 0:
            self._hear(self._ring.last(int(preroll * RATE)))

    def feed(self, block: NDArray[np.float32]) -> None:
        """A captured block."""
        self._ring.write(block)
        if self._turn >= 0:
            self._hear(block)

    def feed_file(self, block: NDArray[np.float32]) -> None:
        """A block of a file: it does not pass through the ring."""
        if self._turn >= 0:
            self._hear(block)

    def forget(self) -> None:
        """The microphone was closed: nothing said before may be heard later."""
        self._ring.clear()

    def end(self, reason: Reason) -> None:
        """The utterance is over."""
        if self._turn < 0:
            return
        turn, self._turn = self._turn, -1
        self._decide_rest()
        heard = self._endpointer.started and reason != "discard"
        self._flush(turn)
        self._sent_end = PcmEnd(turn, 0, last=True, discard=not heard)
        self._to_asr(self._sent_end)
        seconds = sum(len(block) for block in self._blocks) / RATE
        self._send(SpeechEnded(turn, seconds, heard, reason))

    def stop(self, turn: int) -> None:
        """The turn was stopped: end it without a word."""
        if 0 <= self._turn <= turn:
            ended, self._turn = self._turn, -1
            self._to_asr(PcmEnd(ended, 0, last=True, discard=True))

    def replay(self) -> list[Message]:
        """What a recogniser that connects now must be told of the newest utterance."""
        if self._recorded_turn < 0:
            return []
        self._unsent = []
        messages: list[Message] = [_pcm(self._recorded_turn, block) for block in self._blocks]
        return messages if self._sent_end is None else [*messages, self._sent_end]

    def _hear(self, block: NDArray[np.float32]) -> None:
        if not len(block):
            return
        self._blocks.append(block)
        self._unsent.append(block)
        if sum(len(part) for part in self._unsent) >= _SEND_SAMPLES:
            self._report(np.concatenate(self._unsent))
            self._flush(self._turn)
        self._decide(block)

    def _flush(self, turn: int) -> None:
        if self._unsent:
            self._to_asr(_pcm(turn, np.concatenate(self._unsent)))
            self._unsent = []

    def _report(self, samples: NDArray[np.float32]) -> None:
        speaking = self._endpointer.started and not self._endpointer.ended
        elapsed = self._endpointer.elapsed
        self._send(Level(rms_db(samples), peak_db(samples), speaking, elapsed))

    def _decide(self, block: NDArray[np.float32]) -> None:
        self._window = np.concatenate([self._window, block])
        while len(self._window) >= WINDOW and self._turn >= 0:
            window, self._window = self._window[:WINDOW], self._window[WINDOW:]
            self._update(window)

    def _update(self, window: NDArray[np.float32]) -> None:
        before = self._endpointer.started
        self._endpointer.update(self._vad.is_speech(window))
        if self._endpointer.started and not before:
            self._send(SpeechStarted(self._turn))
        if self._endpointer.too_long:
            self.end("limit")
        elif self._endpoint and (self._endpointer.ended or self._endpointer.given_up):
            self.end("endpoint")

    def _decide_rest(self) -> None:
        """The last part of a window, so that a very short word is not lost."""
        if len(self._window) >= WINDOW // 2:
            padded = np.zeros(WINDOW, np.float32)
            padded[: len(self._window)] = self._window
            self._endpointer.update(self._vad.is_speech(padded))
        self._window = np.zeros(0, np.float32)


def _pcm(turn: int, samples: NDArray[np.float32]) -> Pcm:
    return Pcm(turn, 0, RATE, samples.astype("<f4").tobytes())
