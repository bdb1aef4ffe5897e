"""English words on the telephone keys, from a list in order of frequency."""

from __future__ import annotations

from bisect import bisect_left
from enum import Enum
from pathlib import Path

from ui.input.model import DataError
from ui.input.syllables import LETTERS

COMPLETIONS = 30
_KEYS = str.maketrans(
    {letter: key for key, letters in LETTERS.items() for letter in letters + letters.upper()}
)


def _read(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read ({error})") from error
    return [word for word in text.split("\n") if word and not word.startswith("#")]


class Case(Enum):
    """How a word is written; B changes it while the word is open."""

    LOWER = "lower"
    TITLE = "title"
    UPPER = "upper"

    def of(self, word: str) -> str:
        """The word written so; what is capital in the list stays capital."""
        if self is Case.UPPER:
            return word.upper()
        return word[:1].upper() + word[1:] if self is Case.TITLE else word

    def next(self) -> Case:
        order = list(Case)
        return order[(order.index(self) + 1) % len(order)]


class EnglishWords:
    """Words by keys. The file holds one word a line, the most frequent first; None: no words.

    Raises DataError when it cannot be read.
    """

    def __init__(self, path: Path | None) -> None:
        self._words = [] if path is None else _read(path)
        # In one go, because this is done while a key waits for it.
        keys = "\n".join(self._words).translate(_KEYS).split("\n")
        self._ranks = sorted(range(len(self._words)), key=keys.__getitem__)
        self._keys = [keys[rank] for rank in self._ranks]
        if self._words and not "".join(keys).isdecimal():
            word = self._words[[key.isdecimal() for key in keys].index(False)]
            raise DataError(f"{path}: {word!r} is not a word of letters")

    def __len__(self) -> int:
        return len(self._words)

    def candidates(self, keys: str) -> list[str]:
        """Words of exactly these keys, then the likeliest that begin with them; never empty for
        keys 2..9: what is in no list is spelt by the letters that usually stand so."""
        if not keys:
            return []
        first = bisect_left(self._keys, keys)
        exact_end = bisect_left(self._keys, keys + "0", first)
        end = bisect_left(self._keys, keys + ":", first)
        exact = [self._words[rank] for rank in sorted(self._ranks[first:exact_end])]
        longer = [self._words[rank] for rank in sorted(self._ranks[exact_end:end])[:COMPLETIONS]]
        if not exact:
            head = longer[0][: len(keys)] if longer else self._guess(keys)
            exact = [head]
        return list(dict.fromkeys([*exact, *longer]))

    def _guess(self, keys: str) -> str:
        """The longest known beginning, then the first letter of each key."""
        for length in range(len(keys) - 1, 0, -1):
            first = bisect_left(self._keys, keys[:length])
            if first < len(self._keys) and self._keys[first].startswith(keys[:length]):
                head = self._words[self._ranks[first]][:length]
                return head + "".join(LETTERS[key][0] for key in keys[length:])
        return "".join(LETTERS[key][0] for key in keys)
