"""The page of lists: what stands on each, taken off one by one or all at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.memory import conversations, lists
from appliance.memory.storage import open_database
from appliance.pages.confirm import Confirm
from appliance.pages.lists import ListsPage
from appliance.pages.page import Pages
from ui.screens.menu import MenuView
from ui.strings import Language, text


class Store:
    """Runs every job at once."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db

    def submit(self, job):
        return job(self.db)

    def fetch(self, job, then, lost=lambda: None):
        then(job(self.db))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection, _ = open_database(tmp_path / "lory.db", conversations.SCHEMA)
    yield connection
    connection.close()


def opened(db: sqlite3.Connection) -> Pages:
    pages = Pages()
    page = ListsPage(
        Store(db),
        lambda: None,
        lambda key, **fields: text(key, Language.ZH, **fields),
        lambda name: name,
    )
    pages.open(page)
    return pages


def rows(pages: Pages) -> list[str]:
    view = pages.top.view()
    assert isinstance(view, MenuView)
    return [item.label for item in view.items]


def confirm(pages: Pages, digit: int) -> None:
    pages.follow(pages.top.jump(digit))
    question = pages.top
    assert isinstance(question, Confirm)
    pages.follow(question.confirm())


def test_every_list_shows_its_items_and_a_row_that_clears_it(db: sqlite3.Connection) -> None:
    lists.add(db, "购物", ["牛奶", "鸡蛋"])
    lists.add(db, "待办", ["交电费"])
    assert rows(opened(db)) == ["交电费", "清空待办清单", "牛奶", "鸡蛋", "清空购物清单"]


def test_what_is_taken_off_is_gone_and_the_page_stays(db: sqlite3.Connection) -> None:
    lists.add(db, "购物", ["牛奶", "鸡蛋"])
    pages = opened(db)
    confirm(pages, 1)
    assert rows(pages) == ["鸡蛋", "清空购物清单"]
    confirm(pages, 2)
    assert rows(pages) == []
    assert pages.top.view().hint == text("lists.hint", Language.ZH)
