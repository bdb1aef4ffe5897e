"""What the user asked the box to remember: kept, found, forgotten, and put behind a question.

It stands behind the question because what stands before it is a prefix that is never evaluated
twice. Nothing waits for the disk: what a question recalls is looked up while it is still typed.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from appliance.memory import facts
from appliance.memory.facts import Fact
from ui.strings import Text

T = TypeVar("T")

_RECALLED = Text("\n（我告诉过你：{text}。）", "\n(I told you: {text}.)")
BETWEEN = "；"
"""Stands between two facts that are told together."""


class Store(Protocol):
    """`lory.db` as whoever keeps something of his own there uses it. Nothing waits for the disk."""

    def submit(self, job: Callable[[sqlite3.Connection], T]) -> object:
        """Run a job; a disk that refuses is told by the store."""

    def fetch(
        self,
        job: Callable[[sqlite3.Connection], T],
        then: Callable[[T], object],
        lost: Callable[[], object] = ...,
    ) -> None:
        """Hand what a job finds to `then`, on the loop. `lost`: the disk refused."""


def reminder(texts: Iterable[str], language: str) -> str:
    """What stands behind a question of which the user once told `texts`; "" without any."""
    text = BETWEEN.join(texts)
    return _RECALLED.of(language).format(text=text) if text else ""


class Recollection:
    """Facts through the store. Callbacks run on the loop, at once where nothing is to be read.

    `lost` of a method is called in the place of its `then` where the disk refuses.
    """

    def __init__(self, store: Store, language: Callable[[], str]) -> None:
        self._store = store
        self._language = language
        self._count = 0
        self._recalled = ("", "")  # the last question, and what it recalls
        store.fetch(facts.facts, self._counted)

    @property
    def empty(self) -> bool:
        """Whether nothing is kept."""
        return not self._count

    def recall(self, question: str, then: Callable[[str], None]) -> None:
        """What to put behind a question for the model; "" when nothing is known of it."""
        if not self._count:
            then("")
        elif self._recalled[0] == question:
            then(self._recalled[1])
        else:
            self._store.fetch(
                lambda connection: facts.relevant(connection, question),
                lambda found: then(self._found(question, found)),
                lambda: then(""),
            )

    def read(
        self, then: Callable[[list[Fact]], None], lost: Callable[[], None] = lambda: None
    ) -> None:
        """All facts, the latest first."""
        self._store.fetch(facts.facts, then, lost)

    def find(
        self, text: str, then: Callable[[Fact | None], None], lost: Callable[[], None]
    ) -> None:
        """The fact that a text fits best; None where none does."""
        self._store.fetch(
            lambda connection: facts.relevant(connection, text, limit=1),
            lambda found: then(found[0] if found else None),
            lost,
        )

    def remember(
        self, text: str, then: Callable[[Fact | None], None], lost: Callable[[], None]
    ) -> None:
        """Keep a text. None where it is kept already, or there is no room."""
        self._recalled = ("", "")
        self._count += 1
        self._store.fetch(
            lambda connection: facts.remember(connection, text, time.time()), then, lost
        )
        self._store.fetch(facts.facts, self._counted)

    def forget(self, fact: Fact) -> None:
        self._change(lambda connection: facts.forget(connection, fact))

    def forget_all(self) -> None:
        self._change(facts.forget_all)

    def _change(self, job: Callable[[sqlite3.Connection], None]) -> None:
        self._recalled = ("", "")
        self._store.submit(job)
        self._store.fetch(facts.facts, self._counted)

    def _counted(self, known: list[Fact]) -> None:
        self._count = len(known)

    def _found(self, question: str, found: list[Fact]) -> str:
        recalled = reminder((fact.text for fact in found), self._language())
        self._recalled = (question, recalled)
        return recalled
