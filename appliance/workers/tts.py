"""The TTS worker: `Say` in, PCM to the audio worker, `Synthesised` back."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from appliance.engines.errors import EngineError
from appliance.engines.synthesisers import load_synthesiser
from appliance.engines.tts import Synthesiser
from appliance.messages import (
    Credit,
    Fault,
    Loading,
    Message,
    Pcm,
    PcmEnd,
    Ready,
    Say,
    Synthesised,
    Warn,
)
from appliance.workers.host import Worker, run
from appliance.workers.options import TtsOptions
from appliance.workers.pcm import PcmClient

_CHUNK_SECONDS = 0.2
_LINK_SECONDS = 5.0  # the audio worker restarts faster than this, or not at all


class TtsWorker(Worker[TtsOptions]):
    """Synthesises one clause after the other, ahead of the speaker as far as credit goes."""

    def __init__(self, options: TtsOptions, send: Callable[[Message], None]) -> None:
        super().__init__(options, send)
        self._engine: Synthesiser | None = None
        self._room = threading.Condition()
        self._credit = 0.0
        self._warned: set[str] = set()
        self._link: PcmClient | None = None

    def start(self) -> None:
        """Load the voice model and synthesise a syllable, so that the first clause is fast."""
        began = time.perf_counter()
        self.send(Loading(0.0))
        config = self.options.config
        try:
            engine = load_synthesiser(config)
        except EngineError as error:
            self.send(Fault(error.code, str(error), fatal=True))
            raise SystemExit(1) from error
        if self.options.warm_up:
            engine.synthesise("好", "", 1.0, lambda _samples: None, lambda: False)
        self._engine = engine
        self._link = PcmClient(self.options.pcm_socket, "tts", self._from_audio, self._audio_lost)
        seconds = time.perf_counter() - began
        detail: dict[str, str | int | float] = {
            "voices": ",".join(engine.voices),
            "rate": engine.rate,
            "threads": config.threads,
        }
        self.send(Ready(config.engine, config.directory, seconds, detail))

    def handle(self, message: Message) -> None:
        """Synthesise a `Say`."""
        if isinstance(message, Say):
            self._say(message)

    def urgent(self, message: Message) -> None:
        """A stop ends waiting for credit; the engine's callback asks `stale`."""
        with self._room:
            self._room.notify_all()

    def close(self) -> None:
        """Leave the audio worker."""
        if self._link is not None:
            self._link.close()

    def _say(self, say: Say) -> None:
        engine, link = self._engine, self._link
        if engine is None or link is None:
            return
        if not link.connected.wait(_LINK_SECONDS):
            self.send(Fault("no-speaker", "the audio worker does not answer", say.turn))
            return
        voice = say.voice or self.options.voice
        if voice and voice not in engine.voices and voice not in self._warned:
            self._warned.add(voice)
            self.send(Warn(f"no voice {voice!r}; there are {', '.join(engine.voices)}"))
        made, waited = 0, 0.0

        def on_samples(samples: NDArray[np.float32]) -> None:
            nonlocal made, waited
            made += len(samples)
            began = time.perf_counter()
            self._emit(say, samples, engine.rate)
            waited += time.perf_counter() - began

        began = time.perf_counter()
        engine.synthesise(say.text, voice, say.speed, on_samples, lambda: self.stale(say.turn))
        compute = time.perf_counter() - began - waited
        if not self.stale(say.turn):
            link.send(PcmEnd(say.turn, say.clause, say.last))
            self.send(Synthesised(say.turn, say.clause, made / engine.rate, compute))

    def _emit(self, say: Say, samples: NDArray[np.float32], rate: int) -> None:
        size = int(_CHUNK_SECONDS * rate)
        for start in range(0, len(samples), size):
            chunk = samples[start : start + size]
            if not self._take_credit(say.turn, len(chunk) / rate) or self._link is None:
                return
            self._link.send(Pcm(say.turn, say.clause, rate, chunk.astype("<f4").tobytes()))

    def _take_credit(self, turn: int, seconds: float) -> bool:
        """Wait for room at the speaker. False: the turn was stopped, or the link was lost."""
        link = self._link
        with self._room:
            self.beat()
            self._room.wait_for(
                lambda: (
                    self._credit >= seconds
                    or self.stale(turn)
                    or link is None
                    or not link.connected.is_set()
                )
            )
            if self._credit < seconds or self.stale(turn):
                return False
            self._credit -= seconds
            return True

    def _from_audio(self, message: Message) -> None:
        if isinstance(message, Credit):
            with self._room:
                self._credit += message.seconds
                self._room.notify_all()

    def _audio_lost(self) -> None:
        with self._room:
            self._credit = 0.0  # the next audio worker grants anew
            self._room.notify_all()


if __name__ == "__main__":
    sys.exit(run(TtsWorker, TtsOptions))
