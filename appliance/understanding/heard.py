"""What was heard, as it may have been said: homophones and near sounds of our own words put right.

A recogniser writes 脑中 for 闹钟, 班校时候 for 半小时后. Only words of requests are restored, and
a request must then account for the whole sentence: so little is claimed that was not said.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from appliance.understanding.lexicon import LEXICON
from appliance.understanding.plain import plain
from appliance.understanding.scan import scan_plain
from appliance.understanding.sounds import Sounds, sounds
from appliance.understanding.tokens import Number

LONGEST = 60
"""Characters of a sentence that is put right: what is longer is no request."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMERALS = frozenset("一二三四五六七八九十两半0123456789")
_COUNTED = frozenset("点分时月号日周十百千万个天秒刻") | _NUMERALS
# What the default recogniser makes of some words again and again.
_HABITS = (
    (re.compile(r"(?<=[\u3400-\u9fff\d]) +(?=[\u3400-\u9fff\d])"), ""),
    # Said once, written again and again.
    (re.compile(r"^(.{3,30}?)[?,.!]*(?:\1[?,.!]*)+.{0,30}$"), r"\1"),
    # 六点五十 is written 6.50, 凌晨四点 is 0.4点, 上午十点 is 上50点.
    (re.compile(r"(?<![\d.])(\d{1,2})(?:\.|点)([13])[克客课颗]"), r"\1点\2刻"),
    (re.compile(r"(?<![\d.])(\d{1,2})\.([0-5]\d)(?![\d.])"), r"\1:\2"),
    (re.compile(r"(?<!\d)0[.时](?=\d{1,2}点)"), "凌晨"),
    (re.compile(r"(?<=[上下])50(?=点)"), "午10"),
    (re.compile(r"(?<=[上下])[五5](?=[十一二两三四六七八九]{1,2}点)"), "午"),
    (re.compile(r"(?<=下)[五5](?=点)"), "午五"),
    # Syllables that it writes as digits, or digits that it joins with the next syllable.
    (re.compile(r"倒[计即替记寄]10-?"), "倒计时"),
    (re.compile(r"^8-(?=[\d一二三四五六七八九十]+[分秒小])"), "把"),
    (re.compile(r"(?<=\d)-(?=\d+次方)"), "的"),
    (re.compile(r"小时时"), "小时"),
    (re.compile(r"[一1]量(?=[调设开大小到百])"), "音量"),
    # Words that it spells in the same wrong way whoever says them.
    (re.compile(r"您天"), "明天"),
    (re.compile(r"神[漠梦吗呢魔莫么]"), "什么"),
    (re.compile(r"那我[中终钟]"), "闹钟"),
)
_LONG_NUMBER = re.compile(r"\d{2}", re.ASCII)
_HELP_ME = re.compile(r"^把我(?!的)")


def restored(text: str) -> tuple[str, ...]:
    """The readings of what was heard, the likeliest first. The sentence itself is among them but
    where it holds what only a recogniser writes.

    Where homophones make more of a time of it that reading is likelier than the one as written:
    出席下午三点 is 除夕下午三点.
    """
    if len(text) > LONGEST or not _HAN.search(text):
        return (text,)
    flat = joined = plain(text)
    for habit, to in _HABITS:
        joined = habit.sub(to, joined)
    joined = _once(joined)
    known = sounds()
    exact = _restore(joined, known, nearly=False) if known else joined
    likelier = joined != flat or _timed(exact) > _timed(text)
    found = [exact, joined] if likelier else [text, joined, exact]
    if joined == flat:
        found.append(text)
    if known:
        found.append(_restore(joined, known, nearly=True))
        found += [_HELP_ME.sub("帮我", one) for one in found]
    return tuple(dict.fromkeys(found))


def _once(text: str) -> str:
    """A question that was said once and written twice, the second time to its half."""
    head, mark, rest = text.partition("?")
    rest = rest.strip("?,.! ")
    return head if mark and len(rest) > 2 and head.startswith(rest) else text


def _timed(text: str) -> int:
    """How many characters of it tell a time."""
    tokens = scan_plain(plain(text))
    return sum(token.end - token.start for token in tokens if not isinstance(token, Number))


@cache
def _by_first(known: Sounds) -> dict[str, list[str]]:
    """The words by each syllable that their first hanzi may have, the longest first."""
    table: dict[str, list[str]] = defaultdict(list)
    for word in sorted(LEXICON, key=len, reverse=True):
        for syllable in known.of(word[0]):
            table[known.key(syllable)].append(word)
    return table


def _restore(text: str, known: Sounds, nearly: bool) -> str:
    """Left to right, the longest word that sounds like what stands there."""
    table = _by_first(known)
    out: list[str] = []
    at = 0
    while at < len(text):
        word = _word_at(text, at, known, nearly, table)
        out.append(word or text[at])
        at += len(word) or 1
    return "".join(out)


def _word_at(text: str, at: int, known: Sounds, nearly: bool, table: dict[str, list[str]]) -> str:
    best = ""
    if _LONG_NUMBER.match(text, at) or (at and text[at].isdecimal() and text[at - 1].isdecimal()):
        return best
    for key in {known.key(syllable) for syllable in known.of(text[at])}:
        for word in table.get(key, ()):
            if len(word) > len(best) and _sounds_like(text, at, word, known, nearly):
                best = word
                break
    return best


def _sounds_like(text: str, at: int, word: str, known: Sounds, nearly: bool) -> bool:
    if at + len(word) > len(text):
        return False
    return all(
        known.alike(said, hanzi, nearly)
        and (said not in _NUMERALS or hanzi in _NUMERALS or not _counts(text, at + place))
        for place, (said, hanzi) in enumerate(zip(text[at:], word, strict=False))
    )


def _counts(text: str, at: int) -> bool:
    """Whether a numeral stands where a number is: it is not written for another word."""
    return text[at + 1 : at + 2] in _COUNTED and at + 1 < len(text)
