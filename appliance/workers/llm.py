"""The LLM worker: one loaded model, one turn at a time, and useful work while it is idle."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from appliance.engines.llm import LlmEngine, LlmError, LlmOptions
from appliance.engines.native_build import ForeignBuildError
from appliance.messages import (
    Adapt,
    Ask,
    Fault,
    Loading,
    Message,
    Prefill,
    Ready,
    Score,
    Scores,
    SetThreads,
    Stop,
    Warn,
)
from appliance.workers.host import Worker, run

_LOADING_STEP = 0.02


def load_engine(options: LlmOptions, progress: Callable[[float], None]) -> LlmEngine:
    """The engine for these options.

    Raises:
        LlmError: the engine is not installed, or the model cannot be loaded.
    """
    # Imported here so that a missing or broken llama.cpp becomes a message on the glass.
    try:
        from appliance.engines.llama.engine import LlamaEngine
    except ForeignBuildError as error:
        raise LlmError("engine-foreign", str(error)) from error
    except (ImportError, OSError, RuntimeError) as error:
        raise LlmError("engine-missing", f"llama-cpp-python: {error}") from error
    return LlamaEngine(options, progress)


class LlmWorker(Worker[LlmOptions]):
    """Answers Ask, Prefill and Score."""

    def __init__(self, options: LlmOptions, send: Callable[[Message], None]) -> None:
        super().__init__(options, send)
        self._engine: LlmEngine | None = None
        self._threads = 0
        self._prefill: Prefill | None = None
        self._score: Score | None = None
        self._reported = 0.0

    def start(self) -> None:
        began = time.monotonic()
        self.send(Loading(0.0))
        try:
            engine = load_engine(self.options, self._loading)
        except LlmError as error:
            self.send(Fault(error.code, error.detail, fatal=True))
            raise SystemExit(1) from error
        for warning in engine.loaded.warnings:
            self.send(Warn(warning))
        self._engine = engine
        if self._threads:
            engine.set_threads(self._threads)
        loaded = engine.loaded
        self.send(Ready(loaded.engine, loaded.model, time.monotonic() - began, loaded.detail))

    def _loading(self, fraction: float) -> None:
        if fraction - self._reported >= _LOADING_STEP:
            self._reported = fraction
            self.send(Loading(fraction))

    def urgent(self, message: Message) -> None:
        match message:
            case Stop(turn) if self._engine is not None:
                self._engine.stop(turn)
            case SetThreads(threads):
                self._threads = threads
                if self._engine is not None:
                    self._engine.set_threads(threads)

    def arrived(self, message: Message) -> None:
        if self._engine is not None:
            self._engine.give_way(message)

    def handle(self, message: Message) -> None:
        engine = self._engine
        if engine is None:
            return
        match message:
            case Ask():
                self._prefill = self._score = None
                self._answer(engine, message)
            case Prefill():
                self._prefill = message
            case Adapt():
                self._adapt(engine, message)
            case Score(candidates=candidates):
                self._score = message if candidates else None

    def _adapt(self, engine: LlmEngine, message: Adapt) -> None:
        try:
            engine.adapt(message)
        except LlmError as error:
            self.send(Fault(error.code, error.detail))

    def _answer(self, engine: LlmEngine, ask: Ask) -> None:
        engine.begin(ask.turn)
        # A stop that came before `begin` is known here, one that comes later aborts.
        if self.stale(ask.turn):
            return
        try:
            self.send(engine.answer(ask, self.send))
        except LlmError as error:
            self.send(Fault(error.code, error.detail, ask.turn))

    def idle(self) -> None:
        engine = self._engine
        while engine is not None and not self.waiting():
            if self._prefill is not None:
                if engine.prefill(self._prefill, self.waiting):
                    self._prefill = None
            elif self._score is not None:
                score, self._score = self._score, None
                self.send(Scores(score.request, engine.score(score, self.waiting)))
            elif engine.tidy(self.waiting):
                return

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()


if __name__ == "__main__":
    sys.exit(run(LlmWorker, LlmOptions))
