"""Lengths of time, and where they lead: 一个半小时, 三刻钟, 1h30m, 过两个钟头, 提前二十分钟."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from appliance.understanding.numbers import number_at
from appliance.understanding.tokens import After, Before, Duration, Lead, Number, Token, Vague

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86400, 604800
MONTHS_AT_MOST = 12 * 10**9

# What a unit is worth: seconds, or months of the calendar.
_UNITS = (
    (re.compile(r"个?(?:小时|钟头)|\s?(?:hours?|hrs?|h)(?![a-z])"), HOUR, 0),
    (re.compile(r"分钟|\s?(?:minutes?|mins?|m)(?![a-z\d])"), MINUTE, 0),
    (re.compile(r"秒钟?|\s?(?:seconds?|secs?|s)(?![a-z])"), 1, 0),
    (re.compile(r"个?刻钟"), 15 * MINUTE, 0),
    (re.compile(r"天(?![气文下津空])|\s?(?:days?|d)(?![a-z])"), DAY, 0),
    (
        re.compile(
            r"个?(?:星期|礼拜)(?![一二三四五六日天])|周(?![一二三四五六日末年岁])"
            r"|\s?weeks?(?![a-z])"
        ),
        WEEK,
        0,
    ),
    (re.compile(r"个月|\s?months?(?![a-z])"), 0, 1),
    (re.compile(r"年(?![级代纪龄底初前])|\s?years?(?![a-z])"), 0, 12),
    # 三分 alone is a score or a price.
    (re.compile(r"分(?=半|[之以过]?后|,?\s?[\d零〇一二两三四五六七八九十]{1,4}秒)"), MINUTE, 0),
)
_MINUTES_OF_HOUR = re.compile(r"分(?![之数钱])")
_JOIN = re.compile(r"\s?(?:零|又|and|,)?\s?")
_HALF_HOUR = re.compile(r"半个?(?:小时|钟头|钟)|半点钟|half an hour|half hour|half-hour")
_QUARTER_HOUR = re.compile(
    r"(?:a |(three) )?quarters? (?:of an )?hour|一刻(?=[之以过]?后)|(?<=过)一刻"
)
_HALF_UNIT = re.compile(r"半(?:分钟|天|年|个月|个星期|个?礼拜)|half a (?:minute|day|year)")
_AND_A_HALF = re.compile(r"半(?!路|夜|天)| and a half")
_NOT_COUNTED = frozenset("哪那这某同另")
_ONE = re.compile(r"an? (?=(?:hour|minute|second|day|week|month|year)\b)|one (?=hour|minute)")
_FEW = (
    r"(?:好?几|十几|几十|[一二两三四五六七八九十]{1,3}来|[一二三四五六七八九十]{1,3}多)"
    r"(?:分钟|个?小时|个?钟头|秒钟?|天)"
)
_VAGUE = re.compile(
    r"(?:等|过|再过|待)?(?:一会儿?|会儿|一下子|片刻|一阵子?|阵子)(?:[之以过]?后)?"
    r"|等下|待会儿?|等会儿?|回头|稍后|晚点儿?|晚一点儿?"
    rf"|(?:再过|过|等){_FEW}(?:[之以过]?后)?|{_FEW}[之以过]?后"
    r"|(?:in )?a (?:little )?while|in a (?:bit|moment|few (?:minutes|hours))|later|a few minutes"
)
_AFTER_LEADS = re.compile(r"(?:再过|再等|过|等|隔)(?:上|了)?\s?|in (?:about )?|after ")
_AFTER_TRAILS = re.compile(
    r"(?:[之以过]后|后)(?!面|悔|来|果)|\s?(?:from now|later)\b|过去(?=叫|提醒|喊)"
)
_BEFORE_TRAILS = re.compile(
    r"(?:[之以]前|前)(?!面)|\s?(?:ago|before|early|ahead|in advance|beforehand)\b"
)
_LEADS = re.compile(r"(?:请|就|要|再|能)?(?:提前|提早|预先)(?:个)?\s?")
_LEADS_AFTER_EVENT = re.compile(r"(?:之|以)?前(?=[\d一二两三四五六七八九十半])(?:个)?")
_SECONDS_AT_MOST = 10**20


_AND_A_QUARTER = re.compile(r" and (?:a |(three) )quarters?(?! of)\b")
_QUARTERS = {"": 1, "three": 3}
_AND_PART = re.compile(
    r" and (?:a |one )?(half|quarter|third)(?= (?:hour|minute|day|week|month)s?\b)"
)
_PARTS = {"half": 2, "third": 3, "quarter": 4}


def duration_at(text: str, at: int) -> Duration | None:
    """The length of time that begins at `at`, with all its parts."""
    seconds, months, place, last = Fraction(0), Fraction(0), at, None
    while (piece := _piece(text, place, last)) is not None:
        end, worth, by_month = piece
        seconds, months = seconds + worth, months + by_month
        place, last = end, worth if worth else Fraction(10**9)
        join = _JOIN.match(text, place)
        ahead = join.end() if join else place
        if _piece(text, ahead, last) is None:
            break
        place = ahead
    if last is None or months.denominator != 1 or abs(seconds) > _SECONDS_AT_MOST:
        return None
    if abs(months) > MONTHS_AT_MOST:
        months = Fraction(MONTHS_AT_MOST)
    return Duration(at, place, round(seconds), int(months))


def _piece(text: str, at: int, last: Fraction | None) -> tuple[int, Fraction, Fraction] | None:
    """One number and its unit: where it ends, seconds, months. `last`: what the piece before was
    worth; what follows must be worth less."""
    whole = last is None
    if found := _HALF_HOUR.match(text, at):
        return (found.end(), Fraction(30 * MINUTE), Fraction(0)) if whole else None
    if whole and (found := _QUARTER_HOUR.match(text, at)):
        return found.end(), Fraction(15 * MINUTE * _QUARTERS[found[1] or ""]), Fraction(0)
    if whole and (found := _HALF_UNIT.match(text, at)):
        return _half_of(found)
    number = _number(text, at)
    if number is None or number.approximate or number.ordinal or _named(text, number):
        return None
    return _measured(text, number, last)


def _named(text: str, number: Number) -> bool:
    """哪一天 is a question, 二零一零年 a year: neither is a length of time."""
    if text[number.start - 1 : number.start] in _NOT_COUNTED and number.start:
        return True
    return text.startswith("年", number.end) and number.whole and 1000 <= number.value < 2200


def _half_of(found: re.Match[str]) -> tuple[int, Fraction, Fraction] | None:
    unit = found[0].lstrip("半").removeprefix("half a ").removeprefix("个")
    if unit in ("年", "year"):
        return found.end(), Fraction(0), Fraction(6)
    worth = {"分钟": 30, "minute": 30}.get(unit)
    return (found.end(), Fraction(worth), Fraction(0)) if worth else None


def _number(text: str, at: int) -> Number | None:
    """A number, and the part of one behind it: 1 and a half hours."""
    number = _whole_number(text, at)
    if number is not None and number.whole and (part := _AND_PART.match(text, number.end)):
        value = number.value + Fraction(1, _PARTS[part[1]])
        return replace(number, end=part.end(), value=value)
    return number


def _whole_number(text: str, at: int) -> Number | None:
    if found := _ONE.match(text, at):
        if at and text[at - 1].isalpha() and text[at - 1].isascii():
            return None
        return Number(at, found.end() - 1, Fraction(1))
    return number_at(text, at)


def _measured(
    text: str, number: Number, last: Fraction | None
) -> tuple[int, Fraction, Fraction] | None:
    measure = _measure(text, number.end, last)
    if measure is None:
        return None
    unit, worth, months = measure
    if last is not None and (months or number.value * worth >= last):
        return None
    end, value = unit.end(), number.value
    if number.whole and (half := _AND_A_HALF.match(text, end)) and worth != DAY:
        end, value = half.end(), value + Fraction(1, 2)
    elif number.whole and worth == HOUR and (quarter := _AND_A_QUARTER.match(text, end)):
        end, value = quarter.end(), value + Fraction(_QUARTERS[quarter[1] or ""], 4)
    return end, value * worth, value * months


def _measure(text: str, at: int, last: Fraction | None) -> tuple[re.Match[str], int, int] | None:
    """The unit that stands here: seconds and months it is worth."""
    for pattern, worth, months in _UNITS:
        if unit := pattern.match(text, at):
            return unit, worth, months
    # 一小时三十分
    unit = _MINUTES_OF_HOUR.match(text, at)
    return (unit, MINUTE, 0) if unit and last is not None and last >= HOUR else None


def time_span_at(text: str, at: int) -> Token | None:
    """A duration, or what it says of now: after it, before it, so long before what is meant."""
    if vague := _VAGUE.match(text, at):
        return Vague(at, vague.end())
    if lead := _LEADS.match(text, at):
        span = duration_at(text, lead.end())
        return Lead(at, span.end, span) if span else None
    if at and (lead := _LEADS_AFTER_EVENT.match(text, at)):
        span = duration_at(text, lead.end())
        return Lead(at, span.end, span) if span else None
    if ahead := _AFTER_LEADS.match(text, at):
        span = duration_at(text, ahead.end())
        if span is None:
            return None
        trail = _AFTER_TRAILS.match(text, span.end)
        return After(at, trail.end() if trail else span.end, span)
    span = duration_at(text, at)
    if span is None:
        return None
    if trail := _AFTER_TRAILS.match(text, span.end):
        return After(at, trail.end(), span)
    if trail := _BEFORE_TRAILS.match(text, span.end):
        return Before(at, trail.end(), span)
    return span
