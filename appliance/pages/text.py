"""A page of text to read: about, help, a fault's details."""

from __future__ import annotations

from collections.abc import Callable

from appliance.pages.page import Outcome, Page, Pop
from ui.screens.message import MessageView, Sign
from ui.view import View


class TextPage(Page):
    """`text` is asked for whenever it is drawn; `*` and `#` scroll."""

    def __init__(self, title: str, text: Callable[[], str], sign: Sign = Sign.NONE) -> None:
        self._title = title
        self._text = text
        self._sign = sign
        self._scroll = 0

    def view(self) -> View:
        return MessageView(self._title, self._text(), sign=self._sign, scroll=self._scroll)

    def move(self, step: int) -> Outcome:
        self._scroll = max(0, self._scroll + step)
        return None

    def enter(self) -> Outcome:
        return Pop()
