"""Character error rate, on what is spoken rather than on how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
    """Levenshtein distance of the spoken characters."""
    expected, got = spoken_characters(truth), spoken_characters(heard)
    row = list(range(len(got) + 1))
    for i, wanted in enumerate(expected, 1):
        above, row[0] = row[:], i
        for j, character in enumerate(got, 1):
            row[j] = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (wanted != character))
    return Errors(row[-1], len(expected))


def total(all_errors: Iterable[Errors]) -> Errors:
    """Over a set: edits and characters summed, as CER is quoted."""
    pairs = list(all_errors)
    return Errors(sum(e.edits for e in pairs), sum(e.characters for e in pairs))
