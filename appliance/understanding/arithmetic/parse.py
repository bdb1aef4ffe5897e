"""Whether a sentence is a sum or a conversion, and which: all of it must be accounted for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from appliance.understanding.arithmetic.evaluate import (
    NoSumError,
    Result,
    SumError,
    Wrong,
    evaluate,
)
from appliance.understanding.arithmetic.lexer import Operand, Sign, pieces
from appliance.understanding.arithmetic.units import UNITS, Unit, convert
from appliance.understanding.courtesies import bare
from appliance.understanding.numbers import number_at
from appliance.understanding.plain import plain


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum and what it comes to; `wrong` where it comes to nothing."""

    result: Result | None
    wrong: Wrong | None = None
    remainder: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Conversion:
    value: Fraction
    unit: Unit
    to: Unit
    found: Fraction


_LEAD = re.compile(
    r"(?:(?:帮我|给我)?(?:算一?算|计算一?下|计算|算一?下|算算|算|求|口算|心算|得出|请问|问一?下"
    r"|那么?|,|:)"
    r"|how much is|what(?:'s| is| does)|calculate|compute|work out|tell me|solve)\s*"
)
_TAIL = re.compile(
    r"(?:(?:,)?(?:一共|总共|结果|答案|每个?人|平均|那么?|各)?(?:分别)?(?:是|等于|得|得到|要付?"
    r"|应付|能分到?|分得?|付|得多少|合|花|给|出|拿)*(?:多少|几)(?:块钱?|元|钱|个|呢)*"
    r"|等于(?:多少|几|什么)?|=+\s*[?]?|是(?:什么|多少)|每人(?:多少|几)(?:块|元|钱)*"
    r"|equals?(?: what)?|equal|is what|is|make|,|\?)\s*$"
)
_ASKED = re.compile(
    r"多少|几|等于|=|算|求|what|how much|calculate|compute|work out|equal|solve|每人"
)
_REMAINDER = re.compile(r"(?:的)?余数?(?:是)?(?:多少|几)?$|余$")
_CHINESE_ONLY = re.compile(
    r"[加减乘除根平立次折分人括的百千倍半]|\b(?:plus|times|minus|divided|root|squared|power|of)\b"
)
_AMBIGUOUS = re.compile(r"\d+(?:\.\d+)?\s*[-/]\s*\d+(?:\.\d+)?(?:[-/]\d+)*")
_LONGEST = 2200


def parse_sum(text: str) -> Sum | None:
    """The sum that a whole sentence asks for; None where it asks for anything else."""
    flat = plain(text)
    if len(flat) > _LONGEST:
        return None
    body, asked = _core(flat)
    remainder = _REMAINDER.search(body)
    if remainder:
        body = body[: remainder.start()].rstrip(", ")
    found = pieces(body)
    if not found or not any(isinstance(piece, Sign) for piece in found):
        return None
    if not asked and (_AMBIGUOUS.fullmatch(body) or not _is_open(body)):
        return None
    try:
        result = evaluate(found)
    except NoSumError:
        return None
    except SumError as error:
        return Sum(None, error.reason)
    return Sum(result, remainder=_divided(found) if remainder else None)


def _is_open(body: str) -> bool:
    """Whether nothing but a sum can be meant although nobody asks: 三加五, 12*15."""
    return bool(_CHINESE_ONLY.search(body) or re.search(r"[+*^]|\d\s+[-/]\s+\d|[()]", body))


def _core(flat: str) -> tuple[str, bool]:
    """The sum between what asks for it; whether it is asked for."""
    zh = any("\u3400" <= sign <= "\u9fff" for sign in flat)
    body = bare(flat, zh)
    start, end = body.start, body.end
    for _ in range(6):
        lead = _LEAD.match(flat, start, end)
        if lead is None or lead.end() == start:
            break
        start = lead.end()
    for _ in range(6):
        tail = _TAIL.search(flat[start:end])
        if tail is None or not tail[0]:
            break
        end = start + tail.start()
    around = flat[:start] + " " + flat[end:]
    return flat[start:end].strip(" ,:"), _ASKED.search(around) is not None


def _divided(found: list[Operand | Sign]) -> tuple[int, int] | None:
    values = [piece.value for piece in found if isinstance(piece, Operand)]
    if len(values) != 2 or any(value.denominator != 1 for value in values) or not values[1]:
        return None
    return divmod(int(values[0]), int(values[1]))


# ------------------------------------------------------------ units

