"""The menus, made of what the pages list, and which page an intent opens."""

from __future__ import annotations

from collections.abc import Callable

from appliance.pages.context import Browser, Context
from appliance.pages.listing import Listing, Where, listings
from appliance.pages.menu import Entry, Menu
from appliance.pages.page import Outcome, Page, Push
from appliance.pages.self_test_rows import Parts
from appliance.pages.shell import Shell
from appliance.supervision.roster import Roster
from ui.keymap import Intent
from ui.screens.menu import MenuItem


class Menus:
    """Makes pages."""

    def __init__(self, roster: Roster, browser: Browser, parts: Parts) -> None:
        self._roster = roster
        self._browser = browser
        self._parts = parts

    def page(self, app: Shell, intent: Intent) -> Page:
        """A fresh page for an intent that opens one; the main menu where none is listed for it."""
        context = Context(app, self._roster, self._browser, self._parts)
        for line in _all_lines():
            if line.intent is intent:
                page = line.enter(context)
                assert isinstance(page, Page), f"{line.en} has an intent and opens no page"
                return page
        return menu(Where.MAIN, context)


def menu(where: Where, context: Context) -> Menu:
    """One of the menus, with everything that is listed for it."""
    return _ListedMenu(where, context)


class _ListedMenu(Menu):
    """Speaks the user's language even where that changed since it was opened."""

    def __init__(self, where: Where, context: Context) -> None:
        self._where = where
        self._context = context
        super().__init__("", [_entry(it, context) for it in lines(where)])

    @property
    def title(self) -> str:
        return self._where.title(self._context.language)


def _entry(line: Listing, context: Context) -> Entry:
    def enter() -> Outcome:
        opened = line.enter(context)
        return Push(opened) if isinstance(opened, Page) else opened

    return Entry(lambda: MenuItem(line.label(context.language)), enter)


def _submenu(where: Where) -> Callable[[Context], Page]:
    return lambda context: menu(where, context)


_SUBMENUS = (
    Listing(where=Where.MAIN, order=30, zh="模型", en="Models", enter=_submenu(Where.MODELS)),
    Listing(where=Where.MAIN, order=50, zh="记事", en="Notes", enter=_submenu(Where.NOTES)),
    Listing(
        where=Where.HELP,
        order=50,
        zh="自检",
        en="Self-test",
        enter=_submenu(Where.TEST),
        intent=Intent.SELF_TEST,
    ),
    Listing(where=Where.MAIN, order=80, zh="帮助", en="Help", enter=_submenu(Where.HELP)),
    Listing(where=Where.MAIN, order=90, zh="关机", en="Power", enter=_submenu(Where.POWER)),
)


def lines(where: Where) -> list[Listing]:
    """What stands on a menu, from its top."""
    return [line for line in _all_lines() if line.where is where]


def _all_lines() -> list[Listing]:
    return sorted((*listings(), *_SUBMENUS), key=lambda line: line.order)
