"""How long each turn took, step by step: the last one live, then those before it."""

from __future__ import annotations

from appliance.memory.conversations import StoredTurn
from appliance.pages.context import Context
from appliance.pages.latency_rows import latency_rows, seconds_rows
from appliance.pages.listing import Listing, Where
from appliance.pages.page import Outcome, Page
from ui.screens.selftest import SelfTestRow, SelfTestView
from ui.view import View

_VISIBLE_ROWS = 3


class LatencyPage(Page):
    """D goes to the turn before, after the oldest to the last again; `*` and `#` move the rows."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._earlier: list[StoredTurn] = []
        self._back = 0  # how many turns before the last
        self._first = 0
        context.browser.latest_turns(self._arrived)

    def _arrived(self, turns: list[StoredTurn]) -> None:
        answer = self._context.conductor.answer
        # The last turn is shown from memory, where more is known of it.
        self._earlier = turns[1:] if answer is not None and answer.kept else turns
        self._context.app.changed()

    def view(self) -> View:
        say = self._context.say
        return SelfTestView(self._title(), self._rows(), self._first, say("keys.latency"))

    def _title(self) -> str:
        if self._back:
            return self._earlier[self._back - 1].question
        return self._context.say("latency.title")

    def _rows(self) -> tuple[SelfTestRow, ...]:
        if not self._back:
            return latency_rows(self._context.conductor)
        rows = seconds_rows(self._context.say, self._earlier[self._back - 1].timings)
        return rows or (SelfTestRow(self._context.say("latency.nothing")),)

    def move(self, step: int) -> Outcome:
        last = max(0, len(self._rows()) - _VISIBLE_ROWS)
        self._first = min(last, max(0, self._first + step))
        return None

    def enter(self) -> Outcome:
        self._back = (self._back + 1) % (len(self._earlier) + 1)
        self._first = 0
        return None


LISTINGS = (Listing(where=Where.TEST, order=60, zh="用时", en="Latency", enter=LatencyPage),)
