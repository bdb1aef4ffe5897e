"""Pages of measured rows: self-test and latency."""

from __future__ import annotations

from collections.abc import Callable

from appliance.pages.page import Outcome, Page, Pop
from ui.screens.selftest import SelfTestRow, SelfTestView
from ui.view import View

VISIBLE_ROWS = 4


class RowsPage(Page):
    """`rows` is asked for whenever it is drawn, so that what is measured stays live."""

    def __init__(
        self,
        title: str,
        rows: Callable[[], tuple[SelfTestRow, ...]],
        on_close: Callable[[], None] = lambda: None,
        refresh: float | None = None,
    ) -> None:
        self._title = title
        self._rows = rows
        self._on_close = on_close
        self._refresh = refresh
        self._first = 0

    def view(self) -> View:
        return SelfTestView(self._title, self._rows(), self._first)

    @property
    def refresh(self) -> float | None:
        return self._refresh

    def move(self, step: int) -> Outcome:
        last = max(0, len(self._rows()) - VISIBLE_ROWS)
        self._first = min(last, max(0, self._first + step))
        return None

    def enter(self) -> Outcome:
        return Pop()

    def closed(self) -> None:
        self._on_close()
