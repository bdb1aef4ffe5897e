"""Log-probability of candidate sentences, on copies of the conversation's sequence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from appliance.engines.llama.context import Context


def log_probability(logits: Any, token: int, vocabulary_size: int) -> float:
    """ln P(token) under the softmax of a C array of logits."""
    row = np.ctypeslib.as_array(logits, shape=(vocabulary_size,))
    top = float(row.max())
    total = float(np.exp(row - top, dtype=np.float64).sum())
    return float(row[token]) - top - math.log(total)


class Scorer:
    """Scores candidates after what sequence 0 holds; sequence 0 is not touched.

    `first` is the last evaluated token's logits as log-probabilities per candidate's first token,
    so the caller passes them in before they are overwritten.
    """

    def __init__(self, context: Context, sequences: int) -> None:
        self._context = context
        self._sequences = sequences

    def score(
        self, candidates: Sequence[Sequence[int]], first: Sequence[float], position: int
    ) -> list[float]:
        """Sum of log-probabilities of each candidate's tokens; -inf for an empty one.

        Raises:
            Aborted: the copies are removed.
        """
        totals: list[float] = []
        for group in self._groups(candidates):
            totals += self._score_group(
                [candidates[index] for index in group], [first[index] for index in group], position
            )
        return totals

    def _groups(self, candidates: Sequence[Sequence[int]]) -> list[list[int]]:
        """Indices that fit one batch and the free sequences."""
        groups: list[list[int]] = [[]]
        rows = 0
        for index, tokens in enumerate(candidates):
            need = max(0, len(tokens) - 1)
            full = len(groups[-1]) == self._sequences - 1
            if groups[-1] and (full or rows + need > self._context.batch_size):
                groups.append([])
                rows = 0
            groups[-1].append(index)
            rows += need
        return groups

    def _score_group(
        self, candidates: list[Sequence[int]], first: list[float], position: int
    ) -> list[float]:
        rows: list[tuple[int, int, int]] = []
        owners: list[tuple[int, int]] = []
        limit = self._context.batch_size
        for index, tokens in enumerate(candidates):
            for offset, token in enumerate(tokens[:-1]):
                rows.append((token, position + offset, index + 1))
                owners.append((index, tokens[offset + 1]))
        totals = [
            start if tokens else -math.inf for start, tokens in zip(first, candidates, strict=True)
        ]
        try:
            for index in range(len(candidates)):
                self._context.copy(0, index + 1)
            for begin in range(0, len(rows), limit):
                self._context.decode_rows(rows[begin : begin + limit])
                for row, (index, token) in enumerate(owners[begin : begin + limit]):
                    totals[index] += log_probability(
                        self._context.logits(row), token, self._context.model.vocabulary_size
                    )
        finally:
            for index in range(len(candidates)):
                self._context.remove(index + 1, 0)
        return totals
