"""A held digit forgets the word it stands at, wherever words are chosen; A takes that back."""

from __future__ import annotations

import pytest

from drivers.keys import Edge
from ui.gestures import Gestures
from ui.input.editing.editor import Editor
from ui.input.editing.outcome import NOTHING, EditResult, Hint
from ui.input.engine import Engine
from ui.input.learning.user import Lesson
from ui.keymap import HASH, STAR, A, D
from ui.screens.choose import ChooseView

NAME = [
    Lesson("王", ("wang",)),
    Lesson("喆", ("zhe",), chosen=True),
    Lesson("犇", ("ben",), chosen=True),
]
NAME_KEYS = (9, 2, 6, 4, 9, 4, 3, 2, 3, 6)


class Pad:
    """Presses keys as the pad would: edges through the gestures into the editor."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self._gestures = Gestures()
        self._now = 0.0

    def _edge(self, key: int, edge: Edge) -> EditResult | None:
        self._now += 1.0
        before = self.editor.state
        action = self._gestures.feed(key, edge, before, self._now)
        if action is None or action.intent not in self.editor.intents:
            return None
        result = self.editor.act(action)
        self._gestures.performed(key, action, before, self.editor.state, self._now)
        return result

    def tap(self, *keys: int) -> EditResult | None:
        result = None
        for key in keys:
            pressed = self._edge(key, Edge.PRESS)
            result = self._edge(key, Edge.RELEASE) or pressed
        return result

    def hold(self, key: int) -> EditResult | None:
        self._edge(key, Edge.PRESS)
        result = self._edge(key, Edge.LONG)
        self._edge(key, Edge.REPEAT)
        self._edge(key, Edge.RELEASE)
        return result

    def choose(self) -> ChooseView:
        view = self.editor.view()
        assert isinstance(view, ChooseView)
        return view

    def digit_of(self, word: str) -> int:
        return self.choose().candidates.index(word) + 1


@pytest.fixture
def pad(engine: Engine) -> Pad:
    return Pad(Editor(engine, lambda: 0.0))


def test_a_wrongly_learnt_word_is_forgotten_and_the_first_one_is_first_again(
    pad: Pad, engine: Engine
) -> None:
    pad.tap(8, 2)
    first = pad.editor.sentence()
    pad.editor.clear()
    engine.habits.learn([Lesson("她", ("ta",), chosen=True)])
    pad.tap(8, 2, HASH)
    assert pad.choose().words == ("她",) != (first,)
    result = pad.hold(pad.digit_of("她"))
    assert result == EditResult(True, Hint.FORGOTTEN, word="她")
    assert pad.choose().words == (first,)
    assert engine.habits.export() == ""


def test_a_self_made_word_is_gone_from_the_sentence_and_from_the_candidates(
    pad: Pad, engine: Engine
) -> None:
    engine.habits.learn(NAME)
    pad.tap(*NAME_KEYS, STAR)
    assert pad.choose().words == ("王喆犇",)
    pad.hold(1)
    assert "".join(pad.choose().words) not in ("", "王喆犇")
    assert pad.choose().current == 0
    assert "王喆犇" not in pad.choose().candidates
    assert "王喆犇" not in engine.habits.export()


def test_a_takes_the_forgetting_back_and_then_leaves(pad: Pad, engine: Engine) -> None:
    engine.habits.learn(NAME)
    engine.habits.learn([Lesson("王喆犇", ("wang", "zhe", "ben"))], "我")
    known = sorted(engine.habits.export().splitlines())
    pad.tap(*NAME_KEYS, STAR)
    pad.hold(1)
    assert sorted(engine.habits.export().splitlines()) != known
    assert pad.tap(A) == EditResult(True, Hint.LEARNT_AGAIN, word="王喆犇")
    assert sorted(engine.habits.export().splitlines()) == known
    assert pad.choose().words == ("王喆犇",)
    pad.tap(A)
    assert not isinstance(pad.editor.view(), ChooseView)


def test_once_something_else_was_done_what_is_forgotten_stays_forgotten(
    pad: Pad, engine: Engine
) -> None:
    engine.habits.learn([Lesson("她", ("ta",), chosen=True)])
    pad.tap(8, 2, HASH)
    pad.hold(pad.digit_of("她"))
    pad.tap(0)
    pad.tap(A)
    assert engine.habits.export() == ""


def test_a_word_of_which_nothing_was_learnt_was_picked_slowly_and_stays_picked(pad: Pad) -> None:
    pad.tap(*map(int, "926742647434264"), HASH)
    word = pad.choose().candidates[1]
    assert pad.hold(2) == EditResult(False, Hint.NOTHING_LEARNT, word=word)
    assert word in pad.choose().words


def test_what_was_picked_before_stays_picked(pad: Pad, engine: Engine) -> None:
    engine.habits.learn([Lesson("七", ("qi",), chosen=True)])
    pad.tap(*map(int, "9267426474"), STAR)
    while pad.choose().current:
        pad.tap(STAR)
    evening = pad.digit_of("晚上")
    pad.tap(evening)
    assert pad.choose().words[0] == "晚上"
    pad.hold(pad.digit_of("七"))
    assert pad.choose().words[0] == "晚上"
    assert pad.choose().current == 1


def test_a_self_made_word_that_was_picked_and_is_then_forgotten_does_not_stay(
    pad: Pad, engine: Engine
) -> None:
    engine.habits.learn(NAME)
    pad.tap(*NAME_KEYS, *NAME_KEYS, STAR)
    while pad.choose().current:
        pad.tap(STAR)
    pad.tap(pad.digit_of("王喆犇"))
    pad.hold(pad.digit_of("王喆犇"))
    assert "王喆犇" not in pad.choose().words
    pad.tap(D)
    assert pad.editor.text


def test_the_pick_of_the_last_word_is_taken_back_too(pad: Pad, engine: Engine) -> None:
    engine.habits.learn([Lesson("她", ("ta",), chosen=True)])
    pad.tap(8, 2, HASH)
    pad.hold(pad.digit_of("她"))
    assert isinstance(pad.editor.view(), ChooseView)
    pad.tap(D)
    assert pad.editor.text not in ("", "她")


def test_a_next_word_is_forgotten_where_it_is_offered(pad: Pad, engine: Engine) -> None:
    engine.habits.learn([Lesson("我们", ("wo", "men")), Lesson("散步", ("san", "bu"))])
    pad.editor.set_text("我们")
    pad.tap(HASH)
    assert pad.choose().candidates[0] == "散步"
    assert pad.hold(1) == EditResult(True, Hint.FORGOTTEN, word="散步")
    assert "散步" not in pad.choose().candidates
    assert pad.editor.text == "我们"


def test_a_held_digit_in_english_picks_as_a_short_one_does(pad: Pad) -> None:
    pad.tap(11)
    pad.tap(*map(int, "4663"), HASH)
    word = pad.choose().candidates[1]
    assert pad.hold(2) == NOTHING
    assert pad.editor.text == word


def test_nothing_is_forgotten_for_a_digit_where_no_word_stands(pad: Pad, engine: Engine) -> None:
    engine.habits.learn(NAME)
    known = engine.habits.export()
    pad.tap(*NAME_KEYS, STAR)
    for digit in range(len(pad.choose().candidates) + 1, 10):
        pad.hold(digit)
    assert engine.habits.export() == known
