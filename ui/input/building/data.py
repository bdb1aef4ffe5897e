"""Build `t9.bin`, the data of the T9 pinyin engine, from its named sources.

    python -m ui.input.building.data SOURCES [-o ui/input/t9.bin]

`SOURCES` is a folder with `dict-20220810.tar.xz` and `lm_sc.arpa-20220810.tar.xz` (libime 1.0.16,
LGPL-2.1-or-later) and four conversational texts, a clause a line: `clauses-tatoeba.txt.xz` (CC BY
2.0 FR), `clauses-kdconv.txt.xz` (Apache-2.0), and what `clauses.py` makes of MultiWOZ in
Chinese (Apache-2.0) and XPersona (MIT). The same sources give the same bytes. Needs numpy; nothing
at run time does.

The language model is made by `model.py`. Probabilities are kept as integer costs,
-1024 * log10 p. `ui.input.model` documents the format.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ui.input.building.hanzi import is_usual
from ui.input.building.model import (
    BITS,
    WORD,
    Background,
    Conversation,
    Floats,
    Ints,
    Mixture,
    find,
    mix,
)
from ui.input.engine import DATA
from ui.input.model import BOS, FIRST_WORD, UNIT, UNK, Section, pack
from ui.input.starts import pack_starts
from ui.input.syllables import keys_of

COST_BITS = 14
MAX_COST = (1 << COST_BITS) - 1
TEXTS = {"tatoeba": 1.0, "kdconv": 1.0, "xpersona": 0.7, "multiwoz": 0.35}  # what a clause counts
LARGEST = 20_000_000  # bytes of the whole file
NGRAM_BYTES = 12_350_000
LONGEST = 8  # hanzi of a word in the conversational text
PARTIAL_WORDS = 16  # words kept for a code whose last syllable is unfinished
INITIAL_WORDS = 12  # words kept for a code of initials only
INITIAL_SYLLABLES = 4
UNUSUAL = -1.5  # log10 weight of words in hanzi that few write: 說, 妳, 偲
UNLISTED = -7.0  # log10 p of a character that the model does not know
LOG_ADD_STEPS = 4096


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


def cost(p: Floats) -> npt.NDArray[np.uint32]:
    return np.asarray(np.clip(np.rint(-UNIT * np.log10(p)), 0, MAX_COST), np.uint32)


def signed_cost(p: Floats) -> npt.NDArray[np.int32]:
    half = 1 << (COST_BITS - 1)
    return np.asarray(np.clip(np.rint(-UNIT * np.log10(p)), -half, half - 1), np.int32)


def row_starts(owner: Ints, size: int) -> bytes:
    """Row starts of records sorted by owner, with the end: `size` + 1 offsets."""
    return starts_of(np.bincount(owner, minlength=size).tolist())


def starts_of(sizes: Sequence[int]) -> bytes:
    """The starts of rows of these sizes, and the end of the last."""
    return pack_starts(list(accumulate(sizes, initial=0)))


def language_sections(model: Mixture) -> dict[Section, bytes]:
    size = len(model.unigram)
    # Ends of sentences stand in the trigram rows too, so that contexts cover both.
    trigrams = np.concatenate([model.trigrams, model.ends])
    trigram_p = np.concatenate([model.trigram_p, model.end_p])
    order = np.argsort(trigrams, kind="stable")
    trigrams, trigram_p = trigrams[order], trigram_p[order]
    pairs = np.unique(trigrams >> BITS)
    at, hit = find(model.pairs, pairs)
    backoff = np.where(hit, model.pair_backoff[at], 1.0)
    half = 1 << (COST_BITS - 1)
    pair_records = (pairs & WORD).astype(np.uint32) << COST_BITS | (
        signed_cost(backoff) + half
    ).astype(np.uint32)
    return {
        Section.UNIGRAM: cost(model.unigram).astype("<u2").tobytes(),
        Section.BACKOFF: signed_cost(model.backoff).astype("<i2").tobytes(),
        Section.END: cost(model.end).astype("<u2").tobytes(),
        Section.BIGRAM_START: row_starts(model.bigrams >> BITS, size),
        Section.BIGRAM: (
            (model.bigrams & WORD).astype(np.uint32) << COST_BITS | cost(model.bigram_p)
        )
        .astype("<u4")
        .tobytes(),
        Section.PAIR_START: row_starts(pairs >> BITS, size),
        Section.PAIR: pair_records.astype("<u4").tobytes(),
        Section.TRIGRAM_START: row_starts(np.searchsorted(pairs, trigrams >> BITS), len(pairs)),
        Section.TRIGRAM: ((trigrams & WORD).astype(np.uint32) << COST_BITS | cost(trigram_p))
        .astype("<u4")
        .tobytes(),
    }


def lexicon_sections(lexicon: Lexicon, unigram: Floats) -> dict[Section, bytes]:
    syllables = sorted({s for _, reading, _ in lexicon.readings for s in reading})
    number = {s: n for n, s in enumerate(syllables)}
    # One reading per word and code: the likelier.
    entries: dict[tuple[str, int], tuple[float, tuple[str, ...]]] = {}
    for word, reading, weight in lexicon.readings:
        key = (keys_of("".join(reading)), word)
        if key not in entries or (weight, reading) > entries[key]:
            entries[key] = (weight, reading)
    score = {key: np.log10(unigram[key[1]]) + value[0] for key, value in entries.items()}

    def rank(key: tuple[str, int]) -> tuple[float, int]:
        return (-score[key], key[1])

    full: dict[str, list[tuple[str, int]]] = defaultdict(list)
    partial: dict[str, list[tuple[str, int]]] = defaultdict(list)
    initials: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for key, (_, reading) in entries.items():
        code = key[0]
        full[code].append(key)
        for length in range(len(code) - len(reading[-1]) + 1, len(code)):
            partial[code[:length]].append(key)
        if len(reading) <= INITIAL_SYLLABLES:
            initials[keys_of("".join(s[0] for s in reading))].append(key)
    for table, keep in ((full, None), (partial, PARTIAL_WORDS), (initials, INITIAL_WORDS)):
        for code, keys in table.items():
            table[code] = sorted(keys, key=rank)[:keep]

    codes = {code[:n] for table in (full, initials) for code in table for n in range(len(code) + 1)}
    order = sorted(codes, key=lambda code: (len(code), code))
    nodes = []
    following = 1
    for code in order:
        mask = sum(1 << (int(d) - 2) for d in "23456789" if code + d in codes)
        nodes.append(following << 8 | mask)
        following += mask.bit_count()
    if following >= 1 << 24:
        raise ValueError("too many nodes for 24 bits")

    flat = [key for code in order for key in full.get(code, ())]
    index = {key: n for n, key in enumerate(flat)}
    readings = [entries[key][1] for key in flat]
    weights = np.array([entries[key][0] for key in flat])
    words = np.array([key[1] for key in flat], np.uint32)
    shallow = [code for code in order if len(code) <= INITIAL_SYLLABLES]

    def sizes(table: dict[str, list[tuple[str, int]]], rows: list[str]) -> list[int]:
        return [len(table.get(code, ())) for code in rows]

    def references(table: dict[str, list[tuple[str, int]]], rows: list[str]) -> bytes:
        return np.array(
            [index[key] for code in rows for key in table.get(code, ())], "<u4"
        ).tobytes()

    text = [word.encode("utf-16-le") for word in lexicon.words]
    head = [0] * FIRST_WORD
    names = [s.encode("ascii") for s in syllables]
    return {
        Section.NODE: np.array(nodes, "<u4").tobytes(),
        Section.FULL_START: starts_of(sizes(full, order)),
        Section.FULL: (words << COST_BITS | cost(10**weights)).astype("<u4").tobytes(),
        Section.PARTIAL_START: starts_of(sizes(partial, order)),
        Section.PARTIAL: references(partial, order),
        Section.INITIAL_START: starts_of(sizes(initials, shallow)),
        Section.INITIAL: references(initials, shallow),
        Section.READING_START: starts_of([len(r) for r in readings]),
        Section.READING: np.array([number[s] for r in readings for s in r], "<u2").tobytes(),
        Section.TEXT_START: starts_of(head + [len(t) // 2 for t in text]),
        Section.TEXT: b"".join(text),
        Section.SYLLABLE: b"".join(name.ljust(8, b"\0") for name in names),
        Section.LOG_ADD: log_add_table(),
    }


def log_add_table() -> bytes:
    """How much less the cost of a sum is than its smaller cost, by the costs' difference."""
    step = np.arange(LOG_ADD_STEPS)
    return bytes(np.rint(UNIT * np.log10(1 + 10 ** (-step / UNIT))).astype("<u2").tobytes())


