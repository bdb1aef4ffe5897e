"""The page of lists: what stands on each, taken off one by one or all at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from appliance.memory import lists
from appliance.memory.lists import Item
from appliance.memory.recollection import Store
from appliance.pages.confirm import Confirm
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.menu import Entry, Menu, row
from appliance.pages.page import Outcome, Pop, Push
from appliance.understanding.list_requests import ENGLISH
from ui.screens.menu import MenuItem


class ListsPage(Menu):
    """Every item with the name of its list; the last row of each list clears it. `changed` is
    called when they are read; `name` is what a list is called in the user's language."""

    def __init__(
        self,
        store: Store,
        changed: Callable[[], None],
        say: Callable[..., str],
        name: Callable[[str], str],
    ) -> None:
        self._name = name
        self._store = store
        self._changed = changed
        self._say = say
        super().__init__(say("lists.title"), [], say("lists.hint"))
        store.fetch(lists.everything, self._arrived)

    def _arrived(self, items: list[Item]) -> None:
        self._entries = []
        for name in dict.fromkeys(item.list for item in items):
            self._entries += [self._entry(item) for item in items if item.list == name]
            clear = self._say("lists.clear", list=self._name(name))
            self._entries.append(row(clear, partial(self._ask_all, name)))
        self._hint = "" if items else self._say("lists.hint")
        self._changed()

    def _entry(self, item: Item) -> Entry:
        return Entry(lambda: MenuItem(item.text, self._name(item.list)), lambda: self._ask(item))

    def _ask(self, item: Item) -> Outcome:
        return Push(Confirm(self._say("lists.remove"), item.text, partial(self._drop, item)))

    def _ask_all(self, name: str) -> Outcome:
        title = self._say("lists.clear", list=self._name(name))
        text = self._say("lists.all-text")
        return Push(Confirm(title, text, partial(self._clear, name)))

    def _drop(self, item: Item) -> Outcome:
        self._store.submit(lambda db: lists.drop(db, item))
        return self._again()

    def _clear(self, name: str) -> Outcome:
        self._store.submit(lambda db: lists.clear(db, name))
        return self._again()

    def _again(self) -> Outcome:
        """Back to what is left: in a shop one thing after the other is taken off."""
        self._store.fetch(lists.everything, self._arrived)
        return Pop()


def _open(context: Context) -> ListsPage:
    def name(of: str) -> str:
        return context.pick(of, ENGLISH.get(of, of))

    return ListsPage(context.browser, context.app.changed, context.say, name)


LISTINGS = (Listing(where=Where.NOTES, order=20, zh="清单", en="Lists", enter=_open),)
