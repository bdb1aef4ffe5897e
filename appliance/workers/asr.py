"""The ASR worker: PCM from the audio worker, `Partial` and `Transcript` to main."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from appliance.engines.asr import Recogniser
from appliance.engines.errors import EngineError
from appliance.engines.kws import Sighting, Spotter
from appliance.engines.recognisers import load_recogniser
from appliance.engines.spotters import load_spotter
from appliance.messages import (
    Fault,
    Loading,
    Message,
    Partial,
    Pcm,
    PcmEnd,
    Ready,
    Recognise,
    Spot,
    Spotted,
    Transcript,
    Warn,
)
from appliance.workers.host import Worker, run
from appliance.workers.options import AsrOptions
from appliance.workers.pcm import PcmClient

_KEPT_TURNS = 2
_POLL_SECONDS = 0.5
_LOST_SECONDS = 3.0  # without audio after the link broke: the rest of the utterance is gone


class Utterances:
    """PCM by turn, between the link's thread and the worker's. The newest turns are kept."""

    def __init__(self) -> None:
        self._turns: dict[int, deque[Pcm | PcmEnd]] = {}
        self._changed = threading.Condition()
        self.losses = 0
        """How often the audio worker went away."""

    def put(self, message: Message) -> None:
        """From the link."""
        if not isinstance(message, Pcm | PcmEnd):
            return
        with self._changed:
            if message.turn not in self._turns:
                for turn in sorted(self._turns)[: -(_KEPT_TURNS - 1)]:
                    del self._turns[turn]
            self._turns.setdefault(message.turn, deque()).append(message)
            self._changed.notify_all()

    def wake(self) -> None:
        """A waiting `take` looks again."""
        with self._changed:
            self._changed.notify_all()

    def forget(self) -> None:
        """The audio worker is gone, and with it the rest of every utterance."""
        with self._changed:
            self.losses += 1
            self._turns.clear()
            self._changed.notify_all()

    def take(self, turn: int, given_up: Callable[[], bool], timeout: float) -> list[Pcm | PcmEnd]:
        """All that came of this turn; waits for something. Empty when given up or timed out."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._turns.get(turn)) or given_up(), timeout)
            messages = list(self._turns.get(turn, ()))
            if messages:
                self._turns[turn].clear()
            return messages


class AsrWorker(Worker[AsrOptions]):
    """Recognises one turn at a time."""

    def __init__(self, options: AsrOptions, send: Callable[[Message], None]) -> None:
        super().__init__(options, send)
        self._engine: Recogniser | None = None
        self._spotter: Spotter | None = None
        self._utterances = Utterances()
        self._link: PcmClient | None = None

    def start(self) -> None:
        """Load the model; connect to the audio worker."""
        began = time.perf_counter()
        self.send(Loading(0.0))
        config = self.options.config
        try:
            engine = load_recogniser(config, self.options.first)
        except EngineError as error:
            self.send(Fault(error.code, str(error), fatal=True))
            raise SystemExit(1) from error
        if self.options.warm_up:
            _warm_up(engine)
        self._engine = engine
        self._spotter = self._load_spotter(engine)
        self._link = PcmClient(
            self.options.pcm_socket, "asr", self._utterances.put, self._utterances.forget
        )
        seconds = time.perf_counter() - began
        self.send(Ready(config.engine, config.directory, seconds, {"threads": config.threads}))

    def _load_spotter(self, engine: Recogniser) -> Spotter:
        try:
            return load_spotter(self.options.kws, engine)
        except EngineError as error:
            self.send(Warn(f"the recogniser looks for the wake word itself: {error}"))
            return load_spotter(None, engine)

    def handle(self, message: Message) -> None:
        """Recognise a turn, or look for the wake phrase in it, until its end mark."""
        try:
            match message:
                case Recognise() if self._engine is not None:
                    self._recognise(self._engine, message)
                case Spot() if self._spotter is not None:
                    self._spot(self._spotter, message)
                case _:
                    pass
        except EngineError as error:
            assert isinstance(message, Recognise | Spot)
            self.send(Fault(error.code, str(error), message.turn))

    def urgent(self, message: Message) -> None:
        """A stop ends waiting for PCM."""
        self._utterances.wake()

    def close(self) -> None:
        """Leave the audio worker."""
        if self._link is not None:
            self._link.close()

    def _recognise(self, engine: Recogniser, request: Recognise) -> None:
        turn = request.turn
        engine.reset(request.language, request.hot_words)
        audio = compute = 0.0
        heard = ""
        for messages in self._hear(turn):
            began = time.perf_counter()
            for samples, rate in _pcm(messages):
                audio += len(samples) / rate
                engine.accept(samples, rate)
            end = _end(messages)
            if end is not None:
                text = "" if end.discard else engine.finish()
                compute += time.perf_counter() - began
                if not self.stale(turn):
                    self.send(Transcript(turn, text, audio, compute))
                return
            if self.options.partials:
                heard = self._report(engine, turn, heard)
            compute += time.perf_counter() - began

    def _spot(self, spotter: Spotter, request: Spot) -> None:
        turn = request.turn
        spotter.reset(request.phrase)
        for messages in self._hear(turn):
            certain = False
            for samples, rate in _pcm(messages):
                certain |= spotter.accept(samples, rate)
            end = _end(messages)
            if end is None and not certain:
                continue
            discarded = end is not None and end.discard
            found = Sighting("", 0.0) if discarded else spotter.finish()
            if not self.stale(turn):
                self.send(Spotted(turn, found.text, found.score, found.rest))
            return

    def _hear(self, turn: int) -> Iterator[list[Pcm | PcmEnd]]:
        """What comes of a turn, until it is stopped or the audio worker stays away."""
        missing = 0.0
        losses = self._utterances.losses
        while not self.stale(turn):
            messages = self._utterances.take(turn, lambda: self.stale(turn), _POLL_SECONDS)
            if messages:
                yield messages
                continue
            broken = losses != self._utterances.losses or not self._is_connected()
            missing = missing + _POLL_SECONDS if broken else 0.0
            if missing >= _LOST_SECONDS and not self.stale(turn):
                self.send(Fault("device-lost", "the audio worker does not answer", turn))
                return

    def _report(self, engine: Recogniser, turn: int, heard: str) -> str:
        text = engine.partial()
        if text != heard and not self.stale(turn):
            stable = next(
                (i for i, (a, b) in enumerate(zip(heard, text, strict=False)) if a != b), -1
            )
            self.send(Partial(turn, text, stable if stable >= 0 else min(len(heard), len(text))))
        return text

    def _is_connected(self) -> bool:
        return self._link is not None and self._link.connected.is_set()


def _pcm(messages: list[Pcm | PcmEnd]) -> Iterator[tuple[NDArray[np.float32], int]]:
    """Their samples, and the rate of each."""
    for message in messages:
        if isinstance(message, Pcm):
            yield np.frombuffer(message.samples, "<f4"), message.rate


def _end(messages: list[Pcm | PcmEnd]) -> PcmEnd | None:
    return next((message for message in messages if isinstance(message, PcmEnd)), None)


def _warm_up(engine: Recogniser) -> None:
    """The first run allocates; half a second of noise that is forgotten pays for it."""
    noise = np.random.default_rng(0).normal(0, 0.05, 8000).astype(np.float32)
    engine.reset()
    engine.accept(noise, 16000)
    engine.finish()
    engine.reset()


if __name__ == "__main__":
    sys.exit(run(AsrWorker, AsrOptions))
