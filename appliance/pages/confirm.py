"""Something that cannot be undone: long D does it."""

from __future__ import annotations

from collections.abc import Callable

from appliance.pages.page import Home, Outcome, Page
from ui.screens.confirm import ConfirmView
from ui.view import View

_FRAME_SECONDS = 0.03  # while the bar fills


class Confirm(Page):
    """Asks; `do` runs when it is confirmed, and says where that leads (None: home)."""

    def __init__(self, title: str, text: str, do: Callable[[], Outcome]) -> None:
        self._title = title
        self._text = text
        self._do = do

    def view(self) -> View:
        return ConfirmView(self._title, self._text, self.held)

    @property
    def refresh(self) -> float | None:
        return _FRAME_SECONDS if 0.0 < self.held < 1.0 else None

    def confirm(self) -> Outcome:
        return self._do() or Home()
