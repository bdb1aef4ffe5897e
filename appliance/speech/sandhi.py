"""Tone sandhi of spoken Mandarin, on tone-number pinyin.

Rules: 3-3 becomes 2-3 inside a word and across a monosyllable; 不 before a fourth tone is second;
一 is second before a fourth tone, fourth before the others, and keeps its own in numbers and
ordinals (Chao 1968, A Grammar of Spoken Chinese, 1.3.4).
"""

from __future__ import annotations

from itertools import pairwise

_DIGITS = frozenset("〇零一二三四五六七八九十幺两")
_ORDINAL_BEFORE = frozenset("第初周期")
_ORDINAL_AFTER = frozenset("月号日楼")


def apply_sandhi(words: list[str], readings: list[list[str]]) -> list[list[str]]:
    """The readings as spoken. `readings[i]` holds one syllable per character of `words[i]`."""
    text = "".join(words)
    spoken = [syllable for word in readings for syllable in word]
    if len(text) == len(spoken):
        _bu_and_yi(text, spoken)
    grouped = _group(spoken, [len(word) for word in readings])
    for word in grouped:
        _third_tones(word)
    _third_tones_across(grouped)
    return grouped


def _bu_and_yi(text: str, spoken: list[str]) -> None:
    for i in range(len(text) - 1):
        following = spoken[i + 1][-1]
        if text[i] == "不" and following == "4":
            spoken[i] = "bu2"
        elif text[i] == "一" and _numeral(text, i):
            spoken[i] = "yi1"
        elif text[i] == "一" and spoken[i] == "yi1":
            spoken[i] = "yi2" if following == "4" else "yi4" if following in "123" else "yi1"


def _numeral(text: str, i: int) -> bool:
    """Whether 一 at `i` is read as a number, with its own tone."""
    before, after = text[i - 1 : i], text[i + 1 : i + 2]
    return (
        before in _DIGITS
        or before in _ORDINAL_BEFORE
        or after in _DIGITS
        or after in _ORDINAL_AFTER
    )


def _group(flat: list[str], lengths: list[int]) -> list[list[str]]:
    grouped, start = [], 0
    for length in lengths:
        grouped.append(flat[start : start + length])
        start += length
    return grouped


def _third_tones(word: list[str]) -> None:
    for i in range(len(word) - 1):
        if word[i].endswith("3") and word[i + 1].endswith("3"):
            word[i] = word[i][:-1] + "2"


def _third_tones_across(words: list[list[str]]) -> None:
    for word, following in pairwise(words):
        if len(word) == 1 and word[0].endswith("3") and following and following[0].endswith("3"):
            word[0] = word[0][:-1] + "2"
