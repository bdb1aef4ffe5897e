"""The sentences that the input method is measured on, typed, and what came out counted."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from ui.input.certainty import cells_of
from ui.input.composition import Composition
from ui.input.engine import Engine
from ui.input.model import UNK
from ui.input.syllables import keys_of

DEV = Path(__file__).resolve().parent.parent / "tests" / "ui" / "input" / "data" / "t9_dev.tsv"
LONGEST_WORD = 8
UNSEEN = 8 * 1024  # cost of a hanzi that the model does not hold

Json = dict[str, "float | int | str | Json | None"]


@dataclass(frozen=True)
class Row:
    """One sentence of the set."""

    sentence: str
    pinyin: tuple[str, ...]
    keys: str
    source: str

    def hanzi_at(self, key: int) -> int:
        """Which hanzi begins at this key; -1: none."""
        starts = [0, *accumulate(len(syllable) for syllable in self.pinyin)]
        return starts.index(key) if key in starts else -1


def read_rows(path: Path) -> list[Row]:
    """ValueError names the first line that is not of the form."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) < 3 or not set(fields[2]) <= set("23456789") or not fields[2]:
            raise ValueError(f"{path}:{number}: not sentence, pinyin, keys, source")
        source = fields[3] if len(fields) > 3 else ""
        rows.append(Row(fields[0], tuple(fields[1].split(" ")), fields[2], source))
    if not rows:
        raise ValueError(f"{path}: no sentences")
    return rows


def distance(a: str, b: str) -> int:
    """Levenshtein's."""
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            current.append(min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (x != y)))
        previous = current
    return previous[-1]


def quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def percent(part: int, whole: int) -> float:
    return round(100 * part / max(whole, 1), 2)


def type_keys(engine: Engine, keys: str, times: list[float] | None = None) -> Composition:
    """Type keys as the editor does; `times` takes milliseconds from key to text."""
    composition = Composition(engine)
    for key in keys:
        begin = time.perf_counter()
        composition.type(int(key))
        composition.text()
        if times is not None:
            times.append(1e3 * (time.perf_counter() - begin))
    return composition


def rates(rows: Sequence[Row], shown: Sequence[str]) -> Json:
    """Sentences and characters that are right, of all and by source."""
    hits: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row, text in zip(rows, shown, strict=True):
        count = hits[row.source]
        count[0] += text == row.sentence
        count[1] += 1
        count[2] += min(distance(row.sentence, text), len(row.sentence))
        count[3] += len(row.sentence)
    total = [sum(count[n] for count in hits.values()) for n in range(4)]
    return {
        "sentence_top1": percent(total[0], total[1]),
        "char_top1": percent(total[3] - total[2], total[3]),
        "sources": {
            source: {
                "sentences": count[1],
                "sentence_top1": percent(count[0], count[1]),
                "char_top1": percent(count[3] - count[2], count[3]),
            }
            for source, count in sorted(hits.items())
        },
    }


def wrong_words(composition: Composition, row: Row) -> set[int]:
    """The places of the words shown whose keys the reference reads as other hanzi."""
    at, right = 0, set()
    for hanzi, syllable in zip(row.sentence, row.pinyin, strict=True):
        right.add((at, hanzi, len(syllable)))
        at += len(syllable)
    return {
        place
        for place, word in enumerate(composition.words())
        if not cells_of(word, composition.word_text(word), composition.reading(word)) <= right
    }


def segment(engine: Engine, row: Row) -> list[tuple[str, str]]:
    """The likeliest words of the reference by unigram, with the keys of each."""
    model, text = engine.model, row.sentence
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * len(text)
    for start in range(len(text)):
        for end in range(start + 1, min(len(text), start + LONGEST_WORD) + 1):
            word = model.word(text[start:end])
            if word == UNK and end > start + 1:
                continue
            cost = best[start][0] + (UNSEEN if word == UNK else model.unigram[word])
            if cost < best[end][0]:
                best[end] = (cost, start)
    words: list[tuple[str, str]] = []
    end = len(text)
    while end:
        start = best[end][1]
        words.append((text[start:end], keys_of("".join(row.pinyin[start:end]))))
        end = start
    return words[::-1]
