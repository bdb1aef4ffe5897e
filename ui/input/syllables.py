"""Pinyin letters on the keys of a telephone (ITU-T E.161)."""

from __future__ import annotations

LETTERS = {
    "2": "abc",
    "3": "def",
    "4": "ghi",
    "5": "jkl",
    "6": "mno",
    "7": "pqrs",
    "8": "tuv",
    "9": "wxyz",
}
_KEY = {letter: key for key, letters in LETTERS.items() for letter in letters}


def keys_of(letters: str) -> str:
    """The digits that type these letters; ü is written `v`. KeyError on anything else."""
    return "".join(_KEY[letter] for letter in letters)
