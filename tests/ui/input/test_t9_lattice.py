"""The lattice: the compiled core and the fallback agree to the last bit, and undo is exact."""

from __future__ import annotations

import importlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.input.engine import compiled_lattice
from ui.input.lattice import (
    MAX_KEYS,
    UNFINISHED,
    Kind,
    Lattice,
    Pin,
    PythonLattice,
    UserTables,
    fix_key,
)
from ui.input.model import BOS, COST_BITS, Model
from ui.input.syllables import keys_of

COMPILED = compiled_lattice()
needs_core = pytest.mark.skipif(COMPILED is None, reason="the compiled core was not built")

SENTENCES = [
    "6494324743496636",
    "94664486624269434",
    "96743269674626",
    "546842684744663964",
    "74366744486",
    "642894443",
]
keys = st.one_of(
    st.text("23456789", min_size=1, max_size=24),
    st.sampled_from(SENTENCES).flatmap(lambda s: st.integers(1, len(s)).map(lambda n: s[:n])),
)
words = st.integers(0, 177_000)


def dump(lattice: Lattice) -> list[object]:
    return [
        *(lattice.column(position) for position in range(len(lattice) + 1)),
        lattice.finals(),
        lattice.best(),
    ]


def both(model: Model) -> tuple[Lattice, Lattice]:
    assert COMPILED is not None
    return COMPILED(model), PythonLattice(model)


@needs_core
@settings(max_examples=40, deadline=None)
@given(keys, words, words)
def test_core_and_fallback_agree_on_any_keys_after_any_words(
    model: Model, typed: str, before: int, last: int
) -> None:
    dumps = []
    for lattice in both(model):
        lattice.reset(before, last)
        for key in typed:
            lattice.push(int(key))
        dumps.append(dump(lattice))
    assert dumps[0] == dumps[1]


@needs_core
@settings(max_examples=40, deadline=None)
@given(
    keys,
    st.binary(max_size=20).map(lambda b: bytes((1, UNFINISHED, 0, 0, 0)[x % 5] for x in b)),
    st.lists(st.integers(-1, 80).map(lambda n: n if n < 0 or n % 3 == 0 else -1), max_size=20),
    st.data(),
)
def test_core_and_fallback_agree_under_any_rules(
    model: Model, typed: str, boundaries: bytes, locks: list[int], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(typed) - 1))
    end = data.draw(st.integers(start + 1, len(typed)))
    entry = data.draw(st.integers(0, len(model.full) - 1))
    pins = data.draw(st.sampled_from([[], [Pin(start, end, entry, Kind.FULL)]]))
    dumps = []
    for lattice in both(model):
        lattice.reset(BOS, BOS)
        lattice.set_rules(boundaries, locks, pins)
        for key in typed:
            lattice.push(int(key))
        dumps.append(dump(lattice))
    assert dumps[0] == dumps[1]


def tables_of(model: Model, picks: list[tuple[int, int]], own: list[tuple[int, ...]]) -> UserTables:
    """Habits for some records, and words of their own from syllable numbers."""
    entries: dict[str, tuple[int, ...]] = {}
    costs: dict[int, tuple[int, int]] = {}
    pairs: dict[int, int] = {}
    fixes: dict[int, int] = {}
    before = last = BOS
    for record, cost in picks:
        word = model.full[record] >> COST_BITS
        spelt = keys_of("".join(model.reading_of(record)))
        entries[spelt] = (*entries.get(spelt, ()), record)
        costs[word] = (cost, cost % 4000 - 2000)
        pairs[last << 32 | word] = cost // 2
        fixes[fix_key(before, last, word)] = cost % 9000 - 3000
        before, last = last, word
    rows = []
    for number, syllables in enumerate(own):
        spelt = keys_of("".join(model.syllables[n] for n in syllables))
        entries[spelt] = (*entries.get(spelt, ()), len(model.full) + number)
        costs[model.words + number] = (1500, 0)
        pairs[last << 32 | (model.words + number)] = 900
        rows.append((model.words + number, syllables))
    return UserTables(entries, tuple(rows), costs, pairs, fixes)


@needs_core
@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 180_000), st.integers(0, 9000)), max_size=20),
    st.lists(
        st.lists(st.integers(0, 400), min_size=1, max_size=4).map(tuple), min_size=1, max_size=4
    ),
    keys,
)
def test_core_and_fallback_agree_with_any_habits(
    model: Model, picks: list[tuple[int, int]], own: list[tuple[int, ...]], typed: str
) -> None:
    tables = tables_of(model, picks, own)
    spelt = "".join(keys_of("".join(model.syllables[n] for n in word)) for word in own)
    dumps = []
    for lattice in both(model):
        lattice.set_user(tables)
        lattice.reset(BOS, BOS)
        for key in (spelt + typed)[:MAX_KEYS]:
            lattice.push(int(key))
        dumps.append(dump(lattice))
    assert dumps[0] == dumps[1]


@pytest.fixture(params=["compiled", "fallback"])
def new_lattice(request: pytest.FixtureRequest) -> Callable[[Model], Lattice]:
    if request.param == "fallback":
        return PythonLattice
    if COMPILED is None:
        pytest.skip("the compiled core was not built")
    return COMPILED


@pytest.mark.parametrize("typed", [*SENTENCES, "22222222", "9999999999"])
def test_taking_keys_back_leaves_what_was_before(
    model: Model, new_lattice: Callable[[Model], Lattice], typed: str
) -> None:
    lattice = new_lattice(model)
    seen = [dump(lattice)]
    for key in typed:
        lattice.push(int(key))
        seen.append(dump(lattice))
    for past in reversed(seen[:-1]):
        lattice.pop()
        assert dump(lattice) == past


@pytest.mark.parametrize("key", [-1, 0, 1, 10])
def test_other_keys_are_refused(
    model: Model, new_lattice: Callable[[Model], Lattice], key: int
) -> None:
    with pytest.raises(ValueError, match="not a key"):
        new_lattice(model).push(key)


def test_it_holds_so_many_keys_and_refuses_more(
    model: Model, new_lattice: Callable[[Model], Lattice]
) -> None:
    lattice = new_lattice(model)
    for n in range(MAX_KEYS):
        lattice.push(2 + n % 8)
    assert lattice.best()
    with pytest.raises(ValueError, match="too many"):
        lattice.push(2)
    assert len(lattice) == MAX_KEYS


def test_nothing_can_be_taken_back_from_nothing(
    model: Model, new_lattice: Callable[[Model], Lattice]
) -> None:
    lattice = new_lattice(model)
    with pytest.raises(ValueError, match="take back"):
        lattice.pop()
    assert lattice.best() == []
    assert lattice.finals() == []


@needs_core
@pytest.mark.parametrize("name", ["FORMAT", "INTERFACE"])
def test_a_core_of_another_version_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    core = importlib.import_module("ui.input._core")
    monkeypatch.setattr(core, name, 1)
    assert compiled_lattice() is None
