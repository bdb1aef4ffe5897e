"""A sum in words or signs, cut into numbers and operations: 三百六减去百分之五, (3+5)*2, 根号二."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from appliance.understanding.numbers import number_at
from appliance.understanding.tokens import Number

MOST_TOKENS = 200


@dataclass(frozen=True, slots=True)
class Operand:
    """`share`: it was said as a percentage, which is of what stands before it. `ratio`: as a
    fraction, and is shown as one."""

    value: Fraction
    share: bool = False
    ratio: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """One of `+ - * / ( ) ^ root cube under off split mod`.

    `under` is 除, whose divisor stands first; `off` 打…折; `split` divides among so many."""

    name: str


Piece = Operand | Sign

_SIGNS = tuple(
    (re.compile(words), names)
    for words, names in (
        (r"\s+|[,，](?=\D|$)", ()),
        (r"左括号|括号开始?|[(\[{]", ("(",)),
        (r"右括号|括号结束|[)\]}]", (")",)),
        (
            r"加上|加|(?:上涨|涨了?|增加|提高)(?=百分之|\d|[一二三四五六七八九十])|\+|\bplus\b"
            r"|\band\b(?= \d)",
            ("+",),
        ),
        (
            r"减去|减掉|减|(?:下降|降了?|便宜|跌了?)(?=百分之|\d|[一二三四五六七八九十])|-"
            r"|\bminus\b",
            ("-",),
        ),
        (r"乘以|乘上|乘|\*\*(?!)|\*(?!\*)|x(?=\s*\d)|\btimes\b|\bmultiplied by\b", ("*",)),
        (r"除以|/|\bdivided by\b|\bover\b", ("/",)),
        (r"除(?!了|非|夕)", ("under",)),
        (r"的?平方根|的?二次方根|开平方|开方|开根号|\^0\.5", ("root-after",)),
        (r"的?立方根|的?三次方根|开立方", ("cube-after",)),
        (r"(?:the )?square root of|根号下?|平方根", ("root",)),
        (r"(?:the )?cube root of|立方根号", ("cube",)),
        (r"的?平方|squared", ("^", 2)),
        (r"的?立方|cubed", ("^", 3)),
        (r"\*\*|\^|to the power of|(?:raised )?to the", ("^",)),
        (
            r"个人平分|人平分|个人分摊|人分摊|个人均分|个人分|个人[aA]{2}|人[aA]{2}|等?份"
            r"|个小朋友分",
            ("people",),
        ),
        (r"折", ("discount",)),
        (r"的(?=[\d零一二两三四五六七八九十百千万半])|\bof\b|倍(?:的)?", ("of",)),
        (r"一半", ("*", Fraction(1, 2))),
    )
)
_POWER = re.compile(r"的?(?=[负\d一二两三四五六七八九十百千]{1,8}次[方幂])")
_POWER_END = re.compile(r"次[方幂](?!根)")
_PADDING = re.compile(
    r"原价|单价|总价|一共|总共|块钱?|元钱?|圆|钱|个(?!人|半)|打|分给|分成|平均分给|平均分成"
    r"|平均分|分|由|给|让|每人"
)
_THEN = re.compile(r"[,，]?(?:再|然后再?|结果再)(?=加|减|乘|除)")
_PERCENT = re.compile(r" ?percent(?![a-z])|个百分点")
_PEOPLE = re.compile(
    r"(?:个)?(?:人|小朋友|同学|小孩|孩子)(?:来|要)?(?:平分|分摊|均分|平摊|分|aa|平均分)?|等?份"
)
_BRACKET = "括号"


def pieces(text: str) -> list[Piece] | None:
    """The pieces of a plain text; None where anything else stands in it."""
    found: list[Piece] = []
    at, opened = 0, 0
    while at < len(text):
        if len(found) > MOST_TOKENS:
            return None
        if found and (then := _THEN.match(text, at)):
            found = [Sign("("), *found, Sign(")")]  # 减去三十五再乘以二
            at = then.end()
        step = _piece(text, at, found, opened)
        if step is None:
            return None
        at, names = step
        opened += sum((name == "(") - (name == ")") for name in names)
        found += (_as_piece(name) for name in names)
    return found


def _as_piece(name: str | int | Fraction | Operand) -> Piece:
    if isinstance(name, Operand):
        return name
    return Sign(name) if isinstance(name, str) else Operand(Fraction(name))


Step = tuple[int, tuple[str | int | Fraction | Operand, ...]]


def _piece(text: str, at: int, found: list[Piece], opened: int) -> Step | None:
    """The end of the next piece, and what it is."""
    after_number = bool(found) and (isinstance(found[-1], Operand) or found[-1] == Sign(")"))
    if (power := _POWER.match(text, at)) and after_number:
        number = number_at(text, power.end(), ratio=False)
        end = _POWER_END.match(text, number.end) if number else None
        if number and end:
            return end.end(), ("^", number.value)
    if text.startswith(_BRACKET, at):
        return at + 2, (")",) if opened and after_number else ("(",)
    if not after_number and text.startswith("一半", at):
        return at + 2, (Fraction(1, 2),)
    if not after_number and (number := number_at(text, at, ratio=False)) is not None:
        return _operand(text, number, first=not found)
    for pattern, names in _SIGNS:
        if sign := pattern.match(text, at):
            return sign.end(), names
    if padding := _PADDING.match(text, at):
        return padding.end(), ()
    if after_number and (number := number_at(text, at, ratio=False)) is not None:
        return _counted(text, number)
    return None


def _operand(text: str, number: Number, first: bool) -> Step | None:
    if number.approximate and not number.spelled:
        return None
    if (people := _PEOPLE.match(text, number.end)) and number.whole:
        return people.end(), (Operand(number.value), "under")  # 六个人平分五百四十块
    said = text[number.start : number.end]
    if text.startswith("折", number.end):
        rate = Operand(_rate(said, number))
        return number.end + 1, (rate, "*") if first else (rate,)  # 打八折的两百块
    share = said.endswith("%") or said.startswith("百分之")
    if percent := _PERCENT.match(text, number.end):
        return percent.end(), (Operand(number.value / 100, share=True),)
    return number.end, (Operand(number.value, share, "分之" in said and not share),)


def _rate(said: str, number: Number) -> Fraction:
    """八折 is 8/10, 八五折 85/100, 七点五折 7.5/10."""
    if number.spelled or (number.whole and number.value > 10):
        return number.value / 100
    return number.value / 10


def _counted(text: str, number: Number) -> Step | None:
    """A number behind a number: 八百块打八折, 三百六十块三个人平分."""
    if text.startswith("折", number.end):
        return number.end + 1, ("off", _rate(text[number.start : number.end], number))
    people = _PEOPLE.match(text, number.end)
    if people and number.whole:
        return people.end(), ("split", number.value)
    return None
