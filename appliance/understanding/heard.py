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
from appliance.understanding.sounds import Sounds, sounds

LONGEST = 60
"""Characters of a sentence that is put right: what is longer is no request."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_GAPS = re.compile(r"(?<=[\u3400-\u9fff\d]) +(?=[\u3400-\u9fff\d])")
# 六点五十 is written 6.50.
_POINTED = re.compile(r"(?<![\d.])(\d{1,2})\.([0-5]\d)(?![\d.])")
_NUMERALS = frozenset("一二三四五六七八九十两半")


def restored(text: str) -> tuple[str, ...]:
    """What the sentence may have been, the likeliest first; without the sentence itself."""
    if len(text) > LONGEST or not _HAN.search(text):
        return ()
    joined = _POINTED.sub(r"\1:\2", _GAPS.sub("", plain(text)))
    known = sounds()
    if known is None:
        return (joined,) if joined != text else ()
    found = [joined]
    for nearly in (False, True):
        found.append(_restore(joined, known, nearly))
    return tuple(one for one in dict.fromkeys(found) if one != text)


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
        known.alike(said, hanzi, nearly) and (said not in _NUMERALS or hanzi in _NUMERALS)
        for said, hanzi in zip(text[at:], word, strict=False)
    )