def segmented(segmenter: Segmenter, path: Path) -> list[list[int]]:
    """The words of each clause whose characters are all known."""
    clauses = (segmenter.segment(line.strip()) for line in read_lines(path))
    return [words for words in clauses if words]


def build(sources: Path) -> bytes:
    _, rows = read_arpa(read_member(sources / "lm_sc.arpa-20220810.tar.xz", "lm_sc.arpa"))
    known = {row[0] for row in rows[0]}
    lexicon = read_lexicon(read_member(sources / "dict-20220810.tar.xz", "dict_sc.txt"), known)
    background = background_of(rows, lexicon)
    segmenter = Segmenter(lexicon, background)
    texts = [
        (segmented(segmenter, sources / f"clauses-{name}.txt.xz"), weight)
        for name, weight in TEXTS.items()
    ]
    conversation = Conversation(texts, len(background.unigram))
    model = mix(background, conversation, NGRAM_BYTES)
    about = {
        "bigrams": len(model.bigrams),
        "trigrams": len(model.trigrams),
        "words": len(lexicon.words),
        "clauses": sum(len(clauses) for clauses, _ in texts),
    }
    sections = language_sections(model) | lexicon_sections(lexicon, model.unigram)
    sections[Section.ABOUT] = json.dumps(about, sort_keys=True).encode()
    data = pack(sections)
    if len(data) > LARGEST:
        raise ValueError(f"{len(data):,} bytes are more than {LARGEST:,}: lower NGRAM_BYTES")
    return data


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the data of the T9 pinyin engine.")
    parser.add_argument("sources", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=DATA)
    arguments = parser.parse_args()
    data = build(arguments.sources)
    arguments.output.write_bytes(data)
    print(f"{arguments.output}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
