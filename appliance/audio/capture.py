"""What the listener is fed with: the microphone's blocks, or a recording in their place."""

from __future__ import annotations

import queue

import numpy as np
from numpy.typing import NDArray

from appliance.audio.file_microphone import FileMicrophone
from appliance.audio.listener import Listener
from appliance.audio.player import Player
from appliance.audio.vad import RATE
from appliance.clock import Clock
from appliance.messages import Listen
from appliance.sound.resample import Resampler, resample
from appliance.sound.wav import read_wav

_ECHO_SECONDS = 0.06  # the room's own, after the speaker fell silent


class Capture:
    """`put` and `wake` are for any thread; all else belongs to whoever holds the worker's lock."""

    def __init__(self, listener: Listener, player: Player, clock: Clock) -> None:
        self._listener = listener
        self._player = player
        self._clock = clock
        self._waiting: queue.SimpleQueue[tuple[NDArray[np.float32], int] | None]
        self._waiting = queue.SimpleQueue()
        self._resampler = Resampler(RATE, RATE)
        self._rate = RATE
        self._muted_until = float("-inf")
        self._file: FileMicrophone | None = None  # instead of the real one

    # ------------------------------------------------------------ between the threads

    def put(self, block: NDArray[np.float32], rate: int) -> None:
        """A block was captured: mono, at `rate` Hz."""
        self._waiting.put((block, rate))

    def wake(self) -> None:
        """Let `take` return."""
        self._waiting.put(None)

    def take(self, seconds: float) -> tuple[NDArray[np.float32], int] | None:
        """The next block; None when there was none within `seconds`, or after `wake`."""
        try:
            return self._waiting.get(timeout=seconds)
        except queue.Empty:
            return None

    # ------------------------------------------------------------ the microphone

    def feed(self, block: NDArray[np.float32], rate: int) -> None:
        """A captured block: silence while the box itself is heard (half-duplex)."""
        if rate != self._rate:
            self._resampler, self._rate = Resampler(rate, RATE), rate
        samples = self._resampler.process(block)
        muted = self._player.audible() or self._clock() < self._muted_until
        if self._file is None:
            self._listener.feed(np.zeros_like(samples) if muted else samples, muted)

    def drain(self) -> None:
        """What was captured before the key belongs to the utterance."""
        while True:
            try:
                captured = self._waiting.get_nowait()
            except queue.Empty:
                return
            if captured is not None:
                self.feed(*captured)

    def barge_in(self) -> None:
        """Silence first, and not the end of our own word in the microphone."""
        if self._player.audible() or self._player.busy:
            self._player.stop_all()
            self._muted_until = self._clock() + self._player.latency + _ECHO_SECONDS

    # ------------------------------------------------------------ a recording in its place

    @property
    def from_file(self) -> bool:
        """Whether a recording is being heard."""
        return self._file is not None

    def open_file(self, request: Listen) -> None:
        """Hear `request.wav` for its turn.

        Raises:
            WavError: it cannot be used as speech.
        """
        samples, rate = read_wav(request.wav)
        samples = resample(samples, rate, RATE)
        self._file = FileMicrophone(request.turn, samples, self._clock, request.fast)

    def step(self) -> None:
        """Feed what is due of the recording; its end is the end of the utterance."""
        if self._file is None:
            return
        for block in self._file.due():
            if self._listener.turn < 0:
                break
            self._listener.feed_file(block)
        if self._listener.turn < 0:
            self._file = None
        elif self._file.ended:
            self._file = None
            self._listener.end("file")

    def drop_file(self, turn: int | None = None) -> None:
        """Hear no more of it; with a turn, where it belongs to this one or an earlier one."""
        if turn is None or (self._file is not None and self._file.turn <= turn):
            self._file = None
