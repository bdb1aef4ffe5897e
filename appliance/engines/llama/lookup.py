"""Guesses of what comes next, looked up in what was already said (prompt-lookup decoding).

Where an answer repeats the question or itself, the words that followed last time are likely to
follow again. Several guesses are checked in one batch, which costs less than as many steps where
decoding waits for the memory. Source: A. Saxena, "Prompt Lookup Decoding" (2023).
"""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST_MATCH = 3
_SHORTEST_MATCH = 2

Gram = tuple[int, ...]


class Lookup:
    """All that was said so far, by its short runs. At most `most` tokens are guessed at once."""

    def __init__(self, tokens: Sequence[int], most: int) -> None:
        self._tokens: list[int] = []
        self._most = most
        self._after: dict[Gram, int] = {}  # where it went on after a run, the last time
        for token in tokens:
            self.add(token)

    def add(self, token: int) -> None:
        self._tokens.append(token)
        end = len(self._tokens)
        for length in range(_SHORTEST_MATCH, min(_LONGEST_MATCH, end - 1) + 1):
            # The run that ends before this token: what follows it is known now.
            self._after[tuple(self._tokens[end - 1 - length : end - 1])] = end - 1

    def guess(self) -> list[int]:
        """What followed the last time; empty where the end was never seen before."""
        for length in range(_LONGEST_MATCH, _SHORTEST_MATCH - 1, -1):
            start = self._after.get(tuple(self._tokens[-length:]))
            if start is not None:
                return self._tokens[start : start + self._most]
        return []
