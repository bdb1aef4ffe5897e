"""Which reading of a character fits, by what could stand in its place.

还 that is read huán could as well be 归还 or 退, read hái it could be 仍然 or 也. The input
method's trigram model knows how well each of them fits between the words around: that many times
likelier than anywhere is the reading. So what people write by the million decides, and the table
holds nothing but a few words for each reading.

Where those cannot help it holds collocations too: what dictionaries leave out because it is no
word, such as 还书 with huán and 很长 with cháng.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from appliance.speech.reading.words import Dictionary, Word
from ui.input.model import BOS, UNIT, UNK

PATH: Final = Path(__file__).with_name("standins.tsv")
"""A line for each reading: character, reading, what it costs more than the others (a factor ten
is 1), words that could stand for it, collocations with `~` in the character's place and `|` where
a clause begins or ends."""

_MARKS: Final = re.compile(r"[^\w|]")
_BEST: Final = 2  # so many of the words that fit best speak for a reading
_COLLOCATION: Final = 2.0  # what each character of a collocation says for its reading
_LONGEST: Final = 3  # characters of one that count


class Line(NamedTuple):
    """One reading of a character in the table."""

    character: str
    reading: str
    rarity: float
    words: tuple[str, ...]
    collocations: tuple[str, ...]


def lines() -> Iterator[Line]:
    """The table as it is written."""
    for line in PATH.read_text(encoding="utf-8").splitlines():
        character, reading, rarity, words, collocations = line.split("\t")
        yield Line(
            character, reading, float(rarity), tuple(words.split()), tuple(collocations.split())
        )


class Collocations:
    """Which reading a character has beside these."""

    def __init__(self, table: list[Line]) -> None:
        # By the character: (before, after) to the reading.
        self._readings: dict[str, dict[tuple[str, str], str]] = {}
        self._reach: dict[str, tuple[int, int]] = {}
        for line in table:
            known = self._readings.setdefault(line.character, {})
            for collocation in line.collocations:
                before, _, after = collocation.partition("~")
                after = after.replace("~", line.character)
                before = before.replace("~", line.character)
                known[before, after] = line.reading
        for character, known in self._readings.items():
            befores, afters = zip(*known, strict=True) if known else ((), ())
            self._reach[character] = (
                max(map(len, befores), default=0),
                max(map(len, afters), default=0),
            )

    def find(self, text: str, place: int) -> dict[str, int]:
        """The readings that what stands around speaks for, and how long it is.

        The longest collocation on each side counts, or the longest on both sides at once.
        """
        known = self._readings.get(text[place])
        if not known:
            return {}
        text, place = _with_ends(text), place + 1
        before, after = (min(self._reach[text[place]][0], place), self._reach[text[place]][1])
        after = min(after, len(text) - place - 1)
        sides: dict[str, tuple[str, int]] = {}
        for left in range(before + 1):
            for right in range(after + 1):
                around = text[place - left : place], text[place + 1 : place + 1 + right]
                side = "both" if left and right else "left" if left else "right"
                if (reading := known.get(around)) and left + right > sides.get(side, ("", 0))[1]:
                    sides[side] = reading, left + right
        return _longest(sides)


def _with_ends(text: str) -> str:
    """With `|` for all punctuation, and at both ends."""
    return f"|{re.sub(_MARKS, '|', text)}|"


def _longest(sides: dict[str, tuple[str, int]]) -> dict[str, int]:
    result: dict[str, int] = {}
    for reading, length in (sides[side] for side in ("left", "right") if side in sides):
        result[reading] = result.get(reading, 0) + length
    if "both" in sides:
        reading, length = sides["both"]
        result[reading] = max(result.get(reading, 0), length)
    return result


class StandIns:
    """The table, with its words looked up in the model."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._model = dictionary.model
        table = list(lines())
        self._collocations = Collocations(table)
        self._words: dict[str, dict[str, tuple[float, list[int]]]] = {}
        for line in table:
            ids = [self._model.word(word) for word in line.words]
            known = [number for number in ids if number != UNK]
            self._words.setdefault(line.character, {})[line.reading] = line.rarity, known

    def costs(self, character: str, before: list[Word], after: list[Word]) -> dict[str, float]:
        """What each reading costs between these words; a factor ten is 1.

        Empty when fewer than two readings of it have words.
        """
        readings = self._words.get(character, {})
        if sum(bool(words) for _, words in readings.values()) < 2:
            return {}
        left = [BOS, BOS, *(word.id for word in before[-2:])][-2:]
        right = [word.id for word in after[:2]]
        result = {}
        for reading, (rarity, words) in readings.items():
            if fits := sorted(self._cost(left, word, right) for word in words)[:_BEST]:
                result[reading] = rarity + sum(fits) / len(fits) / UNIT
        return result

    def beside(self, text: str, place: int) -> dict[str, float]:
        """What collocations say for readings; a factor ten is 1."""
        found = self._collocations.find(text, place)
        return {r: _COLLOCATION * min(length, _LONGEST) for r, length in found.items()}

    def _cost(self, left: list[int], word: int, right: list[int]) -> int:
        """Of the words around with this one among them, less what the word costs by itself."""
        model = self._model
        cost = 0
        if left[1] != BOS:
            cost = model.costs(left[0], left[1], [word])[0] - model.unigram[word]
        if right:
            cost += model.costs(left[1], word, right[:1])[0]
        if len(right) > 1:
            cost += model.costs(word, right[0], right[1:])[0]
        return cost


@cache
def stand_ins(dictionary: Dictionary) -> StandIns:
    """The table for the words of this dictionary."""
    return StandIns(dictionary)
