"""Numbers as they are said in Mandarin: 1205 is 一千二百零五, 2 things are 两个, 110 is 幺幺零."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_UNITS = ((10**8, "亿"), (10**4, "万"))
_MOST_DIGITS = 16


def spell(text: str, one: str = "一") -> str:
    """Each digit by its name; what is no digit stays. `one` is 幺 in telephone numbers."""
    return "".join(_digit(c, one) if "0" <= c <= "9" else c for c in text)


def _digit(character: str, one: str) -> str:
    return one if character == "1" else _DIGITS[int(character)]


def cardinal(digits: str) -> str:
    """A whole number, given by its digits. More than 16 of them are spelled."""
    value = int(digits)
    if value == 0:
        return "零"
    return spell(digits) if value >= 10**_MOST_DIGITS else _read(value, first=True)


def _read(value: int, first: bool) -> str:
    """`first`: nothing of the number stands before it."""
    for unit, name in _UNITS:
        if value >= unit:
            high, low = divmod(value, unit)
            # 20000 is 两万, but 120000 is 十二万.
            spoken = "两" if high == 2 else _read(high, first)
            gap = "零" if 0 < low < unit // 10 else ""
            return spoken + name + gap + (_read(low, first=False) if low else "")
    return _thousands(value, first)


def _thousands(value: int, first: bool) -> str:
    """Up to four digits."""
    spoken, zero = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit == 0:
            zero = bool(spoken)
            continue
        name, leads = _DIGITS[digit], first and not spoken
        if digit == 2 and (place == 3 or (place == 2 and leads)):
            name = "两"
        elif digit == 1 and place == 1 and leads:
            name = ""  # 十五, not 一十五
        spoken += ("零" if zero else "") + name + _PLACES[place]
        zero = False
    return spoken


def number(text: str) -> str:
    """A number as written, with a sign and decimals: `-3.50` is 负三点五零."""
    sign = "负" if text[:1] == "-" else ""
    whole, point, decimals = text.lstrip("+-").partition(".")
    spoken = sign + cardinal(whole)
    return f"{spoken}点{spell(decimals)}" if point and decimals else spoken
