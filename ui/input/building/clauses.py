"""Cut conversational texts into the clauses that `data.py` counts.

    python -m ui.input.building.clauses SOURCES --without tests/ui/input/data/t9_dev.tsv

`SOURCES` is the folder of `data.py`. It must hold, under the names given here, files of

* thu-coai/ConvLab-2 at b014b81fcb1f (Apache-2.0), `data/multiwoz_zh`: `human_val.json.zip`,
  `val.json.zip` and `test.json.zip`, dialogues of MultiWOZ 2.1 in Chinese;
* HLTCHKUST/Xpersona at 1da049a1bbf3 (MIT), `dataset`: `Zh_persona_split_valid_human_annotated.json`
  and `Zh_persona_split_test_human_annotated.json`, small talk.

Written there: `clauses-multiwoz.txt.xz` and `clauses-xpersona.txt.xz`. Clauses that share most of
their character pairs with a sentence of the evaluation set are left out.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

MULTIWOZ = ("human_val.json.zip", "val.json.zip", "test.json.zip")
XPERSONA = tuple(f"Zh_persona_split_{part}_human_annotated.json" for part in ("valid", "test"))
CLOSE = 0.78  # Dice coefficient of the character pairs
SHORTEST = 2  # hanzi of a clause


def multiwoz(path: Path) -> Iterator[str]:
    """Every turn of both sides."""
    with zipfile.ZipFile(path) as archive:
        dialogues = json.loads(archive.read(archive.namelist()[0]))
    for dialogue in dialogues.values():
        for turn in dialogue["log"]:
            yield turn["text"]


def xpersona(path: Path) -> Iterator[str]:
    """What the speakers are told about themselves, and every turn of both."""
    for dialogue in json.loads(path.read_text(encoding="utf-8")):
        yield from dialogue["persona"]
        for turns in dialogue["dialogue"]:
            yield from turns


def clauses_of(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for clause in re.split("[^\u3400-\u9fff]+", text):
            if len(clause) >= SHORTEST:
                yield clause


class Evaluation:
    """The sentences that no clause may be close to."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self._pairs = [pairs_of(sentence) for sentence in sentences]
        self._holding: dict[str, list[int]] = defaultdict(list)
        for number, pairs in enumerate(self._pairs):
            for pair in pairs:
                self._holding[pair].append(number)

    def is_close(self, clause: str) -> bool:
        pairs = pairs_of(clause)
        shared = Counter(number for pair in pairs for number in self._holding.get(pair, ()))
        return any(
            2 * count > CLOSE * (len(pairs) + len(self._pairs[number]))
            for number, count in shared.items()
        )


def pairs_of(text: str) -> set[str]:
    """Neighbouring characters, the begin and the end counted as such."""
    marked = f"^{text}$"
    return {marked[at : at + 2] for at in range(len(marked) - 1)}


def read_sentences(path: Path) -> list[str]:
    """The first column; lines with `#` are comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[0] for line in lines if line and not line.startswith("#")]


def write_clauses(path: Path, texts: Iterable[str], evaluation: Evaluation) -> int:
    """How many were written."""
    kept = [clause for clause in clauses_of(texts) if not evaluation.is_close(clause)]
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.writelines(f"{clause}\n" for clause in kept)
    return len(kept)


def main() -> None:
    parser = argparse.ArgumentParser(description="Cut conversational texts into clauses.")
    parser.add_argument("sources", type=Path)
    parser.add_argument("--without", type=Path, required=True, help="the evaluation set")
    arguments = parser.parse_args()
    sources: Path = arguments.sources
    evaluation = Evaluation(read_sentences(arguments.without))
    for name, read, files in (("multiwoz", multiwoz, MULTIWOZ), ("xpersona", xpersona, XPERSONA)):
        texts = (text for file in files for text in read(sources / file))
        path = sources / f"clauses-{name}.txt.xz"
        print(f"{path}: {write_clauses(path, texts, evaluation):,} clauses")


if __name__ == "__main__":
    main()
