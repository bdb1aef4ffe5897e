"""Old conversations: a browser, and one of them to read and to continue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from appliance.clock import EARLIEST_YEAR
from appliance.conversations import StoredTurn, Summary
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.page import Home, Outcome, Page, Push
from ui.keymap import Intent
from ui.reader import Reader
from ui.screens.answer import AnswerView
from ui.screens.history import HistoryItem, HistoryView
from ui.view import View

PAGE_ITEMS = 2


class Browser(Protocol):
    """Reads the store without making anybody wait; `then` is called on the loop."""

    def list_conversations(self, then: Callable[[list[Summary]], None]) -> None: ...

    def read_conversation(
        self, conversation: int, then: Callable[[list[StoredTurn]], None]
    ) -> None: ...

    def resume(self, conversation: int, turns: list[StoredTurn]) -> None: ...


class HistoryPage(Page):
    """The newest conversation first, two a page. `changed` is called when something was read."""

    def __init__(
        self, browser: Browser, changed: Callable[[], None], resumed: Callable[[], None]
    ) -> None:
        self._browser = browser
        self._changed = changed
        self._resumed = resumed
        self._conversations: Sequence[Summary] = ()
        self._selected = 0
        browser.list_conversations(self._arrived)

    def _arrived(self, conversations: list[Summary]) -> None:
        self._conversations = conversations
        self._changed()

    def view(self) -> View:
        first = self._selected - self._selected % PAGE_ITEMS
        shown = self._conversations[first : first + PAGE_ITEMS]
        items = tuple(HistoryItem(_when(it.started), it.title, it.turns) for it in shown)
        return HistoryView(items, self._selected - first, first, len(self._conversations))

    def move(self, step: int) -> Outcome:
        if self._conversations:
            self._selected = (self._selected + step) % len(self._conversations)
        return None

    def enter(self) -> Outcome:
        if not self._conversations:
            return None
        chosen = self._conversations[self._selected].id
        page = ConversationPage(self._changed, lambda turns: self._resume(chosen, turns))
        self._browser.read_conversation(chosen, page.fill)
        return Push(page)

    def _resume(self, conversation: int, turns: list[StoredTurn]) -> None:
        self._browser.resume(conversation, turns)
        self._resumed()


class ConversationPage(Page):
    """One conversation to read; D goes on with it."""

    def __init__(
        self, changed: Callable[[], None], resume: Callable[[list[StoredTurn]], None]
    ) -> None:
        self._changed = changed
        self._resume = resume
        self._turns: list[StoredTurn] = []
        self._reader = Reader()

    def fill(self, turns: list[StoredTurn]) -> None:
        """The turns were read."""
        self._turns = turns
        for turn in turns:
            self._reader.ask(turn.question)
            self._reader.append(turn.answer)
            self._reader.finish()
        self._reader.scroll(-self._reader.total)
        self._changed()

    def view(self) -> View:
        return AnswerView(self._reader)

    def move(self, step: int) -> Outcome:
        self._reader.scroll(step)
        return None

    def leap(self, direction: int) -> Outcome:
        self._reader.page(direction)
        return None

    def enter(self) -> Outcome:
        if not self._turns:
            return None
        self._resume(self._turns)
        return Home()


def _when(started: float) -> str:
    """A moment as the browser shows it; "" where the clock was not set."""
    moment = datetime.fromtimestamp(started).astimezone()
    return f"{moment:%m-%d %H:%M}" if moment.year >= EARLIEST_YEAR else ""


def _open(context: Context) -> Page:
    app = context.app
    return HistoryPage(context.browser, app.changed, app.conductor.continue_conversation)


LISTINGS = (
    Listing(
        where=Where.MAIN, order=20, zh="历史", en="History", enter=_open, intent=Intent.HISTORY
    ),
)
