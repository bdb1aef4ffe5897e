"""Who may interrupt whom: the one place where the reader thread touches the engine's work."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from appliance.engines.llama.abort import AbortFlag
from appliance.messages import Ask, Exchange, Message, Prefill, Score, SetThreads, Stop


@dataclass(slots=True)
class Ahead:
    """Work done ahead of a question. `body` tokens serve every question that begins so."""

    system: str
    history: tuple[Exchange, ...]
    certain: str
    body: int
    position: int = 0

    def serves(self, system: str, history: tuple[Exchange, ...], question: str) -> bool:
        """Whether the batch that is being evaluated now is one this question needs."""
        if system != self.system or history != self.history:
            return False
        if question == self.certain:
            return True
        return question.startswith(self.certain) and self.position < self.body


class Control:
    """The abort flag, and whom it would hit now."""

    def __init__(self) -> None:
        self.flag = AbortFlag()
        self._lock = threading.Lock()
        self._turn: int | None = None
        self._ahead: Ahead | None = None
        self._scoring = False

    def begin_turn(self, turn: int) -> None:
        with self._lock:
            self._turn, self._ahead, self._scoring = turn, None, False
            self.flag.clear()

    def begin_ahead(self, ahead: Ahead) -> None:
        with self._lock:
            self._turn, self._ahead, self._scoring = None, ahead, False
            self.flag.clear()

    def begin_score(self) -> None:
        with self._lock:
            self._turn, self._ahead, self._scoring = None, None, True
            self.flag.clear()

    def end(self) -> None:
        with self._lock:
            self._turn, self._ahead, self._scoring = None, None, False
            self.flag.clear()

    def stop(self, turn: int) -> None:
        with self._lock:
            if self._turn is not None and self._turn <= turn:
                self.flag.set()

    def give_way(self, message: Message) -> None:
        with self._lock:
            if self._interrupts(message):
                self.flag.set()

    def _interrupts(self, message: Message) -> bool:
        if isinstance(message, Stop | SetThreads):
            return False
        if self._scoring:
            return True
        if self._ahead is None or isinstance(message, Score):
            return False
        match message:
            case Ask(system=system, history=history, question=question):
                return not self._ahead.serves(system, history, question)
            case Prefill(system=system, history=history, certain=certain):
                return not self._ahead.serves(system, history, certain)
        return True
