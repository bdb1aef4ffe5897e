"""Every common hanzi is typed by the keys of each of its readings."""

from __future__ import annotations

import pytest

from tests.ui.input.hand import Clock, do, keys
from ui.input.building.readings import Reading, completed, readings
from ui.input.editing.editor import Editor
from ui.input.engine import DATA, Engine
from ui.input.model import COST_BITS, COST_MASK, Model
from ui.input.syllables import keys_of
from ui.keymap import Intent
from ui.screens.choose import ChooseView


def words_of(model: Model, syllable: str) -> list[str]:
    node = model.node_of(keys_of(syllable))
    assert node is not None
    rows = model.full[model.full_start[node] : model.full_start[node + 1]]
    return [model.text(row >> COST_BITS) for row in rows]


def test_the_readings_that_the_dictionary_lacks_are_there(model: Model) -> None:
    for reading in readings():
        assert reading.hanzi in words_of(model, reading.syllable), reading


@pytest.mark.parametrize(
    ("hanzi", "syllables"),
    [
        ("哼", "heng hng"),
        ("嗯", "en n ng"),
        ("噷", "hm xin"),
        ("欸", "ai ei e"),
        ("呣", "m"),
        ("吁", "xu yu"),
        ("皋", "gao"),
        ("血", "xie xue"),
        ("绿", "lv lu"),
        ("薄", "bao bo"),
        ("合", "he ge"),
        ("鞘", "qiao shao"),
    ],
)
def test_hanzi_of_several_readings(model: Model, hanzi: str, syllables: str) -> None:
    for syllable in syllables.split():
        assert hanzi in words_of(model, syllable), syllable


def test_the_data_is_complete_and_stays_as_it_is(model: Model) -> None:
    data = DATA.read_bytes()
    assert completed(data) == data


def test_a_reading_is_put_by_how_likely_it_is_and_moves_nothing_else(model: Model) -> None:
    data = DATA.read_bytes()
    more = Model(completed(data, [Reading("好", "zhuang", 0.5), Reading("鹿", "fo", 2.0)]))
    assert len(more.full) == len(model.full) + 2
    for syllable, hanzi in (("zhuang", "好"), ("fo", "鹿")):
        assert words_of(more, syllable).count(hanzi) == 1
        node = more.node_of(keys_of(syllable))
        assert node is not None
        rows = more.full[more.full_start[node] : more.full_start[node + 1]]
        place = words_of(more, syllable).index(hanzi)
        costs = [more.unigram[row >> COST_BITS] + (row & COST_MASK) for row in rows]
        assert costs[place] <= min(costs[place + 1 :], default=costs[place])
        assert more.reading_of(more.full_start[node] + place) == (syllable,)
    for before, after in ((model.partial, more.partial), (model.initial, more.initial)):
        for old, new in zip(before[::97], after[::97], strict=True):
            assert model.full[old] == more.full[new]
            assert model.reading_of(old) == more.reading_of(new)


def test_keys_that_begin_no_word_and_hanzi_that_are_none_are_left_out() -> None:
    data = DATA.read_bytes()
    assert completed(data, [Reading("好", "bvbvbvbv", 0.0), Reading("☃", "hao", 0.0)]) == data


def test_464_lists_what_is_said_with_a_closed_mouth(engine: Engine) -> None:
    editor = Editor(engine, Clock())
    keys(editor, "464")
    do(editor, Intent.CHOOSE_LAST)
    view = editor.view()
    assert isinstance(view, ChooseView)
    assert "哼" in view.candidates
