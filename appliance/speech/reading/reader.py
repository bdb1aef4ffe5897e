"""Sentences to syllables: words where the dictionaries know them, polyphones from what is around.

A word that the dictionaries have is read as they say. What they leave open is decided by two
witnesses: the network, which was taught on an encyclopedia, and the stand-ins, which know how
people talk. Where the table has stand-ins they weigh more: in everyday sentences the network is
sure of much that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from typing import Final, NamedTuple

from appliance.speech.reading.data import DECIDED, LIKELY, OPEN, SYLLABLE, Readings, readings
from appliance.speech.reading.network import Network
from appliance.speech.reading.standins import StandIns, stand_ins
from appliance.speech.reading.words import HANZI, Dictionary, Word, dictionary

_TWICE: Final = "一了不"  # 量一量, 背了背, 长不长: read alike
_ER: Final = "儿"
_CHILD_BEFORE: Final = frozenset("子女童媳歌科孙戏")
_CHILD_AFTER: Final = frozenset("女男婴幼孤胎健宠患弃少童妻孙侄娇生产托的")

# In factors of ten.
_RULED_OUT: Final = 40.0
_BESIDE: Final = 0.1  # weight of the network where stand-ins speak
_SURE: Final = 3.0  # and how far it may be in favour of anything there
_WRITTEN: Final = 2.0  # what a dictionary's word of a rare word weighs against the network


@dataclass(frozen=True, slots=True)
class Run:
    """Hanzi that stand together: their words, and of each its syllables, one a character."""

    start: int
    words: list[str]
    syllables: list[list[str]]


class _Open(NamedTuple):
    """A character that no dictionary decides; `said` is what one has it read all the same."""

    place: int  # in the sentence
    word: int
    at: int  # in the word
    code: str
    readings: tuple[str, ...]
    said: str


class Reader:
    """Reads Chinese. Safe to be asked for anything: what is no hanzi is left out."""

    def __init__(self, data: Readings, words: Dictionary, table: StandIns) -> None:
        self._data, self._words, self._table = data, words, table
        self._network = Network(data)

    def read(self, sentence: str) -> list[Run]:
        """The runs of hanzi in it, in order."""
        return [self._run(sentence, match.start(), match[0]) for match in HANZI.finditer(sentence)]

    def _run(self, sentence: str, start: int, run: str) -> Run:
        words = self._words.split(run)
        syllables: list[list[str]] = []
        unsure: list[_Open] = []
        place = start
        for number, word in enumerate(words):
            syllables.append([])
            codes = self._codes(word.text)
            for at, (character, code) in enumerate(zip(word.text, codes, strict=True)):
                several = self._data.of(character)
                if character == _ER and code == OPEN:
                    syllables[-1].append(_er(run, place + at - start, at))
                    continue
                syllables[-1].append(self._decided(character, several, code) or character)
                if len(several) > 1 and not DECIDED <= ord(code) < SYLLABLE:
                    said = self._said(character, code)
                    unsure.append(_Open(place + at, number, at, code, several, said))
            place += len(word.text)
        readings: dict[int, str] = {}
        for it, reading in zip(unsure, self._decide(sentence, words, unsure), strict=True):
            syllables[it.word][it.at] = reading
            readings[it.place] = reading
            if sentence[it.place - 2 : it.place] in {sentence[it.place] + c for c in _TWICE}:
                syllables[it.word][it.at] = readings.get(it.place - 2, reading)
        return Run(start, [word.text for word in words], syllables)

    def _codes(self, word: str) -> str:
        return (self._data.of_word(word) if len(word) > 1 else None) or OPEN * len(word)

    def _decided(self, character: str, several: tuple[str, ...], code: str) -> str:
        """The reading that is certain; "" where there is none."""
        if DECIDED <= ord(code) < SYLLABLE:
            return self._data.in_words(character)[ord(code) - DECIDED]
        return several[0] if len(several) == 1 else ""

    def _said(self, character: str, code: str) -> str:
        if code == OPEN:
            return ""
        base = LIKELY if ord(code) >= LIKELY else SYLLABLE
        return self._data.in_words(character)[ord(code) - base]

    def _decide(
        self, sentence: str, words: Sequence[Word], unsure: Sequence[_Open]
    ) -> Iterator[str]:
        scores = self._network.scores(sentence, [(it.place, it.readings) for it in unsure])
        for it, network in zip(unsure, scores, strict=True):
            costs = {reading: -score / log(10) for reading, score in network.items()}
            if table := self._around(words, it):
                costs = _both(table, costs)
            beside = self._table.beside(sentence, it.place)
            readings = dict.fromkeys((*it.readings, *costs, *beside, *filter(None, [it.said])))
            lowest = max(costs.values(), default=0.0)
            yield min(
                readings,
                key=lambda r: costs.get(r, lowest) + _against(it, r) - beside.get(r, 0.0),
            )

    def _around(self, words: Sequence[Word], it: _Open) -> dict[str, float]:
        """What the stand-ins cost there, the rest of the character's own word being around too."""
        word = words[it.word].text
        before = [*words[: it.word], *self._part(word[: it.at])]
        after = [*self._part(word[it.at + 1 :]), *words[it.word + 1 :]]
        return self._table.costs(word[it.at], before, after)

    def _part(self, text: str) -> list[Word]:
        return self._words.split(text) if text else []


def _er(run: str, place: int, at: int) -> str:
    """儿 where no dictionary has the word: a child at its head, else what curls the word's end."""
    child = place == 0 or (at == 0 and run[place + 1 : place + 2] in _CHILD_BEFORE)
    return "er2" if child or run[place - 1] in _CHILD_AFTER else "r5"


def _both(table: dict[str, float], network: dict[str, float]) -> dict[str, float]:
    best = min(network.values(), default=0.0)
    return {
        reading: cost + _BESIDE * min(network.get(reading, _RULED_OUT) - best, _SURE / _BESIDE)
        for reading, cost in table.items()
    }


def _against(it: _Open, reading: str) -> float:
    """What the word's own entry has against a reading."""
    if it.code == OPEN:
        return 0.0
    if it.code >= chr(LIKELY):
        return _WRITTEN * (reading != it.said)
    return _RULED_OUT * (reading[:-1] != it.said[:-1])


@cache
def reader() -> Reader:
    """The one of the installed data, loaded when first asked for."""
    words = dictionary()
    return Reader(readings(), words, stand_ins(words))
