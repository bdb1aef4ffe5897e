"""Pages: how one is added, how they stack, and what their keys do."""

import sys

import pytest

from appliance.front import menus
from appliance.pages import listing
from appliance.pages.confirm import Confirm
from appliance.pages.context import Context
from appliance.pages.listing import Listing, Where
from appliance.pages.page import Page, Pages, Push
from ui.keymap import Intent
from ui.render import Screen, render
from ui.screens.confirm import ConfirmView
from ui.screens.menu import MenuView
from ui.strings import Language
from ui.view import View

TOY_FILE = """
from dataclasses import dataclass

from appliance.pages.listing import Listing, Where
from appliance.pages.page import Page
from ui.view import View
from ui.widgets import hint_row, row, text_row, title_bar


@dataclass(frozen=True, slots=True)
class DiceView(View):
    number: int

    def draw(self, frame, language):
        title_bar(frame, "骰子")
        text_row(frame, f"{self.number}", 2)
        hint_row(frame, "D再掷  A返回")


class DicePage(Page):
    number = 1

    def view(self):
        return DiceView(self.number)

    def enter(self):
        self.number = self.number % 6 + 1


LISTINGS = (
    Listing(where=Where.MAIN, order=75, zh="骰子", en="Dice", enter=lambda context: DicePage()),
)
"""


class FakeConductor:
    language = Language.EN


class FakeApp:
    conductor = FakeConductor()


def a_context():
    return Context(FakeApp(), None, None, None)


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """A file laid into the package of pages, and nothing else."""
    (tmp_path / "dice.py").write_text(TOY_FILE, encoding="utf-8")
    monkeypatch.setattr(listing.pages, "__path__", [*listing.pages.__path__, str(tmp_path)])
    listing.listings.cache_clear()
    yield
    listing.listings.cache_clear()
    sys.modules.pop("appliance.pages.dice", None)


def test_a_newcomer_adds_a_screen_in_one_file(toy):
    pages = Pages()
    pages.open(menus.menu(Where.MAIN, a_context()))
    labels = [item.label for item in pages.top.view().items]
    digit = labels.index("Dice") + 1
    pages.follow(pages.top.jump(digit))
    before = render(Screen(pages.top.view()), Language.EN)
    pages.follow(pages.top.enter())
    assert pages.top.view().number == 2
    assert render(Screen(pages.top.view()), Language.EN) != before
    pages.back()
    assert isinstance(pages.top.view(), MenuView)


@pytest.mark.parametrize("where", Where)
def test_every_line_of_a_menu_has_a_digit_and_a_place_of_its_own(where):
    lines = menus.lines(where)
    assert 1 <= len(lines) <= 9
    assert len({line.order for line in lines}) == len(lines)
    assert len({line.zh for line in lines}) == len({line.en for line in lines}) == len(lines)


def test_short_cuts_that_open_pages_are_listed_once():
    short_cuts = [line.intent for where in Where for line in menus.lines(where) if line.intent]
    assert len(set(short_cuts)) == len(short_cuts)
    assert {Intent.HISTORY, Intent.MODEL_MENU, Intent.SELF_TEST} <= set(short_cuts)


def test_a_listing_is_named_in_the_users_language():
    line = Listing(where=Where.MAIN, order=1, zh="骰子", en="Dice", enter=lambda context: None)
    assert (line.label(Language.ZH), line.label(Language.EN)) == ("骰子", "Dice")


class Sheet(Page):
    """Remembers that it was left."""

    left = False

    def view(self) -> View:
        return ConfirmView("", "")

    def closed(self) -> None:
        self.left = True


def test_pages_are_closed_once_when_they_are_left_for_good():
    pages, below, above = Pages(), Sheet(), Sheet()
    pages.open(below)
    pages.follow(Push(above))
    pages.back()
    assert (above.left, below.left, pages.top) == (True, False, below)
    pages.open(Sheet())
    assert below.left


def test_only_a_long_d_confirms_and_the_bar_shows_how_far_it_is():
    done = []
    page = Confirm("关机", "真的？", lambda: done.append("off"))
    assert page.enter() is None and not done
    assert page.refresh is None
    page.held = 0.5
    assert page.view() == ConfirmView("关机", "真的？", 0.5)
    assert page.refresh is not None
    page.confirm()
    assert done == ["off"]
