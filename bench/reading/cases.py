"""Sentences with one marked character and its reading, as in the CPP data set of g2pM.

A sentence a line, the character between two `▁`; the reading on the same line of a second file, in
tone-number pinyin before sandhi, the neutral tone 5, ü written `u:`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

MARK: Final = "▁"


class CasesError(Exception):
    """The two files cannot be used; the text says what is wrong with which line."""


@dataclass(frozen=True, slots=True)
class Case:
    """`sentence[place]` is read `reading`."""

    sentence: str
    place: int
    reading: str


def read_cases(sentences: Path, readings: Path) -> list[Case]:
    """Of two files of that form. Raises CasesError."""
    written, said = _lines(sentences), _lines(readings)
    if len(written) != len(said):
        raise CasesError(f"{sentences} has {len(written)} lines, {readings} {len(said)}")
    return [
        _case(f"{sentences}:{number}", sentence, reading)
        for number, (sentence, reading) in enumerate(zip(written, said, strict=True), 1)
    ]


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CasesError(f"{path}: {error}") from error


def _case(where: str, sentence: str, reading: str) -> Case:
    before, *rest = sentence.split(MARK)
    if len(rest) != 2 or len(rest[0]) != 1:
        raise CasesError(f"{where}: one character between two {MARK} is wanted")
    return Case(before + rest[0] + rest[1], len(before), reading.strip().replace("u:", "v"))
