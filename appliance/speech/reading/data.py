"""The file `readings.npz`: how characters and words are read, and the weights of the network.

Syllables are tone-number pinyin, `ü` written v, the neutral tone 5. A character's readings stand
with the commonest first; what a word says of a character is the number of one of them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

PATH: Final = Path(__file__).with_name("readings.npz")
FIRST: Final = 0x3400  # the first code point that `single` holds
# What a word says of a character, by the number n of a reading: chr(DECIDED + n), and so on.
OPEN: Final = "-"  # nothing
DECIDED: Final = ord("0")  # that is its reading
LIKELY: Final = ord("a")  # so a dictionary has it of a rare word or a name, where it may be wrong
SYLLABLE: Final = ord("A")  # that is its syllable, in whatever tone


class Readings:
    """Readings of characters and words, from the dictionaries named in NOTICE.md."""

    def __init__(self, path: Path = PATH) -> None:
        with np.load(path) as file:
            self._syllables = ["", *_text(file["syllables"]).split()]
            self._single = file["single"]
            self._several: dict[str, tuple[str, ...]] = {}
            self._spoken: dict[str, tuple[str, ...]] = {}
            for entry in _text(file["several"]).split():
                own, _, spoken = entry[1:].partition(";")
                self._several[entry[0]] = tuple(own.split(","))
                self._spoken[entry[0]] = tuple(filter(None, spoken.split(",")))
            self._words: dict[str, str] = {}
            for entry in _text(file["words"]).split("\n"):
                word, _, codes = entry.partition("\t")
                self._words[word] = codes
            self.weights = {name[2:]: file[name] for name in file.files if name.startswith("w_")}
            self.classes = _text(file["classes"]).split()
            self.symbols = _text(file["symbols"])

    def of(self, character: str) -> tuple[str, ...]:
        """All readings of a character, the commonest first; () of what is no hanzi."""
        if several := self._several.get(character):
            return several
        at = ord(character) - FIRST
        number = self._single[at] if 0 <= at < len(self._single) else 0
        return (self._syllables[number],) if number else ()

    def in_words(self, character: str) -> tuple[str, ...]:
        """Those, and what it is read in some words only: the second of 头发 is fa5."""
        return self.of(character) + self._spoken.get(character, ())

    def of_word(self, word: str) -> str | None:
        """What the dictionaries say of a word: for each character the number of its reading.

        `OPEN` where they do not decide; None of a word that none of them has.
        """
        return self._words.get(word)


def _text(array: npt.NDArray[np.uint8]) -> str:
    return array.tobytes().decode("utf-8")


@cache
def readings() -> Readings:
    """The file that is installed, loaded once."""
    return Readings()
