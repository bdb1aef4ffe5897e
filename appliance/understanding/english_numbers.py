"""English numbers in words: twenty-five, one and a half, a hundred and five, two point five."""

from __future__ import annotations

import re
from fractions import Fraction

from appliance.understanding.tokens import Number

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SMALL = {
    **{word: value for value, word in enumerate(_ONES)},
    **{word: 20 + 10 * i for i, word in enumerate(_TENS)},
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_ORDINALS = {
    **{"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12},
    **{
        f"{w}th": v for w, v in _SMALL.items() if v in (4, 6, 7, 10, 11, 13, 14, 15, 16, 17, 18, 19)
    },
    **{"twentieth": 20, "thirtieth": 30},
}
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}
_WORD = re.compile(r"[a-z]{1,12}+")
_MOST_WORDS = 24


def _word(text: str, at: int) -> str:
    found = _WORD.match(text, at)
    return found[0] if found else ""


def _begins(text: str, at: int) -> bool:
    return at == 0 or not (text[at - 1].isascii() and text[at - 1].isalpha())


def english_number_at(text: str, at: int) -> Number | None:
    """The number in words that begins at `at`, if any."""
    if not _begins(text, at):
        return None
    word = _word(text, at)
    if word == "half":
        end = at + 4
        return Number(at, end + 2 if text.startswith(" a", end) else end, Fraction(1, 2))
    if word in ("a", "an"):
        return _article(text, at, at + len(word))
    if word in _ORDINALS and word not in _SMALL:
        return Number(at, at + len(word), Fraction(_ORDINALS[word]), ordinal=True)
    return _cardinal(text, at) if word in _SMALL else None


def _article(text: str, at: int, end: int) -> Number | None:
    """A half, a quarter, a hundred."""
    if text[end : end + 1] != " ":
        return None
    word = _word(text, end + 1)
    if word in _FRACTIONS:
        return Number(at, end + 1 + len(word), Fraction(1, _FRACTIONS[word]))
    if word in _SCALES:
        return _cardinal(text, at)
    return None


def _cardinal(text: str, at: int) -> Number:
    total, section, end, place = 0, 0, at, at
    last = 10**12
    for _ in range(_MOST_WORDS):
        word = _word(text, place)
        if word in ("a", "an") and place == at:
            section = 1
        elif word in _SMALL and (section % 100 == 0 or (section % 10 == 0 and _SMALL[word] < 10)):
            if section % 100 and section % 100 < 20:
                break
            section += _SMALL[word]
        elif word == "hundred" and 0 < section < 20:
            section *= 100
        elif word in _SCALES and section > 0 and _SCALES[word] < last and word != "hundred":
            total, section, last = total + section * _SCALES[word], 0, _SCALES[word]
        elif word == "and" and end > at and (section % 100 == 0):
            if _word(text, place + 4) not in _SMALL:
                break
            place += 4
            continue
        elif word in _ORDINALS and section and section % 10 == 0 and _ORDINALS[word] < 10:
            end = place + len(word)
            return Number(at, end, Fraction(total + section + _ORDINALS[word]), ordinal=True)
        else:
            break
        end = place + len(word)
        place = end + (text[end : end + 1] in (" ", "-"))
        if place == end:
            break
    return _rest(text, at, end, Fraction(total + section))


def _rest(text: str, at: int, end: int, value: Fraction) -> Number:
    """… point five, … and a half."""
    if text.startswith(" point ", end):
        digits, place = "", end + 7
        while (word := _word(text, place)) in _SMALL and _SMALL[word] < 10 and len(digits) < 20:
            digits += str(_SMALL[word])
            end = place + len(word)
            place = end + 1
        if digits:
            return Number(at, end, value + Fraction(int(digits), 10 ** len(digits)))
    if text.startswith(" and a ", end) and (word := _word(text, end + 7)) in _FRACTIONS:
        return Number(at, end + 7 + len(word), value + Fraction(1, _FRACTIONS[word]))
    return Number(at, end, value)
