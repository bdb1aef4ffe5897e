"""English words and their phonemes: misaki's American lexicon, the one Kokoro was taught with.

`english.bin` holds a line a word, deflated: the word, a tab, its phonemes. Words in small letters
are read so in any writing; those in capitals (NASA) only as they are. It stays one text in memory,
2 MB, since a dictionary of it would take ten times that.
"""

from __future__ import annotations

import zlib
from functools import cache
from pathlib import Path
from typing import Final

PATH: Final = Path(__file__).with_name("english.bin")


class Lexicon:
    """Sorted lines, searched by halves."""

    def __init__(self, lines: bytes) -> None:
        self._lines = b"\n" + lines + b"\n"

    def get(self, word: str) -> str | None:
        """Kokoro's phonemes of a word, None of one it lacks."""
        wanted = word.encode() + b"\t"
        low, high = 0, len(self._lines) - 1  # the line wanted begins behind a break in [low, high)
        while low < high:
            start = self._lines.rfind(b"\n", low, (low + high) // 2 + 1)
            start = low if start < 0 else start
            end = self._lines.index(b"\n", start + 1)
            line = self._lines[start + 1 : end]
            if line.startswith(wanted):
                return line[len(wanted) :].decode()
            if line < wanted:
                low = end
            else:
                high = start
        return None


@cache
def lexicon() -> Lexicon:
    """The installed one."""
    return Lexicon(zlib.decompress(PATH.read_bytes()))


def build(gold: dict[str, str | dict[str, str | None]]) -> bytes:
    """The file from misaki 0.9.4's `us_gold.json`; of several readings the usual one."""
    words: dict[str, str] = {}
    for word in sorted(gold, key=lambda word: (word != word.lower(), word)):  # polish before Polish
        sounds = gold[word]
        usual = sounds if isinstance(sounds, str) else sounds["DEFAULT"]
        if word.isupper() and not isinstance(sounds, str):
            continue  # letters or a word, as what stands around wants it: IT
        name = word if word.isupper() and len(word) > 1 else word.lower()
        if usual and name.replace("'", "").isalpha() and name.isascii() and len(name) > 1:
            words.setdefault(name, usual)
    lines = sorted(f"{word}\t{sounds}" for word, sounds in words.items())
    return zlib.compress("\n".join(lines).encode(), 9)
