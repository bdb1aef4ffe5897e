"""What is already certain of the next question, so that the LLM evaluates it before it is sent.

Certain is what is committed, and of the open composition the leading words that have stood for a
while: a word the user is still spelling changes with every key. When the composition is accepted,
or the keys pause, the whole sentence is taken for the question and closed, so that sending it
costs one step. Whatever was wrong is rolled back by the LLM to what still agrees.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from appliance.clock import Clock
from appliance.dialogue.text_box import TextBox

STEADY_KEYS = 3
"""A word counts as certain when so many keys have not changed it or any word before it."""
PAUSE = 0.2
"""Seconds without a key after which the sentence shown is taken for the whole question."""

Tell = Callable[[str, bool], bool]


class Predictor:
    """Follows the text box, the ear and the review.

    `tell` takes the certain text and whether the question is complete; False when the LLM cannot
    be bothered now: then `again` is called when it can.
    """

    def __init__(self, editor: TextBox, clock: Clock, tell: Tell) -> None:
        self._editor = editor
        self._clock = clock
        self._tell = tell
        self._seen: deque[tuple[str, ...]] = deque(maxlen=STEADY_KEYS + 1)
        self._certain = ("", False)
        self._told = False
        self.eager = True  # false: nothing is done before it is asked for
        self._pause_at: float | None = None

    def typed(self) -> None:
        """A key was pressed in the text box."""
        words = self._editor.open_words()
        accepted = bool(self._seen) and not words
        if words:
            self._seen.append(words)
        else:
            self._seen.clear()
        before = self._editor.text[: self._editor.caret]
        self._learn(before + steady(self._seen) if words else self._editor.text, accepted)
        self._pause_at = None if accepted else self._clock() + PAUSE

    def heard(self, stable: str) -> None:
        """The user speaks; this much of it will not change."""
        self._learn(stable, False)

    def settled(self, question: str) -> None:
        """This is what will be sent, unless the user changes it."""
        self._pause_at = None
        self._learn(question, True)

    def sent(self) -> None:
        """The question is on its way: nothing is certain of the next."""
        self._seen.clear()
        self._pause_at = None
        self._certain, self._told = ("", False), False

    def again(self) -> None:
        """The LLM has time now, or what stands before the question has changed."""
        self._told = self.eager and self._tell(*self._certain)

    def catch_up(self) -> None:
        """The LLM has time: tell it what came while it had none."""
        if not self._told and self._certain[0]:
            self.again()

    @property
    def next_deadline(self) -> float | None:
        """See `appliance.timers.Timed`."""
        return self._pause_at

    def tick(self, now: float) -> None:
        if self._pause_at is not None and now >= self._pause_at:
            self._pause_at = None
            self._learn(self._editor.sentence(), True)

    def _learn(self, text: str, whole: bool) -> None:
        certain = (text, whole and bool(text))
        if certain != self._certain:
            self._certain = certain
            self.again()


def steady(seen: deque[tuple[str, ...]]) -> str:
    """The leading words that all of the last sentences share; "" before there are enough."""
    if seen.maxlen is None or len(seen) < seen.maxlen:
        return ""
    return "".join(words[0] for words in _common(seen))


def _common(seen: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    columns = []
    for column in zip(*seen, strict=False):
        if len(set(column)) > 1:
            break
        columns.append(column)
    return columns
