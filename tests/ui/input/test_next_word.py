"""A next word that is picked is learnt, once its key was let go, after the word before it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ui.input.composition import Composition
from ui.input.editing.buffer import MAX_TEXT
from ui.input.editing.editor import Editor
from ui.input.editing.outcome import Hint
from ui.input.engine import Engine
from ui.input.learning.next_word import learn_next_word
from ui.input.learning.user import Lesson
from ui.input.model import UNK
from ui.keymap import Action, Intent
from ui.screens.choose import ChooseView


@pytest.fixture
def editor(engine: Engine) -> Editor:
    return Editor(engine, lambda: 0.0)


def pick(editor: Editor, before: str, place: int) -> str:
    """Pick the next word at this digit after a text, and give it."""
    editor.set_text(before)
    editor.act(Action(Intent.RIGHT_OR_NEXT_WORD))
    view = editor.view()
    assert isinstance(view, ChooseView)
    editor.act(Action(Intent.PICK, place))
    return view.candidates[place - 1]


def test_it_is_the_first_one_offered_next_time(editor: Editor, engine: Engine) -> None:
    word = pick(editor, "你好", 4)
    assert editor.accept() == "你好" + word
    assert engine.predictions("你好")[0] == word


def test_it_is_likelier_when_it_is_typed_too(engine: Engine) -> None:
    learn_next_word(engine, "我们", "她")
    composition = Composition(engine, "我们")
    for key in (8, 2):
        composition.type(key)
    assert composition.text() == "她"


@pytest.mark.parametrize(
    "after",
    [
        lambda editor: editor.act(Action(Intent.DELETE)),
        lambda editor: editor.act(Action(Intent.RIGHT_OR_NEXT_WORD)),
        lambda editor: editor.accept(),
        lambda editor: editor.clear(),
        lambda editor: editor.insert("吗"),
    ],
)
def test_whatever_comes_after_the_pick_it_is_learnt_once(
    editor: Editor, engine: Engine, after: Callable[[Editor], object]
) -> None:
    word = pick(editor, "我们", 2)
    after(editor)
    after(editor)
    assert dict(engine.habits.following("我们"))[word] == pytest.approx(2.0)


def test_one_that_is_held_is_forgotten_and_not_learnt_by_its_own_press(
    editor: Editor, engine: Engine
) -> None:
    word = pick(editor, "你好", 2)
    editor.insert("吗")
    editor.set_text("")
    assert pick(editor, "你好", 1) == word
    result = editor.act(Action(Intent.FORGET, 1))
    assert result.word == word and result.hint is Hint.FORGOTTEN
    assert engine.habits.export() == ""


def test_one_that_is_held_of_which_nothing_was_learnt_is_learnt(
    editor: Editor, engine: Engine
) -> None:
    word = pick(editor, "我们", 2)
    assert editor.act(Action(Intent.FORGET, 2)).hint is Hint.NOTHING_LEARNT
    assert editor.text.endswith(word)
    assert dict(engine.habits.following("我们"))[word] == pytest.approx(2.0)


def test_one_that_the_full_box_does_not_take_is_not_learnt(editor: Editor, engine: Engine) -> None:
    pick(editor, "好" * (MAX_TEXT - 2) + "我们", 2)
    assert len(editor.accept()) == MAX_TEXT
    assert engine.habits.export() == ""


def test_a_word_the_user_made_keeps_its_reading(engine: Engine) -> None:
    engine.habits.learn([Lesson("喆嫑", ("zhe", "biao"), chosen=True)])
    learn_next_word(engine, "我们", "喆嫑")
    words = [line for line in engine.habits.export().splitlines() if not line.endswith("pair")]
    assert words == ["喆嫑\tzhe'biao\t4"]


@pytest.mark.parametrize(
    ("word", "first"), [("起床", ("qi", "chuang")), ("银行", ("yin", "hang")), ("吗", ("ma",))]
)
def test_a_words_readings_come_with_the_likeliest_first(
    engine: Engine, word: str, first: tuple[str, ...]
) -> None:
    assert engine.model.readings(engine.model.word(word))[0] == first


def test_every_record_of_a_word_is_found(engine: Engine) -> None:
    model = engine.model
    for entry in range(0, len(model.full), 9973):
        word = model.full[entry] >> 14
        assert model.reading_of(entry) in model.readings(word)
    assert model.readings(UNK) == []
