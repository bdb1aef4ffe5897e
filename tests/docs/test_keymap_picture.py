"""The picture of the key map shows what the box obeys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from docs.keymap import COLUMNS, DIGEST, INTENTS, PICTURES, STATES, cell, digest, draw
from ui.keymap import KEYMAP, SECOND, Intent, State

PROJECT = Path(__file__).parents[2]


def test_every_state_and_every_intent_of_the_table_has_its_words() -> None:
    used = {action.intent for table in KEYMAP.values() for action in table.values()}
    used |= {action.intent for action in SECOND.values()}
    assert KEYMAP.keys() == STATES.keys()
    assert used - {Intent.TALK_ARM} <= INTENTS.keys()


def test_a_cell_says_what_a_press_does_and_what_a_hold_does() -> None:
    assert cell(State.TEXT, 13, "en") == ["send", "long: talk"]
    assert cell(State.BUSY, 10, "zh") == ["全停，留字"]
    assert cell(State.LISTENING, 2, "en") == ["-"]


def test_digits_that_share_a_column_behave_alike() -> None:
    for state in State:
        for language in PICTURES:
            assert len({tuple(cell(state, digit, language)) for digit in range(2, 10)}) == 1
    assert {key for key, _ in COLUMNS} | set(range(3, 10)) | {12} == set(range(16))


@pytest.mark.parametrize("language", PICTURES)
def test_the_committed_picture_is_drawn_from_todays_table(language: str) -> None:
    with Image.open(PROJECT / PICTURES[language]) as committed:
        committed.load()
        assert committed.info[DIGEST] == digest(language), "run: python -m docs.keymap"
        assert min(committed.size) > 500


def test_the_words_are_really_drawn() -> None:
    english, chinese = draw("en"), draw("zh")
    assert english.getcolors() != chinese.getcolors()
    assert ImageChops.invert(english).getbbox() is not None
