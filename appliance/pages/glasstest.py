"""The self-test of the glass: `*`, `#` and D go through the patterns, A leaves."""

from __future__ import annotations

from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.page import Outcome, Page
from ui.screens.glasstest import GlassTestView, Pattern
from ui.view import View

_PATTERNS = tuple(Pattern)


class GlassTestPage(Page):
    def __init__(self) -> None:
        self._number = 0

    def view(self) -> View:
        return GlassTestView(_PATTERNS[self._number])

    def move(self, step: int) -> Outcome:
        self._number = (self._number + step) % len(_PATTERNS)
        return None

    def enter(self) -> Outcome:
        return self.move(1)


def _open(context: Context) -> GlassTestPage:
    return GlassTestPage()


LISTINGS = (Listing(where=Where.TEST, order=30, zh="屏幕", en="Glass", enter=_open),)
