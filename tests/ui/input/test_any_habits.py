"""Whatever a store or an imported list holds, typing goes on, and every key is answered."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.input.composition import Composition
from ui.input.engine import Engine, compiled_lattice
from ui.input.lattice import PythonLattice
from ui.input.learning.habits import Habits
from ui.input.learning.user import (
    BEGIN,
    MOST_FIX,
    Change,
    FixRow,
    Lesson,
    MemoryWords,
    PairRow,
    WordRow,
)

ENGINE = Engine(MemoryWords(), verify=False)
COMPILED = compiled_lattice()

EVENING = WordRow("晚", ("wan",), 1.0, 5)


def typed(engine: Engine, keys: str) -> Composition:
    composition = Composition(engine)
    for key in keys:
        composition.type(int(key))
    return composition


def use(composition: Composition) -> None:
    """Look at all that the screens show of it."""
    composition.certainty()
    for place in range(len(composition.words())):
        composition.candidates(place)
        composition.characters(place)
    composition.sentences()
    composition.pinyin_line()


@pytest.mark.parametrize("step", [-(2**62), -1, 0, 5, 10**9, 2**62])
@pytest.mark.parametrize(
    "row",
    [
        WordRow("晚", ("wan",), math.inf, 5),
        WordRow("晚", ("wan",), -5.0, 5),
        WordRow("晚", ("wan",), 0.0, 5),
        WordRow("晚", ("wan",), 5e-324, 5),
        WordRow("晚", ("wan",), 1.0, 10**9),
        WordRow("晚", ("wan",), 1.0, -(10**9)),
        WordRow("", ("wan",), 50.0, 5),
        WordRow("晚" * 300, ("wan",), 500.0, 5),
        PairRow(BEGIN, "晚", math.inf, 5),
        PairRow(BEGIN, "晚", -1.0, 5),
        PairRow(BEGIN, "", 9.0, 5),
        FixRow(BEGIN, BEGIN, "晚", math.inf, 5),
        FixRow(BEGIN, BEGIN, "晚", -math.inf, 5),
        FixRow(BEGIN, BEGIN, "晚", 1e300, 5),
        FixRow(BEGIN, BEGIN, "晚", 3e9, 10**9),
        FixRow(BEGIN, BEGIN, "", 1.0, 5),
    ],
)
def test_a_stored_number_that_cannot_be_true_stops_nothing(
    row: WordRow | PairRow | FixRow, step: int
) -> None:
    store = MemoryWords()
    words, pairs, fixes = (
        tuple(r for r in (EVENING, row) if isinstance(r, kind))
        for kind in (WordRow, PairRow, FixRow)
    )
    store.write(Change(step, words, pairs, fixes))
    engine = Engine(store, verify=False)
    composition = typed(engine, "926")
    use(composition)
    assert len(composition.text()) == 1
    composition.next_sentence()
    composition.commit()
    engine.settle()
    assert all(math.isfinite(word.count) for word in engine.habits.learnt().words)


def test_an_imported_fix_is_worth_no_more_than_a_repair_can_be(engine: Engine) -> None:
    engine.habits.import_text("\t\t晚\t999999\tfix\n\t\t玩\t-999999\tfix\n")
    assert {fix.gain for fix in engine.habits.learnt().fixes} == {MOST_FIX, -MOST_FIX}


def test_what_was_imported_with_a_count_however_large_stays_and_can_be_exported_again(
    engine: Engine,
) -> None:
    store = MemoryWords()
    habits = Habits(engine.model, store)
    habits.import_text("晚\twan\t999999\n我\t晚\t1e200\tpair\n")
    habits.learn([Lesson("晚", ("wan",), chosen=True)], "我")
    again = Habits(engine.model, store)
    assert [row.text for row in again.learnt().words] == ["晚"]
    assert Habits(engine.model, MemoryWords()).import_text(again.export()) == 2


@pytest.mark.parametrize("line", [" \twan", "我\t\t5\tpair", "我\t们\t\t5\tfix"])
def test_a_line_without_a_word_is_refused(engine: Engine, line: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        engine.habits.import_text(line)


@pytest.mark.parametrize(
    ("line", "keys"),
    [("Tom\ttang'mu", "826468"), ("王喆犇\twang'zhe", "9264943"), ("好\thao'a", "4262")],
)
def test_an_imported_word_need_not_be_read_hanzi_by_hanzi(
    either_engine: Engine, line: str, keys: str
) -> None:
    either_engine.habits.import_text(f"{line}\t100\n")
    composition = typed(either_engine, keys)
    use(composition)
    assert composition.text() == line.split("\t")[0]
    assert len(composition.certainty()) == 1


def test_a_word_that_the_data_lost_can_be_forgotten_and_made_again(engine: Engine) -> None:
    """The store was written when the data still had it."""
    store = MemoryWords()
    store.write(Change(1, (WordRow("王喆犇", ("wang", "zhe", "ben"), 5.0, 1, own=False),)))
    habits = Habits(engine.model, store)
    assert habits.knows("王喆犇")
    habits.forget("王喆犇")
    assert not habits.knows("王喆犇")


words = st.sampled_from(
    ["晚", "早上", "王喆犇", "Tom", "好", "的", " ", "#", "😀", "晚" * 8, "晚" * 9, ""]
)
readings = st.lists(st.sampled_from(ENGINE.model.syllables), min_size=1, max_size=40).map("'".join)
numbers = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True).map(str),
    st.sampled_from(["1", "5e-324", "999999", "1_0", "-0", ""]),
)
lines = st.one_of(
    st.tuples(words, readings, numbers),
    st.tuples(words, st.sampled_from(["wan", "zao'shang", "wang'zhe'ben", "a"]), numbers),
    st.tuples(words, words, numbers, st.just("pair")),
    st.tuples(words, words, words, numbers, st.just("fix")),
).map("\t".join)


@pytest.mark.skipif(COMPILED is None, reason="the compiled core was not built")
@settings(max_examples=40, deadline=None)
@given(st.lists(lines, max_size=12), st.text("23456789", min_size=1, max_size=12))
def test_any_list_is_taken_and_typed_with_line_by_line_or_refused(
    listed: list[str], keys: str
) -> None:
    assert COMPILED is not None
    store = MemoryWords()
    engine = Engine(store, verify=False)
    for line in listed:
        known = engine.habits.export()
        try:
            engine.habits.import_text(line)
        except ValueError:
            assert engine.habits.export() == known
    best = []
    for new in (COMPILED, PythonLattice):
        lattice = new(engine.model)
        lattice.set_user(engine.habits.tables)
        lattice.reset(0, 0)
        for key in keys:
            lattice.push(int(key))
        best.append((lattice.best(), lattice.finals()))
    assert best[0] == best[1]
    composition = typed(engine, keys)
    use(composition)
    composition.next_sentence()
    composition.commit()
    engine.settle()
    assert Engine(store, verify=False).habits.export() == engine.habits.export()
