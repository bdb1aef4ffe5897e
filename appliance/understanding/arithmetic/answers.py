"""What a sum or a conversion comes to, said with what was computed."""

from __future__ import annotations

from fractions import Fraction

from appliance.understanding.arithmetic.evaluate import Wrong, shown_number, terminating
from appliance.understanding.arithmetic.parse import Conversion, Sum

_WRONG = {
    Wrong.ZERO: ("不能除以零。", "One cannot divide by zero."),
    Wrong.BIG: (
        "这个数太大了，超过{digits}位，我不算。",
        "That number is too big for me: it has more than {digits} digits.",
    ),
    Wrong.ROOT: (
        "负数没有实数的平方根。",
        "A negative number has no real square root.",
    ),
}
_DECIMALS = 12
_ROUNDED = 6


def say_sum(sum_: Sum, language: str) -> str:
    """The answer in `zh` or `en`."""
    zh = language != "en"
    if sum_.result is None:
        text = _WRONG[sum_.wrong or Wrong.BIG][0 if zh else 1]
        return text.format(digits=4000)
    result = sum_.result
    if sum_.remainder is not None:
        whole, rest = sum_.remainder
        return (
            f"{result.shown} = {whole}，余{rest}。"
            if zh
            else f"{result.shown} = {whole}, remainder {rest}."
        )
    value = say_number(result.value, language, result.exact)
    return f"{result.shown} {value}{'。' if zh else '.'}"


def say_number(value: Fraction, language: str, exact: bool = True) -> str:
    """= 12, = 0.5, = 100/7 ≈ 14.285714, ≈ 1.414214; a very long one by its beginning."""
    zh = language != "en"
    if not exact:
        return f"≈ {_rounded(value)}"
    if value.denominator == 1:
        return f"= {_whole(value.numerator, zh)}"
    decimals = terminating(value, _DECIMALS)
    if decimals is not None and len(decimals) <= 30:
        return f"= {decimals}"
    if max(abs(value.numerator), value.denominator) < 10**9:
        return f"= {value.numerator}/{value.denominator} ≈ {_rounded(value)}"
    return f"≈ {_rounded(value)}"


def _whole(value: int, zh: bool) -> str:
    digits = str(value)
    if len(digits) <= 24:
        return digits
    count = len(digits.lstrip("-"))
    head = digits[: 13 + (value < 0)]
    told = f"（共{count}位）" if zh else f" ({count} digits)"
    return f"{head[:-12]}.{head[-12:]}×10^{count - 1}{told}"


def _rounded(value: Fraction) -> str:
    """To six significant decimals, however small or large it is."""
    if value == 0:
        return "0"
    if abs(value) >= 10**15 or abs(value) < Fraction(1, 10**4):
        return _scientific(value)
    scaled = round(value * 10**_ROUNDED)
    return terminating(Fraction(scaled, 10**_ROUNDED), _ROUNDED) or str(scaled)


def _scientific(value: Fraction) -> str:
    """Digits and a power of ten; no float could hold it."""
    exponent = len(str(abs(value.numerator))) - len(str(value.denominator))
    scaled = abs(value) / Fraction(10) ** exponent
    if scaled < 1:
        exponent -= 1
        scaled *= 10
    digits = terminating(Fraction(round(scaled * 10**_ROUNDED), 10**_ROUNDED), _ROUNDED)
    return f"{'-' * (value < 0)}{digits}×10^{exponent}"


def _one(conversion: Conversion) -> str:
    """1 mile, 2 miles"""
    name = conversion.unit.en
    if conversion.value != 1:
        return name
    irregular = {"inches": "inch", "feet": "foot"}
    return irregular.get(name) or name.replace("degrees", "degree").removesuffix("s")


def say_conversion(conversion: Conversion, language: str) -> str:
    """5斤 = 2.5公斤, 10 miles = 16.09344 kilometers"""
    zh = language != "en"
    unit, to = conversion.unit, conversion.to
    names = (unit.zh, to.zh) if zh else (f" {_one(conversion)}", f" {to.en}")
    found = say_number(conversion.found, language)
    sign, _, number = found.partition(" ")
    if "/" in number:
        sign, number = "≈", number.rpartition("≈ ")[2]
    end = "。" if zh else "."
    return f"{shown_number(conversion.value)}{names[0]} {sign} {number}{names[1]}{end}"
