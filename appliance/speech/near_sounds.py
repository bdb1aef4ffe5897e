"""How alike two phrases sound to a recogniser: pinyin without tones, near sounds forgiven.

What recognisers and southern speakers confuse costs little: n/l, z/zh, in/ing and their like. The
phrase may stand anywhere in what was heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin

_HALF = 0.5  # of a syllable: its initial, or its final
_NEAR = 0.1
_RELATED = 0.25
_EXTRA = 0.6  # a syllable too many in the middle of the phrase
_WORST = 0.55  # of the worst syllable's distance: half another syllable is no longer the phrase

_NEAR_INITIALS = ("n l", "z zh", "c ch", "s sh", "f h", "l r")
_NEAR_FINALS = ("an ang", "en eng", "in ing", "ian iang", "uan uang", "en un", "e uo", "uo o")
_RELATED_INITIALS = (
    "b p",
    "d t",
    "g k",
    "z c",
    "zh ch",
    "j q",
    "j zh",
    "q ch",
    "x sh",
    "x s",
    "z j",
)
_RELATED_FINALS = (
    "i in",
    "ian uan",
    "iao ao",
    "ie ei",
    "e ei",
    "i v",
    "u v",
    "ou u",
    "iu ou",
    "a ia",
    "ai ei",
)


class Syllable(NamedTuple):
    """Empty initial: none. `ü` is written v."""

    initial: str
    final: str


@dataclass(frozen=True, slots=True)
class Match:
    """`score` 1 is the phrase itself, 0 nothing like it; `rest` is what was said after it."""

    score: float
    rest: str


def syllables(text: str) -> list[Syllable]:
    """Of the hanzi in it; all else is silent."""
    initials = lazy_pinyin(text, style=Style.INITIALS, strict=False, errors="ignore")
    finals = lazy_pinyin(text, style=Style.FINALS, strict=False, errors="ignore")
    return [Syllable(*pair) for pair in zip(initials, finals, strict=True)]


class _Path(NamedTuple):
    """A way to lay the phrase over what was heard; the cheaper is the smaller."""

    cost: float
    worst: float  # of one syllable

    def pay(self, cost: float) -> _Path:
        return _Path(self.cost + cost, max(self.worst, cost))


def match(phrase: str, heard: str) -> Match:
    """The best place for the phrase in what was heard (Sellers' approximate search).

    One syllable that is another one makes it another name, however well the rest fits: the score
    is that of the whole or of its worst syllable, whichever is the lower.
    """
    wanted, said = syllables(phrase), syllables(heard)
    if not wanted:
        return Match(0.0, "")
    # paths[i]: of the first i syllables of the phrase, ending at the current place.
    paths = [_Path(float(i), min(i, 1.0)) for i in range(len(wanted) + 1)]
    best, end = 0.0, 0
    for place, syllable in enumerate(said, 1):
        above, paths[0] = paths[:], _Path(0.0, 0.0)
        for i, expected in enumerate(wanted, 1):
            paths[i] = min(
                above[i - 1].pay(distance(expected, syllable)),
                paths[i - 1].pay(1.0),
                _Path(above[i].cost + _EXTRA, above[i].worst),
            )
        score = 1.0 - max(paths[-1].cost / len(wanted), _WORST * paths[-1].worst)
        if score > best:
            best, end = score, place
    return Match(best, _after(heard, end))


def _after(text: str, count: int) -> str:
    """What follows so many hanzi, and the punctuation behind them."""
    for at, character in enumerate(text):
        if count == 0 and character.isalnum():
            return text[at:]
        count -= bool(syllables(character))
    return ""


@cache
def distance(one: Syllable, other: Syllable) -> float:
    """0 for the same sound, 1 for another one altogether."""
    initial = _part(one.initial, other.initial, _NEAR_INITIALS, _RELATED_INITIALS)
    return initial + _part(one.final, other.final, _NEAR_FINALS, _RELATED_FINALS)


def _part(one: str, other: str, near: tuple[str, ...], related: tuple[str, ...]) -> float:
    if one == other:
        return 0.0
    pairs = {f"{one} {other}", f"{other} {one}"}
    if pairs & set(near):
        return _NEAR
    return _RELATED if pairs & set(related) else _HALF
