"""English words on the keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.input.editing.pages import PER_PAGE, paginate
from ui.input.engine import ENGLISH
from ui.input.english import Case, EnglishWords
from ui.input.model import DataError
from ui.input.syllables import keys_of
from ui.widgets import candidates_that_fit

WORDS = EnglishWords(ENGLISH)


def test_the_most_frequent_word_of_the_keys_comes_first() -> None:
    assert WORDS.candidates("843")[0] == "the"
    assert WORDS.candidates("4")[0] == "I"


def test_longer_words_follow_the_exact_ones() -> None:
    found = WORDS.candidates("4355")
    exact = [word for word in found if len(word) == 4]
    assert found[: len(exact)] == exact
    assert "hello" in found


@given(st.text("23456789", min_size=1, max_size=20))
def test_any_keys_are_some_letters(keys: str) -> None:
    found = WORDS.candidates(keys)
    assert keys_of(found[0].lower()) == keys
    assert all(keys_of(word.lower()).startswith(keys) for word in found)
    assert len(set(found)) == len(found)


def test_cases_go_round() -> None:
    assert [case.of("paris") for case in Case] == ["paris", "Paris", "PARIS"]
    assert Case.UPPER.next() is Case.LOWER


def test_a_missing_or_broken_list_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        EnglishWords(tmp_path / "none.txt")
    (tmp_path / "bad.txt").write_text("fine\nnot-fine\n", encoding="ascii")
    with pytest.raises(DataError, match="not-fine"):
        EnglishWords(tmp_path / "bad.txt")


@given(st.lists(st.text("早晚ab", min_size=1, max_size=12), max_size=40))
def test_pages_hold_everything_once_and_only_what_is_drawn(items: list[str]) -> None:
    pages = paginate(items)
    assert [at for page in pages for at in page] == list(range(len(items)))
    for page in pages:
        assert 1 <= len(page) <= PER_PAGE
        assert candidates_that_fit([items[at] for at in page]) == len(page)
