"""Character error rate, on what is spoken rather than on how it is written."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from appliance.speech.normalise import normalise


@dataclass(frozen=True, slots=True)
class Errors:
    """Edits against the characters of the truth."""

    edits: int
    characters: int

    @property
    def rate(self) -> float:
        return self.edits / self.characters if self.characters else float(self.edits > 0)


def spoken_characters(text: str) -> str:
    """Numbers as words, no punctuation, no case: 7点 and 七点 are the same speech."""
    return re.sub(r"[\W_]", "", normalise(text)).lower()


def errors(truth: str, heard: str) -> Errors:
    """Levenshtein distance of the spoken characters.

    A number in digits, in the truth or heard, counts in the way that fits better: as a quantity,
    or digit by digit. How it is to be read is not the recogniser's affair, and a digit
    that is missing costs one character.
    """
    wanted = dict.fromkeys(map(_unified, _readings(truth)))
    got = dict.fromkeys(map(_unified, _readings(heard)))
    pairs = (Errors(_distance(one, other), len(one)) for one in wanted for other in got)
    return min(pairs, key=lambda each: each.edits)


_MOST_NUMBERS = 4  # in one utterance whose readings are all tried
_DIGITS = "零一二三四五六七八九"


def _readings(text: str) -> Iterator[str]:
    """The spoken characters, each number both ways."""
    yield spoken_characters(text)
    parts = re.split(r"(\d{2,})", text)
    numbers = range(1, len(parts), 2)
    if not numbers or len(numbers) > _MOST_NUMBERS:
        return
    for choice in itertools.product((False, True), repeat=len(numbers)):
        chosen = parts[:]
        for place, by_digit in zip(numbers, choice, strict=True):
            if by_digit:
                chosen[place] = "".join(_DIGITS[int(digit)] for digit in parts[place])
        yield spoken_characters("".join(chosen))


def _unified(spoken: str) -> str:
    """幺 and 一 are one digit, so are 〇 and 零, 两 and 二."""
    return spoken.translate(str.maketrans("幺〇两", "一零二"))


def _distance(expected: str, got: str) -> int:
    row = list(range(len(got) + 1))
    for i, wanted in enumerate(expected, 1):
        above, row[0] = row[:], i
        for j, character in enumerate(got, 1):
            row[j] = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (wanted != character))
    return row[-1]


def total(all_errors: Iterable[Errors]) -> Errors:
    """Over a set: edits and characters summed, as CER is quoted."""
    pairs = list(all_errors)
    return Errors(sum(e.edits for e in pairs), sum(e.characters for e in pairs))
