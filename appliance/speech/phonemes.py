"""Normalised text to Kokoro's phonemes: words, readings by phrase, tone sandhi, pauses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from appliance.speech import english, pinyin
from appliance.speech.reading.reader import Run, reader
from appliance.speech.reading.words import HANZI
from appliance.speech.sandhi import apply_sandhi

_SUFFIX = "r5"  # 儿 that is no syllable of its own

_PAUSES = {
    **{"，": ", ", "、": ", ", "。": ". ", "！": "! ", "？": "? ", "；": "; ", "：": ": "},
    **{",": ", ", ".": ". ", "!": "! ", "?": "? ", ";": "; ", ":": ": "},
    **{"—": "— ", "…": "… ", "“": " “", "”": "” ", "（": " (", "）": ") ", "(": " (", ")": ") "},
}
_PARTS = re.compile(rf"(?P<hanzi>{HANZI.pattern})|(?P<latin>[A-Za-z][A-Za-z']*)|(?P<other>.)", re.S)


def to_phonemes(text: str) -> str:
    """Phonemes of text that is already normalised (no digits). Unknown characters are silent."""
    result = "".join(_sounds(text))
    result = re.sub(r" +", " ", re.sub(r" +(?=[,.!?;:)])", "", result))
    return result.strip() if re.search(r"\w", result) else ""


def _sounds(text: str) -> Iterator[str]:
    runs = iter(reader().read(text) if HANZI.search(text) else ())
    for part in _PARTS.finditer(text):
        if part["hanzi"]:
            yield " ".join(_hanzi(next(runs))) + " "
        elif part["latin"]:
            yield english.phonemes(part["latin"]) + " "
        else:
            yield _PAUSES.get(part["other"], " ")


def _hanzi(run: Run) -> Iterator[str]:
    words: list[str] = []
    readings: list[list[str]] = []
    for word, syllables in zip(run.words, run.syllables, strict=True):
        word, syllables = _with_suffix(word, syllables)
        if words and syllables == [_SUFFIX]:
            readings[-1][-1] = _curled(readings[-1][-1])
        else:
            words.append(word)
            readings.append(syllables)
    for spoken in apply_sandhi(words, readings):
        yield "".join(pinyin.phonemes(syllable) for syllable in spoken)


def _with_suffix(word: str, syllables: list[str]) -> tuple[str, list[str]]:
    """The word without the 儿 that only curl the syllable before them."""
    said, spoken = "", list[str]()
    for character, syllable in zip(word, syllables, strict=True):
        if syllable == _SUFFIX and spoken:
            spoken[-1] = _curled(spoken[-1])
        else:
            said += character
            spoken.append(syllable)
    return said, spoken


def _curled(syllable: str) -> str:
    return syllable if syllable[-2:-1] == "r" else f"{syllable[:-1]}r{syllable[-1]}"


_BREAKS = (". ", "! ", "? ", "; ", ", ", ": ", " ")


def split_long(sounds: str, limit: int) -> list[str]:
    """Pieces of at most `limit` symbols, cut at the strongest pause in the second half."""
    pieces = []
    while len(sounds) > limit:
        cut = limit
        for mark in _BREAKS:
            found = sounds.rfind(mark, limit // 2, limit)
            if found >= 0:
                cut = found + len(mark)
                break
        pieces.append(sounds[:cut].strip())
        sounds = sounds[cut:]
    if sounds.strip():
        pieces.append(sounds.strip())
    return pieces
