"""What `t9.bin` is built from, read: the lexicon, the n-grams, and conversational text as words."""

from __future__ import annotations

import lzma
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ui.input.building.hanzi import is_usual
from ui.input.building.model import BITS, Background
from ui.input.model import BOS, FIRST_WORD, UNK

LONGEST = 8  # hanzi of a word in the conversational text
UNUSUAL = -1.5  # log10 weight of words in hanzi that few write: 說, 妳, 偲
UNLISTED = -7.0  # log10 p of a character that the model does not know


def read_lines(path: Path) -> Iterator[str]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from lines


def read_member(path: Path, name: str) -> Iterator[str]:
    with tarfile.open(path, "r:xz") as archive:
        member = archive.extractfile(name)
        if member is None:
            raise ValueError(f"{path.name} holds no {name}")
        for line in member:
            yield line.decode("utf-8")


@dataclass
class Lexicon:
    """Words in code point order, and their readings: (word, syllables, log10 weight)."""

    words: list[str]
    readings: list[tuple[int, tuple[str, ...], float]]
    ids: dict[str, int]


def read_lexicon(lines: Iterator[str], known: set[str]) -> Lexicon:
    """Readings of the words the model knows, and of hanzi of the common planes it does not."""
    rows: dict[tuple[str, tuple[str, ...]], float] = {}
    for line in lines:
        fields = re.split(r"[\t ]+", line.strip())
        if len(fields) < 2 or not re.fullmatch(r"[a-z']+", fields[1]):
            continue
        word = fields[0]
        syllables = tuple(fields[1].split("'"))
        listed = word in known or (len(word) == 1 and is_common_hanzi(word))
        if not listed or len(syllables) != len(word):
            continue
        weight = float(fields[2]) if len(fields) > 2 else 0.0
        if not all(map(is_usual, word)):
            weight += UNUSUAL
        rows[word, syllables] = max(weight, rows.get((word, syllables), weight))
    words = sorted({word for word, _ in rows})
    ids = {word: FIRST_WORD + n for n, word in enumerate(words)}
    readings = [(ids[word], syllables, weight) for (word, syllables), weight in rows.items()]
    return Lexicon(words, readings, ids)


def is_common_hanzi(character: str) -> bool:
    """GBK holds it: what the box can draw and people's names need."""
    try:
        return len(character.encode("gbk")) == 2
    except UnicodeEncodeError:
        return False


def read_arpa(lines: Iterator[str]) -> tuple[list[str], list[list[tuple[str, float, float]]]]:
    """Vocabulary and the rows (words, log10 p, log10 back-off) of the three orders."""
    rows: list[list[tuple[str, float, float]]] = [[], [], []]
    order = 0
    for line in lines:
        if line.startswith("\\"):
            order = int(line[1]) if line[2:].startswith("-grams") else 0
            continue
        fields = line.rstrip("\n").split("\t")
        if order and len(fields) > 1:
            backoff = float(fields[2]) if len(fields) > 2 else 0.0
            rows[order - 1].append((fields[1], float(fields[0]), backoff))
    return [row[0] for row in rows[0]], rows


def background_of(rows: list[list[tuple[str, float, float]]], lexicon: Lexicon) -> Background:
    size = FIRST_WORD + len(lexicon.words)
    ids = {**lexicon.ids, "<unk>": UNK}
    unigram = np.full(size, UNLISTED)
    backoff = np.zeros(size)
    for text, p, bow in rows[0]:
        word = ids.get(text)
        if word is not None:
            unigram[word], backoff[word] = p, bow
    backoff[BOS] = backoff[UNK]
    tables = []
    for row in rows[1:]:
        keys, values, bows = [], [], []
        for text, p, bow in row:
            key = 0
            for part in text.split(" "):
                word = ids.get(part)
                if word is None:
                    break
                key = key << BITS | word
            else:
                keys.append(key)
                values.append(p)
                bows.append(bow)
        order = np.argsort(np.array(keys, np.int64))
        tables.append(
            (np.array(keys, np.int64)[order], np.array(values)[order], np.array(bows)[order])
        )
    (bigrams, bigram_p, bigram_backoff), (trigrams, trigram_p, _) = tables
    return Background(unigram, backoff, bigrams, bigram_p, bigram_backoff, trigrams, trigram_p)


class Segmenter:
    """The most probable words of a clause by the background's bigrams."""

    def __init__(self, lexicon: Lexicon, background: Background) -> None:
        self._ids = lexicon.ids
        self._unigram = background.unigram.tolist()
        self._backoff = background.backoff.tolist()
        keys, values = background.bigrams.tolist(), background.bigram_p.tolist()
        self._bigram = dict(zip(keys, values, strict=True))

    def _p(self, last: int, word: int) -> float:
        p = self._bigram.get(last << BITS | word)
        return float(self._backoff[last] + self._unigram[word] if p is None else p)

    def segment(self, clause: str) -> list[int] | None:
        """Its words; None when a character is unknown. Of equal ones the smaller ids."""
        size = len(clause)
        best: list[dict[int, tuple[float, int, int]]] = [{} for _ in range(size + 1)]
        best[0][BOS] = (0.0, 0, 0)
        for start in range(size):
            for end in range(start + 1, min(size, start + LONGEST) + 1):
                word = self._ids.get(clause[start:end])
                if word is None or not best[start]:
                    continue
                p, last = max(
                    (p + self._p(last, word), -last) for last, (p, _, _) in best[start].items()
                )
                best[end][word] = (p, start, -last)
        if not size or not best[size]:
            return None
        word = max(best[size], key=lambda word: (best[size][word][0], -word))
        words: list[int] = []
        end = size
        while end:
            words.append(word)
            _, end, word = best[end][word]
        return words[::-1]


def segmented(segmenter: Segmenter, path: Path) -> list[list[int]]:
    """The words of each clause whose characters are all known."""
    clauses = (segmenter.segment(line.strip()) for line in read_lines(path))
    return [words for words in clauses if words]
