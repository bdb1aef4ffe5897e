"""Build `t9.bin`, the data of the T9 pinyin engine, from its named sources.

    python -m ui.input.building.data SOURCES [-o ui/input/t9.bin]

`SOURCES` is a folder with `dict-20220810.tar.xz` and `lm_sc.arpa-20220810.tar.xz` (libime 1.0.16,
LGPL-2.1-or-later) and four conversational texts, a clause a line: `clauses-tatoeba.txt.xz` (CC BY
2.0 FR), `clauses-kdconv.txt.xz` (Apache-2.0), and what `clauses.py` makes of MultiWOZ in
Chinese (Apache-2.0) and XPersona (MIT). The same sources give the same bytes. Needs numpy; nothing
at run time does.

Readings that the dictionary lacks are `readings.py`'s. The language model is made by `model.py`.
Probabilities are kept as integer costs, -1024 * log10 p. `ui.input.model` documents the format.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ui.input.building.language import language_sections
from ui.input.building.lexicon import lexicon_sections
from ui.input.building.model import Conversation, mix
from ui.input.building.readings import completed
from ui.input.building.sources import (
    Segmenter,
    background_of,
    read_arpa,
    read_lexicon,
    read_member,
    segmented,
)
from ui.input.engine import DATA
from ui.input.model import Section, pack

TEXTS = {"tatoeba": 1.0, "kdconv": 1.0, "xpersona": 0.7, "multiwoz": 0.35}  # what a clause counts
LARGEST = 20_000_000  # bytes of the whole file
NGRAM_BYTES = 12_350_000


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
    data = completed(pack(sections))
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
