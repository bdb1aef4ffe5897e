"""Where a page stands in the menus. A module of this package that has `LISTINGS` is found by them.

A newcomer adds a page in one file here: its `Page`, a `View` of its own if none in `ui.screens`
fits, and its listing. `tests/pages/test_pages.py` adds one, as an example.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from appliance import pages
from ui.keymap import Intent
from ui.strings import Language, Text

if TYPE_CHECKING:
    from appliance.pages.context import Context
    from appliance.pages.page import Outcome, Page


class Where(Enum):
    """A menu; its value is its title in Chinese and in English."""

    MAIN = Text("菜单", "Menu")
    NOTES = Text("记事", "Notes")
    MODELS = Text("模型", "Models")
    TEST = Text("自检", "Self-test")
    HELP = Text("帮助", "Help")
    POWER = Text("关机", "Power")

    def title(self, language: Language) -> str:
        return self.value.of(language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One line of a menu.

    Lines stand in the order of `order`. `enter` makes the page that opens, or does what the line
    says at once. A short cut of the key map opens it too where it is its `intent`.
    """

    where: Where
    order: int
    zh: str
    en: str
    enter: Callable[[Context], Page | Outcome]
    intent: Intent | None = None

    def label(self, language: Language) -> str:
        return Text(self.zh, self.en).of(language)


@cache
def listings() -> tuple[Listing, ...]:
    """All lines of all menus, from the modules of this package."""
    names = [module.name for module in pkgutil.iter_modules(pages.__path__)]
    modules = [importlib.import_module(f"{pages.__name__}.{name}") for name in names]
    found = [line for module in modules for line in getattr(module, "LISTINGS", ())]
    return tuple(sorted(found, key=lambda line: line.order))
