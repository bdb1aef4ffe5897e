"""A question typed on the keypad in sentence mode, through the real editor and the real predictor.

Time is virtual: what the LLM would be told, and when, comes out as a list.
"""

from __future__ import annotations

from dataclasses import dataclass

from pypinyin import lazy_pinyin

from appliance.dialogue.predictor import Predictor
from ui.input.editing.editor import Editor
from ui.input.engine import Engine
from ui.input.learning.user import MemoryWords
from ui.input.syllables import keys_of
from ui.keymap import Action, Intent

SECONDS_PER_HANZI = 1.0
TAP = 0.09
"""Seconds between D down and D up: from its way down on, the sentence is taken for certain."""


@dataclass(frozen=True, slots=True)
class Told:
    """At second `at` the LLM was told that `certain` begins the question, or is all of it."""

    at: float
    certain: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What was told on the way, the `text` that was sent, and when."""

    told: tuple[Told, ...]
    text: str
    sent: float


def type_question(question: str, send_after: float, accept: bool) -> Typed:
    """Type `question`, then send it.

    `accept`: D takes the sentence first, and `send_after` seconds later D sends it. Otherwise one
    D does both, its way up `send_after` seconds after the last key.
    """
    return _Typist().run(question, send_after, accept)


class _Typist:
    def __init__(self) -> None:
        self._now = 0.0
        self._told: list[Told] = []
        self._editor = Editor(Engine(MemoryWords()), lambda: self._now)
        self._predictor = Predictor(self._editor, lambda: self._now, self._tell)

    def _tell(self, certain: str, closed: bool) -> bool:
        self._told.append(Told(self._now, certain, closed))
        return True

    def run(self, question: str, send_after: float, accept: bool) -> Typed:
        for syllable in lazy_pinyin(question):
            for key in keys_of(syllable):
                self._wait(SECONDS_PER_HANZI / len(syllable))
                self._editor.act(Action(Intent.TYPE, int(key)))
                self._predictor.typed()
        self._wait(SECONDS_PER_HANZI / 3 if accept else send_after - TAP)
        self._predictor.settled(self._editor.sentence())
        self._wait(TAP)
        if accept:
            self._editor.act(Action(Intent.ACCEPT))
            self._predictor.typed()
            self._wait(send_after)
        return Typed(tuple(self._told), self._editor.accept(), self._now)

    def _wait(self, seconds: float) -> None:
        end = self._now + seconds
        pause = self._predictor.next_deadline
        if pause is not None and pause <= end:
            self._now = pause
            self._predictor.tick(pause)
        self._now = end
