"""Something that cannot be undone: long D does it."""

from __future__ import annotations

from collections.abc import Callable

from appliance.pages.page import Home, Outcome, Page
from ui.screens.confirm import ConfirmView
from ui.view import View


class Confirm(Page):
    """Asks; `do` runs when it is confirmed."""

    def __init__(self, title: str, text: str, do: Callable[[], None]) -> None:
        self._title = title
        self._text = text
        self._do = do

    def view(self) -> View:
        return ConfirmView(self._title, self._text)

    def confirm(self) -> Outcome:
        self._do()
        return Home()
