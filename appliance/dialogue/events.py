"""What has happened in the dialogue, on its way to the machine that it moves."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from appliance.dialogue.question import Question
from appliance.dialogue.tables import InputEvent, TurnEvent
from appliance.dialogue.talk import Utterance

Event = InputEvent | TurnEvent


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of one of the two machines, and what it carries to the commands that follow."""

    event: Event
    question: Question | None = None
    utterance: Utterance | None = None


class Events:
    """A queue that empties itself: whoever posts need not know who takes.

    `take` gets one after the other. What is posted meanwhile waits until that one is done with, so
    no machine moves while it performs what it moved for. `settled` is called when none is left:
    what lies between two of them concerns nobody.
    """

    def __init__(self) -> None:
        self.take: Callable[[Happened], None] = lambda _happened: None
        self.settled: Callable[[], None] = lambda: None
        self._waiting: deque[Happened] = deque()
        self._taking = False

    def post(
        self,
        event: Event,
        question: Question | None = None,
        utterance: Utterance | None = None,
    ) -> None:
        """Something has happened. It is done with at the return, unless one is being taken."""
        self._waiting.append(Happened(event, question, utterance))
        if self._taking:
            return
        self._taking = True
        try:
            while self._waiting:
                self.take(self._waiting.popleft())
        finally:
            self._taking = False
            self._waiting.clear()  # of what follows from a step that failed nothing is done
        self.settled()
