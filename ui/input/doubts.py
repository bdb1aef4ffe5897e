"""Which word to see to next: the least certain one that the user has not chosen."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Final

from ui.input.lattice import BEAM, Kind
from ui.input.nbest import Word

DOUBTFUL: Final = 200  # margin below which a word's fate hangs on its neighbour's
CERTAIN: Final = 1000  # margin from which on a word is taken for right


class Doubts:
    """Of the `words` shown, with the margin of each; those beginning at `chosen` are certain."""

    def __init__(
        self, words: Sequence[Word], margins: Sequence[int], chosen: Container[int]
    ) -> None:
        self._count = len(words)
        self._margins = {  # of each word, by place, that is not wholly certain
            place: margin
            for place, (word, margin) in enumerate(zip(words, margins, strict=True))
            if margin < BEAM
            and word.start not in chosen
            and not (word.kind is Kind.PARTIAL and place)
        }

    def weakest(self) -> int | None:
        """The place of the least certain word; where those before it are hardly more certain, of
        the first of them, for they hang together. None: every word is certain."""
        margins = self._margins
        place = min(margins, key=lambda place: (margins[place], place), default=None)
        while place is not None and margins.get(place - 1, BEAM) < DOUBTFUL:
            place -= 1
        return place

    def after(self, place: int) -> int | None:
        """Where choosing goes on after the word at `place` was picked: the next word, or over words
        that are certain the least certain one. None: the last word was picked, and all others are
        certain."""
        weakest = self.weakest()
        following = place + 1 if place + 1 < self._count else None
        if weakest is None or self._margins[weakest] >= CERTAIN:
            return following
        doubted = following is not None and self._margins.get(following, BEAM) < CERTAIN
        return following if doubted else weakest
