"""The self-test of the keys: each lights up; holding any of them leaves."""

from __future__ import annotations

from typing import ClassVar

from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.page import Outcome, Page, Pop
from drivers.keys import Edge, Key
from ui.screens.keytest import KeyTestView
from ui.view import View


class KeyTestPage(Page):
    """Takes every key, so that no key does anything but show itself."""

    takes_keys: ClassVar[bool] = True

    def __init__(self) -> None:
        self._seen: frozenset[int] = frozenset()
        self._down: int | None = None

    def view(self) -> View:
        return KeyTestView(self._seen, self._down)

    def key(self, key: Key, edge: Edge) -> Outcome:
        match edge:
            case Edge.PRESS:
                self._seen |= {key}
                self._down = key
            case Edge.RELEASE:
                self._down = None
            case Edge.LONG:
                return Pop()
        return None


def _open(context: Context) -> KeyTestPage:
    return KeyTestPage()


LISTINGS = (Listing(where=Where.TEST, order=20, zh="按键", en="Keys", enter=_open),)
