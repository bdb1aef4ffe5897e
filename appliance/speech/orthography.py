"""Traditional characters to simplified ones, and nothing else changed.

Text in simplified writing is left as it is: OpenCC would make 干 of the 乾 of 乾清宫 and 苔 of 薹.
Some characters belong to both writings. 著 is one: 看著 is 看着, but 著名 stays. There the words of
the dictionary decide, which is in simplified writing: the commoner of the two.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from opencc import OpenCC

from appliance.speech.reading.words import HANZI, dictionary
from ui.input.engine import HANZI as WRITTEN_TODAY
from ui.input.hanzi import Hanzi
from ui.input.model import UNK

# Simplified characters that are traditional ones too, with what those become.
_BOTH: Final = {
    **{
        "著": "着",
        "瞭": "了",
        "藉": "借",
        "覆": "复",
        "乾": "干",
        "徵": "征",
        "後": "后",
        "於": "于",
    },
    **{"麽": "么", "夥": "伙", "摺": "折", "捱": "挨", "菸": "烟"},
}
_PARTICLE: Final = "著"  # of a verb, where it is no part of a word
_DOUBT: Final = 500  # half of a factor ten: words of the dictionary come from traditional text, too
_WRITES: Final = frozenset("所编合原译")  # before 著 that is a verb itself
_LEFT: Final = str.maketrans("妳牠祂", "你它他")  # OpenCC leaves these


@cache
def _opencc() -> OpenCC:
    return OpenCC("t2s")


@cache
def _simplified() -> Hanzi:
    return Hanzi(WRITTEN_TODAY)


@cache
def _is_traditional(character: str) -> bool:
    """Whether only traditional text has it."""
    changed = _opencc().convert(character) != character
    return changed and not _simplified().usual(character)


def simplified(text: str) -> str:
    """The text in simplified characters."""
    text = text.translate(_LEFT)
    if any(map(_is_traditional, text)):
        text = _opencc().convert(text)
    if _BOTH.keys().isdisjoint(text):
        return text
    return HANZI.sub(lambda run: "".join(_by_words(run[0])), text)


def _by_words(run: str) -> list[str]:
    words = [word.text for word in dictionary().split(run)]
    for at, word in enumerate(words):
        changed = "".join(_BOTH.get(character, character) for character in word)
        if changed == word:
            continue
        if len(word) > 1:
            doubt = _DOUBT if word[-1] == _PARTICLE else 0
            likelier = _cost(changed) < _cost(word) + doubt
        else:
            before, after = words[at - 1][-1:] if at else "", "".join(words[at + 1 : at + 2])[:1]
            pairs = [pair for pair in (before + changed, changed + after) if len(pair) > 1]
            particle = word == _PARTICLE and at > 0 and before not in _WRITES
            likelier = any(map(_is_word, pairs)) or particle
        words[at] = changed if likelier else word
    return words


def _is_word(text: str) -> bool:
    return dictionary().model.word(text) != UNK


def _cost(word: str) -> float:
    model = dictionary().model
    number = model.word(word)
    return float("inf") if number == UNK else model.unigram[number]
