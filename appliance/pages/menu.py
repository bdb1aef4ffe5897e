"""A list one moves in and enters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appliance.pages.page import Outcome, Page
from ui.screens.menu import MenuItem, MenuView
from ui.view import View


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: how it looks now, and what entering it does."""

    item: Callable[[], MenuItem]
    enter: Callable[[], Outcome]


class Menu(Page):
    """Entries in order; digits jump to and enter the n-th."""

    def __init__(self, title: str, entries: Sequence[Entry], hint: str = "") -> None:
        self._title = title
        self._entries = entries
        self._hint = hint
        self.selected = 0

    @property
    def title(self) -> str:
        return self._title

    def view(self) -> View:
        items = tuple(entry.item() for entry in self._entries)
        return MenuView(self.title, items, self.selected, self._hint)

    def move(self, step: int) -> Outcome:
        if self._entries:
            self.selected = (self.selected + step) % len(self._entries)
        return None

    def jump(self, digit: int) -> Outcome:
        if digit > len(self._entries):
            return None
        self.selected = digit - 1
        return self.enter()

    def enter(self) -> Outcome:
        if not self._entries or not self._entries[self.selected].item().enabled:
            return None
        return self._entries[self.selected].enter()


def row(label: str, enter: Callable[[], Outcome], value: Callable[[], str] | None = None) -> Entry:
    """An entry with a fixed label and, where wanted, a value that is read when drawn."""
    return Entry(lambda: MenuItem(label, value() if value else ""), enter)
