"""The page of what typing taught: listed, forgotten one by one or all, whatever is open beside."""

from __future__ import annotations

import sqlite3

import pytest

from appliance.memory.user_words import SqliteUserWords
from appliance.pages.confirm import Confirm
from appliance.pages.learnt_words import LearntWordsPage
from appliance.pages.page import Pages
from ui.input.editing.editor import Editor
from ui.input.engine import Engine
from ui.input.learning.user import Lesson, MemoryWords, UserWords
from ui.keymap import Action, Intent
from ui.screens.choose import ChooseView
from ui.screens.menu import MenuView
from ui.strings import Language, text

NAMES = (
    [Lesson("王", ("wang",)), Lesson("喆", ("zhe",), True), Lesson("犇", ("ben",), True)],
    [Lesson("喆", ("zhe",), True), Lesson("嫑", ("biao",), True)],
)
NAME_KEYS = "9264943236"


class Box:
    """An editor, its habits, and the page opened over it."""

    def __init__(self, store: UserWords) -> None:
        self.engine = Engine(store, verify=False)
        self.editor = Editor(self.engine, lambda: 0.0)
        self.pages = Pages()

    def learn(self) -> None:
        for name in NAMES:
            self.engine.habits.learn(name)

    def open(self) -> None:
        self.pages.open(
            LearntWordsPage(
                self.editor.learnt, lambda key, **fields: text(key, Language.ZH, **fields)
            )
        )

    def view(self) -> MenuView:
        assert self.pages.top is not None
        view = self.pages.top.view()
        assert isinstance(view, MenuView)
        return view

    def forget(self, label: str) -> None:
        page = self.pages.top
        assert page is not None
        digit = [item.label for item in self.view().items].index(label) + 1
        self.pages.follow(page.jump(digit))
        question = self.pages.top
        assert isinstance(question, Confirm)
        self.pages.follow(question.enter())
        assert self.pages.top is question
        self.pages.follow(question.confirm())

    def type(self, keys: str) -> None:
        for key in keys:
            self.editor.act(Action(Intent.TYPE, int(key)))


@pytest.fixture
def box() -> Box:
    return Box(MemoryWords())


ALL = text("words.forget-all", Language.ZH)


def test_it_tells_how_many_words_there_are_and_lists_those_the_user_made(box: Box) -> None:
    box.learn()
    box.open()
    assert box.view().title == text("words.count", Language.ZH, words=6)
    assert [(item.label, item.note) for item in box.view().items] == [
        ("王喆犇", "wang'zhe'ben"),
        ("喆嫑", "zhe'biao"),
        (ALL, ""),
    ]


def test_where_nothing_was_learnt_it_says_how_that_happens(box: Box) -> None:
    box.open()
    assert box.view().items == ()
    assert box.view().hint == text("words.hint", Language.ZH)


def test_a_word_is_forgotten_after_a_question_and_the_list_goes_on(box: Box) -> None:
    box.learn()
    box.open()
    box.forget("王喆犇")
    assert [item.label for item in box.view().items] == ["喆嫑", ALL]
    assert "王喆犇" not in box.engine.habits.export()
    assert "喆嫑" in box.engine.habits.export()


def test_everything_is_forgotten_after_a_question(box: Box) -> None:
    box.learn()
    box.open()
    box.forget(ALL)
    assert box.view().items == ()
    assert box.engine.habits.export() == ""


def test_a_sentence_that_is_open_meanwhile_is_decoded_without_the_word(box: Box) -> None:
    box.learn()
    box.type(NAME_KEYS)
    assert box.editor.open_words() == ("王喆犇",)
    box.open()
    box.forget("王喆犇")
    assert box.editor.sentence() not in ("", "王喆犇")


def test_candidates_that_are_shown_meanwhile_are_listed_without_the_word(box: Box) -> None:
    box.learn()
    box.type(NAME_KEYS)
    box.editor.act(Action(Intent.CHOOSE_LAST))
    box.open()
    box.forget(ALL)
    view = box.editor.view()
    assert isinstance(view, ChooseView)
    assert "王喆犇" not in (*view.candidates, *view.words)


def test_where_it_cannot_be_stored_the_word_is_gone_until_the_end_and_the_user_is_told(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr("appliance.memory.user_words.BUSY_SECONDS", 0.01)
    told: list[str] = []
    box = Box(SqliteUserWords(tmp_path / "ime.db", report=lambda code, _: told.append(code)))
    box.learn()
    other = sqlite3.connect(tmp_path / "ime.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    box.open()
    box.forget("王喆犇")
    other.close()
    assert told == ["user-words-unsaved"]
    assert [item.label for item in box.view().items] == ["喆嫑", ALL]
    box.type(NAME_KEYS)
    assert box.editor.open_words() != ("王喆犇",)
