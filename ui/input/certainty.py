"""How certain each word of a sentence is: what the other likely sentences have in its place.

Sentences weigh as much as their probability. A word is as certain as those that have its hanzi over
the same keys outweigh those that have not, however either is cut into words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log10

from ui.input.model import UNIT
from ui.input.nbest import Path, Word

Cells = frozenset[tuple[int, str, int]]  # first key, hanzi, number of keys


def cells_of(word: Word, hanzi: str, reading: Sequence[str]) -> Cells:
    """Which hanzi stands over which keys."""
    if len(hanzi) != len(reading):  # a word of the user's own may be anything
        return frozenset({(word.start, hanzi, word.end - word.start)})
    at, cells = word.start, []
    for character, syllable in zip(hanzi, reading, strict=True):
        cells.append((at, character, len(syllable)))
        at += len(syllable)
    return frozenset(cells)


def margins(
    shown: Sequence[Word], likely: Sequence[Path], cells: Callable[[Word], Cells], most: int
) -> list[int]:
    """Of each word shown: 1024 * log10 of the weight of the likely sentences that have it, against
    that of the others; within `most`, which is when all have it."""
    if not likely:
        return [most] * len(shown)
    known: dict[Word, Cells] = {}
    for path in likely:
        for word in path.words:
            if word not in known:
                known[word] = cells(word)
    best = min(path.cost for path in likely)
    weighed = [
        (10 ** ((best - path.cost) / UNIT), frozenset().union(*(known[w] for w in path.words)))
        for path in likely
    ]
    result = []
    for word in shown:
        own = known[word] if word in known else cells(word)
        having = sum(weight for weight, there in weighed if own <= there)
        other = sum(weight for weight, there in weighed if not own <= there)
        if not other:
            result.append(most)
        elif not having:
            result.append(-most)
        else:
            result.append(max(-most, min(most, round(UNIT * log10(having / other)))))
    return result
