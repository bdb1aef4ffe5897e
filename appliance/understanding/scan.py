"""One pass over a text, left to right: every number and time in it, each with its span.

At each place the longest of what may begin there is taken. The work is bounded by the length of the
text: no recogniser looks further than a fixed way, but a run of digits, which is passed at once.
"""

from __future__ import annotations

import re

from appliance.understanding.clock_times import clock_at
from appliance.understanding.dates import date_at, english_day_month_at
from appliance.understanding.durations import time_span_at
from appliance.understanding.numbers import number_at
from appliance.understanding.plain import plain
from appliance.understanding.repeats import repeat_at
from appliance.understanding.tokens import Clock, Number, PartOfDay, Token

# Where something may begin.
_BEGINS = re.compile(
    r"[\d零〇一二两俩仨三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾半幺负第"
    r"今明后昨前当大这本下上周星礼每天日工除逢隔过再等待回稍晚早几好差凌拂黎清中正午晌傍黄深夜三"
    r"请就要能"
    r"提预之以农阴旧老闰冬腊元情妇植愚劳青儿建教国万光双平圣跨母父感春端七重除小龙年新处惊芒立霜"
    r"寒雨谷白秋夏冬八从女神高]"
    r"|(?<![a-z\d])[a-z]"
)
_DIGITS = re.compile(r"\d++", re.ASCII)


def scan(text: str) -> tuple[Token, ...]:
    """The tokens of a text, in order and without overlap. Spans are those of `text`."""
    return scan_plain(plain(text))


def scan_plain(text: str) -> tuple[Token, ...]:
    """`scan` of what is plain already."""
    found: list[Token] = []
    at = 0
    while (begins := _BEGINS.search(text, at)) is not None:
        at = begins.start()
        token = token_at(text, at)
        if token is not None and token.end > at:
            found.append(token)
            at = token.end
        else:
            digits = _DIGITS.match(text, at)
            at = digits.end() if digits else at + 1
    return tuple(found)


def token_at(text: str, at: int) -> Token | None:
    """The longest token that begins at `at` of a plain text; of equals, the first named here."""
    best: Token | None = None
    for recognise in (repeat_at, date_at, english_day_month_at, clock_at, time_span_at, number_at):
        token = recognise(text, at)
        if token is not None and (best is None or token.end > best.end):
            best = token
    if isinstance(best, Number) and best.value == 1 and text[at : best.end] in ("一",):
        return best
    return best


__all__ = ["Clock", "PartOfDay", "scan", "scan_plain", "token_at"]
