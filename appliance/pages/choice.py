"""A question that is answered with a digit, because a sentence could be meant in several ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from appliance.pages.menu import Menu, row
from appliance.pages.page import Home, Outcome


class ChoicePage(Menu):
    """`then` gets the place of what was chosen, or None when the page was left."""

    def __init__(
        self, title: str, options: Sequence[str], then: Callable[[int | None], object]
    ) -> None:
        self._then: Callable[[int | None], object] | None = then
        entries = [
            row(option, lambda number=number: self._choose(number))  # type: ignore[misc]
            for number, option in enumerate(options)
        ]
        super().__init__(title, entries)

    def _choose(self, number: int) -> Outcome:
        then, self._then = self._then, None
        if then is not None:
            then(number)
        return Home()

    def closed(self) -> None:
        if self._then is not None:
            then, self._then = self._then, None
            then(None)
