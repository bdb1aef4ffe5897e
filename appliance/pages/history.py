"""Old conversations: a browser, and one of them to read, to continue, or to delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from appliance.clock import EARLIEST_YEAR
from appliance.memory.conversations import StoredTurn, Summary
from appliance.pages.confirm import Confirm
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.menu import Entry, Menu
from appliance.pages.page import Home, Outcome, Page, Pop, Push
from ui.keymap import Intent
from ui.reader import Reader
from ui.screens.answer import AnswerView
from ui.screens.menu import MenuItem
from ui.view import View

_AHEAD = 8  # so close to the last one that was read, older ones are read
# What is read where an answer should stand, by how its turn ended.
_UNANSWERED = {"length": "answer.spent", "stop": "answer.none", "loop": "answer.none"}


class HistoryPage(Menu):
    """The newest conversation first. Long D deletes the selected one, after a question."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._complete = False
        self._waiting = True
        self._known: list[Summary] = []
        super().__init__(context.say("history.title"), [])
        context.browser.list_conversations(self._arrived)

    def _arrived(self, older: list[Summary]) -> None:
        self._waiting = False
        self._complete = not older
        self._known += older
        self._entries = [self._entry(summary) for summary in self._known]
        self._context.app.changed()

    def _entry(self, summary: Summary) -> Entry:
        say = self._context.say
        when = _when(summary.started) or say("history.undated")
        note = f"{when}  {say('history.hint')}" if self._context.settings.flag("ui.hints") else when
        item = MenuItem(summary.title, say("history.turns", turns=summary.turns), note=note)
        return Entry(lambda: item, lambda: self._read(summary))

    def _read(self, summary: Summary) -> Outcome:
        context = self._context

        def resume(turns: list[StoredTurn]) -> None:
            context.conductor.continue_conversation(
                lambda: context.browser.resume(summary.id, turns)
            )

        page = ConversationPage(
            context.say("history.continue"),
            context.app.changed,
            resume,
            {reason: context.say(key) for reason, key in _UNANSWERED.items()},
        )
        context.browser.read_conversation(summary.id, page.fill)
        return Push(page)

    def move(self, step: int) -> Outcome:
        super().move(step)
        near_the_end = bool(self._known) and self.selected >= len(self._known) - _AHEAD
        if near_the_end and not (self._complete or self._waiting):
            self._waiting = True
            self._context.browser.list_conversations(self._arrived, self._known[-1].id)
        return None

    def confirm(self) -> Outcome:
        if not self._known:
            return None
        summary = self._known[self.selected]
        say = self._context.say
        return Push(Confirm(say("delete.title"), summary.title, lambda: self._delete(summary)))

    def _delete(self, summary: Summary) -> Outcome:
        browser = self._context.browser
        if browser.goes_on(summary.id):
            self._context.conductor.begin_anew()
        browser.delete_conversation(summary.id)
        place = self._known.index(summary)
        del self._known[place], self._entries[place]
        self.selected = max(0, min(self.selected, len(self._known) - 1))
        return Pop()


class ConversationPage(Page):
    """One conversation to read, all of its turns; D goes on with it."""

    def __init__(
        self,
        footer: str,
        changed: Callable[[], None],
        resume: Callable[[list[StoredTurn]], None],
        unanswered: Mapping[str, str],
    ) -> None:
        self._footer = footer
        self._unanswered = unanswered
        self._changed = changed
        self._resume = resume
        self._turns: list[StoredTurn] = []
        self._reader = Reader()

    def fill(self, turns: list[StoredTurn]) -> None:
        """The turns were read."""
        self._turns = turns
        for turn in turns:
            self._reader.ask(turn.question)
            self._reader.append(turn.answer or self._unanswered.get(turn.reason, ""))
        self._reader.finish(self._footer)
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
    """Today's time, this year's day, or an earlier month; "" where the clock was not set."""
    moment = datetime.fromtimestamp(started).astimezone()
    if moment.year < EARLIEST_YEAR:
        return ""
    now = datetime.now().astimezone()
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    return f"{moment:%m-%d}" if moment.year == now.year else f"{moment:%Y-%m}"


LISTINGS = (
    Listing(
        where=Where.MAIN,
        order=20,
        zh="历史",
        en="History",
        enter=HistoryPage,
        intent=Intent.HISTORY,
    ),
)
