"""Numbers as people write and say them: 一百零五, 1.5, 三点一四, 百分之五, 2/3, 两万五, 一个半.

One place is looked at, to the longest number that begins there. Exact: a number is a fraction.
Bounded: what has more than `MOST_DIGITS` digits is no number here.
"""

from __future__ import annotations

import re
from fractions import Fraction

from appliance.understanding.english_numbers import english_number_at
from appliance.understanding.tokens import Number

MOST_DIGITS = 1000
"""Digits of one number; Python itself refuses to read 4300."""

DIGITS = {
    **{c: i for i, c in enumerate("零一二三四五六七八九")},
    **{c: i for i, c in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    **{"两": 2, "俩": 2, "仨": 3, "幺": 1},
}
PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}
_ZERO = "零〇"
_SPELLED = re.compile(r"[零〇一二三四五六七八九幺]{2,1000}+(?![十百千万亿拾佰仟])")
_ARABIC = re.compile(r"\d{1,3}(?:,\d{3})++(?![\d])|\d++", re.ASCII)
_DECIMALS = re.compile(r"\.\d++", re.ASCII)
_SPOKEN_DECIMALS = re.compile(r"点([零〇一二三四五六七八九幺]{1,1000}+)(?![十百千万亿])")
_RATIO = re.compile(r"\s?/\s?(\d{1,1000}+)(?![\d./])", re.ASCII)
_SHARES = {"百分之": 100, "千分之": 1000, "万分之": 10000}
_BEGINS = frozenset(DIGITS) | frozenset(PLACES) | frozenset("0123456789负第半百千万")


def number_at(text: str, at: int, ratio: bool = True) -> Number | None:
    """The number that begins at `at` in a plain text, if any.

    `ratio`: 2/3 is two thirds, else 2.
    """
    if at >= len(text):
        return None
    if text[at] not in _BEGINS:
        return english_number_at(text, at) if text[at].isascii() else None
    if text[at] == "负":
        found = number_at(text, at + 1, ratio)
        return found and Number(at, found.end, -found.value, found.spelled, found.approximate)
    if text[at] == "第":
        found = _whole_at(text, at + 1)
        return found and Number(at, found.end, found.value, ordinal=True)
    if text[at] == "半":
        return Number(at, at + 1, Fraction(1, 2))
    for name, of in _SHARES.items():
        if text.startswith(name, at):
            part = _decimal_at(text, at + len(name))
            return part and Number(at, part.end, part.value / of)
    found = _decimal_at(text, at)
    return found and _fraction(text, found, ratio)


def _fraction(text: str, found: Number, ratio: bool) -> Number:
    """What may follow a number and still be of it: 三分之二, 一又二分之一, 一个半, 2/3, 50%."""
    end = found.end
    if text.startswith("分之", end) and found.value:
        part = _decimal_at(text, end + 2)
        return Number(found.start, part.end, part.value / found.value) if part else found
    if text.startswith("又", end):
        rest = number_at(text, end + 1)
        if rest and 0 < rest.value < 1 and "分之" in text[end : rest.end]:
            return Number(found.start, rest.end, found.value + rest.value)
    if text.startswith("个半", end) and not text.startswith("个半天", end):
        return Number(found.start, end + 2, found.value + Fraction(1, 2))
    if text[end : end + 1] == "%":
        return Number(found.start, end + 1, found.value / 100)
    if ratio and found.whole and (over := _RATIO.match(text, end)) and int(over[1]):
        return Number(found.start, over.end(), found.value / int(over[1]))
    return found


def _decimal_at(text: str, at: int) -> Number | None:
    found = _arabic_at(text, at) or _spelled_at(text, at) or _whole_at(text, at)
    if found is None or not found.whole:
        return found
    decimals = _SPOKEN_DECIMALS.match(text, found.end) if not text[at].isdecimal() else None
    if decimals is None:
        return found
    digits = "".join(str(DIGITS[c]) for c in decimals[1])
    value = found.value + Fraction(int(digits), 10 ** len(digits))
    value, end = _scaled(text, decimals.end(), value)
    return Number(found.start, end, value)


