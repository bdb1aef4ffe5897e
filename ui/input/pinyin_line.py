"""The reading of a sentence as one line, and where its syllables and the caret are in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

MARK = "'"  # between syllables


class Syllable(NamedTuple):
    """A syllable as far as it is typed, from key `start` on: one letter a key."""

    start: int
    letters: str

    @property
    def end(self) -> int:
        return self.start + len(self.letters)


class PinyinLine:
    """Syllables parted by `MARK`. `caret` counts keys; `separated`: a mark stands before it."""

    def __init__(self, syllables: Sequence[Syllable], caret: int, separated: bool) -> None:
        self._syllables = syllables
        self.text = MARK.join(syllable.letters for syllable in syllables)
        if separated and syllables and caret == syllables[-1].end:
            self.text += MARK
        before = sum(syllable.start < caret for syllable in syllables)
        self.caret = caret + before - (not separated) if before else 0

    def span(self, start: int) -> tuple[int, int]:
        """From where to where the syllable that begins at key `start` is in the text."""
        number = next(n for n, syllable in enumerate(self._syllables) if syllable.start == start)
        left = start + number
        return left, left + len(self._syllables[number].letters)