_NAMES = "|".join(sorted((re.escape(name) for name in UNITS), key=len, reverse=True))
_CHINESE_NAMES = "|".join(
    sorted((re.escape(name) for name in UNITS if not name.isascii()), key=len, reverse=True)
)
_EQUALS = (
    r"(?:,)?(?:地|的|重|长|路)?(?:大概|大约|约)?(?:等于|是|合|有|折合|换算成|换算为|转换成"
    r"|转换为|转成|换成|换|化成|相当于|=|,|\s)*(?:是|有|等于)?"
)
_TO_ZH = re.compile(rf"{_EQUALS}(?:多少|几)个?(?P<to>{_CHINESE_NAMES}|[a-z²³/°]{{1,5}})(?:呢)?")
_TO_ZH_AFTER = re.compile(
    rf"(?:换算成|换算为|转换成|转换为|转成|换成|化成|用)(?P<to>{_CHINESE_NAMES}"
    rf"|[a-z]{{1,4}})(?:表示)?(?:是|等于|=)?(?:多少|几)?"
)
_TO_DEGREES = re.compile(
    r"(?:等于|是|合|相当于|换算成|转换成)*(?P<to>华氏|摄氏)(?:温度)?(?:是)?(?:多少|几)度"
)
_DEGREES = re.compile(r"(?:零下)?(?P<unit>华氏|摄氏)(?:温度)?")
_UNIT = re.compile(rf"(?P<unit>{_NAMES})(?![a-z])")
_EN_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?:how many|how much) (?P<to>{_NAMES}) (?:is|are|in|are there in|are in|equals?|make"
        rf"|to)(?: in)? (?P<rest>.+)",
        rf"(?:convert |what(?:'s| is) |how much is )?(?P<rest>.+?) (?:in|to|into"
        rf"|as) (?P<to>{_NAMES})",
    )
)


def parse_conversion(text: str) -> Conversion | None:
    """The conversion that a whole sentence asks for; None where it asks for anything else."""
    flat = plain(text)
    zh = any("\u3400" <= sign <= "\u9fff" for sign in flat[:200])
    body = bare(flat[:200], zh)
    core = flat[body.start : body.end]
    if len(flat) > 200:
        return None
    if not zh:
        return _english(core)
    lead = _LEAD.match(core)
    return _chinese(core[lead.end() :] if lead else core)


def _chinese(core: str) -> Conversion | None:
    measured = _compound(core)
    if measured is None:
        return None
    value, unit, end = measured
    for form in (_TO_ZH, _TO_ZH_AFTER, _TO_DEGREES):
        found = form.fullmatch(core, end)
        if found is not None:
            return _converted(value, unit, _named(found["to"], unit))
    return None


def _compound(core: str) -> tuple[Fraction, Unit, int] | None:
    """三斤二两, 一米八: all of it in the first unit."""
    measured = _measured(core, 0)
    if measured is None or measured[1].kind == "temperature":
        return measured
    value, unit, end = measured
    rest = _measured(core, end)
    if rest and rest[1].kind == unit.kind and rest[1].worth < unit.worth:
        return value + rest[0] * rest[1].worth / unit.worth, unit, rest[2]
    digit = number_at(core, end, ratio=False)
    if digit and digit.whole and digit.value < 10 and not _UNIT.match(core, digit.end):
        return value + digit.value / 10, unit, digit.end
    return measured


def _named(name: str, like: Unit) -> Unit | None:
    unit = UNITS.get({"华氏": "华氏度", "摄氏": "摄氏度"}.get(name, name))
    if unit and unit.kind != like.kind and name == "度" and like.kind == "temperature":
        return UNITS["摄氏度"]
    return unit


def _measured(core: str, at: int) -> tuple[Fraction, Unit, int] | None:
    """A number and its unit: 五斤, 华氏一百度, 5 ft."""
    if degrees := _DEGREES.match(core, at):
        number = number_at(core, degrees.end(), ratio=False)
        if number and core.startswith("度", number.end):
            sign = -1 if degrees[0].startswith("零下") else 1
            return sign * number.value, UNITS[degrees["unit"] + "度"], number.end + 1
        return None
    minus = core.startswith("零下", at)
    number = number_at(core, at + 2 * minus)
    if number is None or number.approximate or number.ordinal:
        return None
    half = core.startswith("个半", number.end)
    place = number.end + (core[number.end : number.end + 1] == " ")
    unit = _UNIT.match(core, place) or _UNIT.match(core, place + core.startswith("个", place))
    if unit is None or half:
        return None
    value = number.value + (Fraction(1, 2) if core.startswith("半", unit.end()) else 0)
    end = unit.end() + core.startswith("半", unit.end())
    return (-value if minus else value), UNITS[unit["unit"]], end


def _english(core: str) -> Conversion | None:
    for form in _EN_FORMS:
        found = form.fullmatch(core)
        if found is None:
            continue
        rest = re.sub(r"^(?:an?|one) (?=[a-z])", "1 ", found["rest"])
        measured = _measured(rest, 0)
        if measured and measured[2] == len(rest):
            return _converted(measured[0], measured[1], UNITS[found["to"]])
    return None


def _converted(value: Fraction, unit: Unit, to: Unit | None) -> Conversion | None:
    found = convert(value, unit, to) if to else None
    if found is None or to is None or unit is to:
        return None
    return Conversion(value, unit, to, found)
