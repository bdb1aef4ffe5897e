"""Add to `t9.bin` how hanzi are read besides, where its dictionary does not say so.

    python -m ui.input.building.readings

The build does it last of all; done again it changes nothing. What was missing was found by
comparing all single hanzi with the readings of the Table of General Standard Chinese Characters
(Unihan's kTGHZ2013), and those of words that are in use with kXHC1983.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ui.input.building.costs import starts_of
from ui.input.engine import DATA
from ui.input.model import COST_BITS, COST_MASK, UNIT, UNK, Model, Section, pack
from ui.input.syllables import keys_of

# By how much rarer than the hanzi itself the reading is: factors of ten. ê is typed as e.
ADDED: Mapping[float, str] = {
    0.0: "皋gao 旰gan 哏gen 唛mai 荥xing 吁xu 䜣xin 圫tuo 坬wa 峿wu 铻wu 虷gan 硔gong 碈hun",
    0.3: "桧hui 祢mi 馇zha 鹘gu 纥ge 镐hao 噷hm 呇men 埫tang 峛lie 梣qin 漴shuang 癿bie 硊hui 薁ao",
    0.5: "戛ga 尢wang 艴bo 乜nie 蓂mi",
    1.0: "哼hng 鞘shao 鹄gu 喁yu 蕃bo 俟qi",
    2.0: "豸zhai 欸e 诶e 胳ga 颌ge",
    3.0: "合ge 红gong 般bo 厕si 将qiang 芒wang 育yo 蓝la 塔da 屹ge 姆m",
}


class Reading(NamedTuple):
    """A hanzi read so; `rarer` as in `ADDED`."""

    hanzi: str
    syllable: str
    rarer: float


def readings() -> list[Reading]:
    return [
        Reading(each[0], each[1:], rarer) for rarer, row in ADDED.items() for each in row.split()
    ]


class _Record(NamedTuple):
    """A record of FULL to be put before the one at `at`."""

    at: int
    node: int
    total: int  # cost of the hanzi so read
    record: int
    syllable: str


def completed(data: bytes, added: Iterable[Reading] | None = None) -> bytes:
    """The bytes of a `t9.bin` with these readings of its hanzi; without those whose keys begin no
    word.
    """
    model = Model(data)
    records = [_record(model, each) for each in (readings() if added is None else added)]
    fresh = sorted(record for record in records if record is not None)
    if not fresh:
        return data
    sections = {section: bytes(model.section(section)) for section in Section}
    return pack(sections | _with_records(model, fresh))


def _record(model: Model, reading: Reading) -> _Record | None:
    """Where it goes; None: the model has no such hanzi or keys, or that hanzi by those keys."""
    word = model.word(reading.hanzi)
    node = model.node_of(keys_of(reading.syllable))
    if word == UNK or node is None:
        return None
    low, high = model.full_start[node], model.full_start[node + 1]
    known = [record >> COST_BITS for record in model.full[low:high]]
    if word in known:
        return None
    cost = round(UNIT * reading.rarer)
    total = model.unigram[word] + cost
    costs = [
        model.unigram[each] + (record & COST_MASK)
        for each, record in zip(known, model.full[low:high], strict=True)
    ]
    at = low + sum(each <= total for each in costs)
    return _Record(at, node, total, word << COST_BITS | cost, reading.syllable)


def _with_records(model: Model, fresh: list[_Record]) -> dict[Section, bytes]:
    """The sections that change."""
    names = model.syllables + sorted({each.syllable for each in fresh} - set(model.syllables))
    at = np.array([each.at for each in fresh])
    nodes = len(model.node)
    sizes = np.diff([model.full_start[node] for node in range(nodes + 1)])
    np.add.at(sizes, [each.node for each in fresh], 1)
    lengths = np.diff([model.reading_start[entry] for entry in range(len(model.full) + 1)])
    places = [model.reading_start[each.at] for each in fresh]
    numbers = [names.index(each.syllable) for each in fresh]

    def moved(references: memoryview) -> bytes:
        old = np.array(references, np.int64)
        return (old + np.searchsorted(at, old, side="right")).astype("<u4").tobytes()

    return {
        Section.FULL_START: starts_of(sizes.tolist()),
        Section.FULL: np.insert(np.array(model.full, np.int64), at, [each.record for each in fresh])
        .astype("<u4")
        .tobytes(),
        Section.READING_START: starts_of(np.insert(lengths, at, 1).tolist()),
        Section.READING: np.insert(np.array(model.reading, np.int64), places, numbers)
        .astype("<u2")
        .tobytes(),
        Section.PARTIAL: moved(model.partial),
        Section.INITIAL: moved(model.initial),
        Section.SYLLABLE: b"".join(name.encode("ascii").ljust(8, b"\0") for name in names),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Add readings to the data of the T9 engine.")
    parser.add_argument("path", nargs="?", type=Path, default=DATA)
    path = parser.parse_args().path
    data = path.read_bytes()
    path.write_bytes(done := completed(data))
    print(f"{path}: {len(data):,} bytes, now {len(done):,}")


if __name__ == "__main__":
    main()
