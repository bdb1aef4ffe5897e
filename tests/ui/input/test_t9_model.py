"""The data file: what is in it, and what happens when it is not what it should be."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import ui.input.engine
from ui.input.engine import DATA, Engine
from ui.input.learning.user import MemoryWords
from ui.input.model import BOS, UNK, UNKNOWN_COST, DataError, Model, Section, pack


def test_it_is_at_most_twenty_megabytes() -> None:
    assert DATA.stat().st_size <= 20_000_000


def test_a_word_is_found_by_its_text_and_gives_it_back(model: Model) -> None:
    for text in ("的", "今天", "什么", "喆"):
        assert model.text(model.word(text)) == text
    assert model.word("这不是一个词") == UNK


def test_a_likely_word_costs_less_than_an_unlikely_one(model: Model) -> None:
    we, are, eat = model.word("我们"), model.word("是"), model.word("吃饭")
    likely, unlikely = model.costs(BOS, we, [are, eat])
    assert likely < unlikely


@pytest.mark.parametrize(("before", "last"), [("", "我们"), ("我们", "是"), ("", ""), ("喆", "喆")])
def test_words_cost_the_same_together_and_one_by_one(model: Model, before: str, last: str) -> None:
    first, second = (model.word(text) if text else BOS for text in (before, last))
    words = [*random.Random(1).sample(range(model.words), 2000), model.words]
    costs = model.costs(first, second, words)
    assert costs == [model.costs(first, second, [word])[0] for word in words]
    assert costs[-1] == UNKNOWN_COST


def test_no_context_promises_more_than_certainty(model: Model) -> None:
    """What is missing to one is the sentence's end, which has its own table."""
    for text in ("我们", "今天", "的"):
        last = model.word(text)
        costs = model.bigram_costs(last, range(2, model.words))
        total = sum(10 ** (-cost / 1024) for cost in costs)
        assert 0.85 < total <= 1.01


def test_every_row_of_ngrams_is_sorted(model: Model) -> None:
    for word in random.Random(1).sample(range(model.words), 300):
        row = list(model.bigram[model.bigram_start[word] : model.bigram_start[word + 1]])
        assert row == sorted(row)


def test_a_core_built_for_data_of_another_form_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ui.input.engine, "VERSION", 99)
    assert not Engine(MemoryWords(), verify=False).compiled


def test_a_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        Model(tmp_path / "t9.bin")


def test_an_empty_file_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "t9.bin"
    path.touch()
    with pytest.raises(DataError, match="cannot be read"):
        Model(path)


@pytest.mark.parametrize("size", [1, 15, 16, 100, 700, 5000, 10_000_000, -1])
def test_a_truncated_file_is_a_clear_error(tmp_path: Path, size: int) -> None:
    path = tmp_path / "t9.bin"
    path.write_bytes(DATA.read_bytes()[:size])
    with pytest.raises(DataError):
        Model(path)


def test_a_file_of_another_version_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t9.bin"
    data = bytearray(pack(dict.fromkeys(Section, b"")))
    data[8] = 99
    path.write_bytes(data)
    with pytest.raises(DataError, match="version 99"):
        Model(path)


def test_a_file_that_lacks_a_section_says_which(tmp_path: Path) -> None:
    path = tmp_path / "t9.bin"
    path.write_bytes(pack({Section.ABOUT: b"{}"}))
    with pytest.raises(DataError, match="UNIGRAM"):
        Model(path)


def test_one_flipped_bit_anywhere_is_found(tmp_path: Path) -> None:
    data = bytearray(DATA.read_bytes())
    path = tmp_path / "t9.bin"
    randomly = random.Random(2)
    places = [randomly.randrange(len(data)) for _ in range(20)]
    used = set(_payload(DATA))
    for place in [*places, 9, 20, 40, 500]:
        if place >= 1000 and not any(place in extent for extent in used):
            continue  # padding between sections means nothing
        data[place] ^= 1 << randomly.randrange(8)
        path.write_bytes(data)
        with pytest.raises(DataError):
            Model(path)
        data[:] = DATA.read_bytes()


def _payload(path: Path) -> list[range]:
    return [range(offset, offset + size) for _, offset, size in Model(path)._table.values()]


def test_a_damaged_file_opened_unverified_types_nonsense_but_never_crashes(
    tmp_path: Path,
) -> None:
    data = bytearray(DATA.read_bytes())
    randomly = random.Random(3)
    for extent in _payload(DATA):
        for _ in range(200):
            data[randomly.choice(extent)] ^= 1 << randomly.randrange(8)
    path = tmp_path / "t9.bin"
    path.write_bytes(data)
    engine = Engine(MemoryWords(), data=path, verify=False)
    if not engine.compiled:
        pytest.skip("the fallback raises IndexError where the core reads on")
    lattice = engine.lattice()
    for _ in range(40):
        lattice.reset(BOS, BOS)
        for _ in range(40):
            lattice.push(randomly.randrange(2, 10))
            lattice.best()
    with pytest.raises(DataError, match="damaged"):
        engine.model.verify_sections()
