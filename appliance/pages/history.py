"""Old conversations: a browser, and one of them to read and to continue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appliance.pages.page import Home, Outcome, Page, Push
from ui.reader import Reader
from ui.views import AnswerView, HistoryItem, HistoryView, View

PAGE_ITEMS = 2


@dataclass(frozen=True, slots=True)
class Summary:
    """A stored conversation as the browser lists it."""

    id: int
    when: str
    question: str
    turns: int


@dataclass(frozen=True, slots=True)
class StoredTurn:
    question: str
    answer: str


class HistoryPage(Page):
    """The newest conversation first, two a page."""

    def __init__(
        self,
        conversations: Sequence[Summary],
        read: Callable[[int], Sequence[StoredTurn]],
        resume: Callable[[int], None],
    ) -> None:
        self._conversations = conversations
        self._read = read
        self._resume = resume
        self._selected = 0

    def view(self) -> View:
        first = self._selected - self._selected % PAGE_ITEMS
        shown = self._conversations[first : first + PAGE_ITEMS]
        items = tuple(HistoryItem(it.when, it.question, it.turns) for it in shown)
        return HistoryView(items, self._selected - first, first, len(self._conversations))

    def move(self, step: int) -> Outcome:
        if self._conversations:
            self._selected = (self._selected + step) % len(self._conversations)
        return None

    def enter(self) -> Outcome:
        if not self._conversations:
            return None
        chosen = self._conversations[self._selected]
        turns = self._read(chosen.id)
        return Push(ConversationPage(turns, lambda: self._resume(chosen.id)))


class ConversationPage(Page):
    """One conversation to read; D goes on with it."""

    def __init__(self, turns: Sequence[StoredTurn], resume: Callable[[], None]) -> None:
        self._resume = resume
        self._reader = Reader()
        for turn in turns:
            self._reader.ask(turn.question)
            self._reader.append(turn.answer)
            self._reader.finish()

    def view(self) -> View:
        return AnswerView(self._reader)

    def move(self, step: int) -> Outcome:
        self._reader.scroll(step)
        return None

    def enter(self) -> Outcome:
        self._resume()
        return Home()
