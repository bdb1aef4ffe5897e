"""The sections of `t9.bin` that say which words a code of digits can be.

A code is the digits of a word's whole pinyin, of all of it but the end of its last syllable, or of
its syllables' initials. Codes are the nodes of a tree, in order of length and then of digits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from ui.input.building.costs import COST_BITS, cost, log_add_table, starts_of
from ui.input.building.model import Floats
from ui.input.building.sources import Lexicon
from ui.input.model import FIRST_WORD, Section
from ui.input.syllables import LETTERS, keys_of

PARTIAL_WORDS = 16  # words kept for a code whose last syllable is unfinished
INITIAL_WORDS = 12  # words kept for a code of initials only
INITIAL_SYLLABLES = 4

Entry = tuple[str, int]  # a code and a word
Table = dict[str, list[Entry]]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a word is read; `weight` is log10 of how much of the word is read so."""

    weight: float
    syllables: tuple[str, ...]


@dataclass(slots=True)
class Tables:
    """The entries of each code, the likeliest first."""

    full: Table = field(default_factory=lambda: defaultdict(list))
    partial: Table = field(default_factory=lambda: defaultdict(list))
    initials: Table = field(default_factory=lambda: defaultdict(list))


def lexicon_sections(lexicon: Lexicon, unigram: Floats) -> dict[Section, bytes]:
    """All of them. `unigram` has the probability of each word."""
    entries = likeliest_readings(lexicon)
    tables = tables_of(entries, unigram)
    codes = sorted(codes_of(tables), key=lambda code: (len(code), code))
    syllables = sorted({name for _, reading, _ in lexicon.readings for name in reading})
    return (
        {Section.NODE: np.array(nodes_of(codes), "<u4").tobytes()}
        | word_sections(entries, tables, codes, syllables)
        | text_sections(lexicon)
        | {Section.SYLLABLE: b"".join(name.encode("ascii").ljust(8, b"\0") for name in syllables)}
        | {Section.LOG_ADD: log_add_table()}
    )


def likeliest_readings(lexicon: Lexicon) -> dict[Entry, Reading]:
    """One reading per word and code."""
    entries: dict[Entry, Reading] = {}
    for word, syllables, weight in lexicon.readings:
        key = (keys_of("".join(syllables)), word)
        known = entries.get(key)
        if known is None or (weight, syllables) > (known.weight, known.syllables):
            entries[key] = Reading(weight, syllables)
    return entries


def tables_of(entries: dict[Entry, Reading], unigram: Floats) -> Tables:
    """The words of each code, as many as are worth their bytes."""
    score = {key: np.log10(unigram[key[1]]) + found.weight for key, found in entries.items()}
    tables = Tables()
    for key, found in entries.items():
        code, last = key[0], found.syllables[-1]
        tables.full[code].append(key)
        for length in range(len(code) - len(last) + 1, len(code)):
            tables.partial[code[:length]].append(key)
        if len(found.syllables) <= INITIAL_SYLLABLES:
            initials = "".join(syllable[0] for syllable in found.syllables)
            tables.initials[keys_of(initials)].append(key)
    limits = (
        (tables.full, None),
        (tables.partial, PARTIAL_WORDS),
        (tables.initials, INITIAL_WORDS),
    )
    for table, keep in limits:
        for code, keys in table.items():
            table[code] = sorted(keys, key=lambda key: (-score[key], key[1]))[:keep]
    return tables


def codes_of(tables: Tables) -> set[str]:
    """Every code that leads to a word, and every beginning of one."""
    return {
        code[:length]
        for table in (tables.full, tables.initials)
        for code in table
        for length in range(len(code) + 1)
    }


def nodes_of(codes: list[str]) -> list[int]:
    """A node a code: where its children begin, and which digits they are.

    Raises:
        ValueError: more than 24 bits can number.
    """
    there = set(codes)
    nodes = []
    following = 1
    for code in codes:
        mask = sum(1 << (int(digit) - 2) for digit in LETTERS if code + digit in there)
        nodes.append(following << 8 | mask)
        following += mask.bit_count()
    if following >= 1 << 24:
        raise ValueError("too many nodes for 24 bits")
    return nodes


def word_sections(
    entries: dict[Entry, Reading], tables: Tables, codes: list[str], syllables: list[str]
) -> dict[Section, bytes]:
    """Which words each code is; those of unfinished codes are references to the finished ones."""
    flat = [key for code in codes for key in tables.full.get(code, ())]
    index = {key: place for place, key in enumerate(flat)}
    readings = [entries[key].syllables for key in flat]
    weights = np.array([entries[key].weight for key in flat])
    words = np.array([word for _, word in flat], np.uint32)
    shallow = [code for code in codes if len(code) <= INITIAL_SYLLABLES]
    number = {name: place for place, name in enumerate(syllables)}

    def references(table: Table, rows: Iterable[str]) -> bytes:
        found = [index[key] for code in rows for key in table.get(code, ())]
        return np.array(found, "<u4").tobytes()

    return {
        Section.FULL_START: starts_of(_sizes(tables.full, codes)),
        Section.FULL: (words << COST_BITS | cost(10**weights)).astype("<u4").tobytes(),
        Section.PARTIAL_START: starts_of(_sizes(tables.partial, codes)),
        Section.PARTIAL: references(tables.partial, codes),
        Section.INITIAL_START: starts_of(_sizes(tables.initials, shallow)),
        Section.INITIAL: references(tables.initials, shallow),
        Section.READING_START: starts_of([len(reading) for reading in readings]),
        Section.READING: np.array(
            [number[name] for reading in readings for name in reading], "<u2"
        ).tobytes(),
    }


def _sizes(table: Table, rows: Iterable[str]) -> list[int]:
    return [len(table.get(code, ())) for code in rows]


def text_sections(lexicon: Lexicon) -> dict[Section, bytes]:
    """How each word is written."""
    text = [word.encode("utf-16-le") for word in lexicon.words]
    return {
        Section.TEXT_START: starts_of([0] * FIRST_WORD + [len(each) // 2 for each in text]),
        Section.TEXT: b"".join(text),
    }