def _scaled(text: str, at: int, value: Fraction) -> tuple[Fraction, int]:
    """万 and 亿 behind a number: 1.5亿, 三点五万, 3百."""
    while (name := text[at : at + 1]) in MYRIADS or name in PLACES:
        value *= MYRIADS.get(name) or PLACES[name]
        at += 1
        if value > 10**40:
            break
    return value, at


def _arabic_at(text: str, at: int) -> Number | None:
    found = _ARABIC.match(text, at)
    if found is None or len(found[0]) > MOST_DIGITS:
        return None
    value = Fraction(int(found[0].replace(",", "")))
    end = found.end()
    decimals = _DECIMALS.match(text, end)
    if decimals and len(decimals[0]) <= MOST_DIGITS:
        value += Fraction(int(decimals[0][1:]), 10 ** (len(decimals[0]) - 1))
        end = decimals.end()
    spelled = len(found[0]) > 1 and found[0][0] == "0"
    value, end = _scaled(text, end, value)
    unit = MYRIADS.get(text[end - 1])
    rest = (_arabic_at(text, end) or _whole_at(text, end)) if unit else None
    if unit and rest and rest.value < unit and text[rest.end - 1] in "百千":
        return Number(at, rest.end, value + rest.value)  # 3万5千
    return Number(at, end, value, spelled)


def _spelled_at(text: str, at: int) -> Number | None:
    """Digit by digit: 二零二六. Two neighbours without a zero are a guess: 五六个."""
    found = _SPELLED.match(text, at)
    if found is None:
        return None
    digits = [DIGITS[c] for c in found[0]]
    guess = len(digits) == 2 and 0 not in digits and digits[1] - digits[0] in (1, 2)
    return Number(at, found.end(), Fraction(int("".join(map(str, digits)))), True, guess)


def _whole_at(text: str, at: int) -> Number | None:
    """A cardinal in hanzi: 一百零五, 三亿零二十万, 两万五."""
    if (arabic := _ARABIC.match(text, at)) and len(arabic[0]) <= MOST_DIGITS:
        return Number(at, arabic.end(), Fraction(int(arabic[0].replace(",", ""))))
    total, place, limit = 0, at, 10**16
    guess = False
    while True:
        section, end, guess = _section(text, place)
        if end == place:
            break
        unit = 1
        while text[end : end + 1] in MYRIADS and text[end : end + 1]:
            unit *= MYRIADS[text[end]]
            end += 1
        if unit >= limit:
            break
        if unit == 1 and total and text[place - 1] in MYRIADS and section < 10:
            # 两万五 is 25000, 两万零五 is 20005.
            section *= MYRIADS[text[place - 1]] // 10 if text[place] not in _ZERO else 1
        total += section * unit
        place, limit = end, unit
        if unit == 1:
            break
    if place == at:
        return None
    return Number(at, place, Fraction(total), approximate=guess)


def _section(text: str, at: int) -> tuple[int, int, bool]:
    """Up to 9999: its value, its end, and whether it is a guess (两三)."""
    value, place, limit, gap = 0, at, 10**4, False
    while place < len(text):
        sign = text[place]
        if sign in _ZERO and (value or place > at or text[place + 1 : place + 2] in DIGITS):
            if text[place + 1 : place + 2] not in DIGITS:
                break
            gap, place = True, place + 1
            continue
        digit = DIGITS.get(sign)
        if digit is None:
            if PLACES.get(sign) == 10 and limit > 10:
                value, limit, place = value + 10, 10, place + 1  # 十五, 一百十五
                continue
            break
        after = text[place + 1 : place + 2]
        if after in DIGITS and after not in _ZERO and limit > 10 and digit + 1 == DIGITS[after]:
            scale = PLACES.get(text[place + 2 : place + 3], 1)
            return value + digit * scale, place + 2 + (scale > 1), True  # 两三个, 三四百
        if (unit := PLACES.get(after)) and unit < limit:
            value, limit, place = value + digit * unit, unit, place + 2
            continue
        if unit:
            break
        lone = limit in (100, 1000) and not gap and value
        value += digit * (limit // 10 if lone else 1)
        place += 1
        break
    return value, place, False
