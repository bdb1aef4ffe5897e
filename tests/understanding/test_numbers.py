"""Numbers as they are written and said: the table is the specification."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.understanding.numbers import MOST_DIGITS, number_at

WHOLE = [
    ("零", "0"),
    ("俩", "2"),
    ("十", "10"),
    ("十五", "15"),
    ("二十", "20"),
    ("一百零五", "105"),
    ("一百五", "150"),
    ("一百一十五", "115"),
    ("一千零一", "1001"),
    ("两千零二十六", "2026"),
    ("二零二六", "2026"),
    ("两万五", "25000"),
    ("两万零五", "20005"),
    ("三亿零二十万", "300200000"),
    ("1,234,567", "1234567"),
    ("1.5亿", "150000000"),
    ("3万5千", "35000"),
    ("三点一四", "157/50"),
    ("零点五", "1/2"),
    ("1.5", "3/2"),
    ("2/3", "2/3"),
    ("三分之二", "2/3"),
    ("一又二分之一", "3/2"),
    ("百分之五", "1/20"),
    ("千分之三", "3/1000"),
    ("12.5%", "1/8"),
    ("一个半", "3/2"),
    ("半", "1/2"),
    ("负三", "-3"),
    ("第三", "3"),
    ("twenty-five", "25"),
    ("a hundred and five", "105"),
    ("one and a half", "3/2"),
    ("two point five", "5/2"),
    ("a quarter", "1/4"),
    ("three thousand two hundred", "3200"),
]


@pytest.mark.parametrize(("text", "value"), WHOLE)
def test_a_number_is_read_to_its_end_and_exactly(text: str, value: str) -> None:
    number = number_at(text, 0)
    assert number is not None
    assert (number.value, number.end) == (Fraction(value), len(text))


@pytest.mark.parametrize("text", ["两三", "五六", "三五", "两三百"])
def test_a_guess_is_known_for_one(text: str) -> None:
    number = number_at(text, 0)
    assert number is not None
    assert number.approximate


@pytest.mark.parametrize("text", ["几", "很多", "abc", "", "。"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert number_at(text, 0) is None


def test_a_number_without_end_is_no_number_here() -> None:
    assert number_at("9" * (MOST_DIGITS + 1), 0) is None
    assert number_at("9" * MOST_DIGITS, 0) is not None


@given(st.integers(0, 10**12))
def test_every_number_with_commas_is_read_as_it_is_written(value: int) -> None:
    number = number_at(f"{value:,}", 0)
    assert number is not None
    assert number.value == value


@given(st.integers(1, 10**12 - 1))
def test_every_number_as_the_voice_reads_it_is_heard_again(value: int) -> None:
    from appliance.speech.numbers import cardinal

    number = number_at(cardinal(str(value)), 0)
    assert number is not None
    assert number.value == value
