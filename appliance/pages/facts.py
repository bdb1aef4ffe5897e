"""The memory page: what the box was asked to remember, each to be read whole and forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from appliance.memory.facts import Fact
from appliance.pages.confirm import Confirm
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.menu import Entry, Menu, row
from appliance.pages.page import Outcome, Push
from ui.screens.menu import MenuItem


class Memory(Protocol):
    """Reads and forgets facts without making anybody wait; `then` is called on the loop."""

    def read(self, then: Callable[[list[Fact]], None]) -> None: ...

    def forget(self, fact: Fact) -> None: ...

    def forget_all(self) -> None: ...


class FactsPage(Menu):
    """The latest fact first; the last row forgets them all. `changed` is called when read."""

    def __init__(self, memory: Memory, changed: Callable[[], None], say: Callable[[str], str]):
        self._memory = memory
        self._changed = changed
        self._say = say
        super().__init__(say("facts.title"), [], say("facts.hint"))
        memory.read(self._arrived)

    def _arrived(self, known: list[Fact]) -> None:
        self._entries = [self._entry(fact) for fact in known]
        if known:
            self._entries.append(row(self._say("facts.forget-all"), self._ask_all))
            self._hint = ""
        self._changed()

    def _entry(self, fact: Fact) -> Entry:
        return Entry(lambda: MenuItem(fact.text), lambda: self._ask(fact))

    def _ask(self, fact: Fact) -> Outcome:
        return Push(
            Confirm(self._say("facts.forget"), fact.text, lambda: self._memory.forget(fact))
        )

    def _ask_all(self) -> Outcome:
        return Push(
            Confirm(
                self._say("facts.forget-all"), self._say("facts.all-text"), self._memory.forget_all
            )
        )


def _open(context: Context) -> FactsPage:
    return FactsPage(context.conductor.knowledge.recollection, context.app.changed, context.say)


LISTINGS = (Listing(where=Where.NOTES, order=10, zh="记忆", en="Memory", enter=_open),)
