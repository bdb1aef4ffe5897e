"""Log-probability of candidate sentences, on sequences beside the conversation's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from appliance.engines.llama.context import Context


def log_probability(logits: Any, token: int, vocabulary_size: int) -> float:
    """ln P(token) under the softmax of a C array of logits."""
    row = np.ctypeslib.as_array(logits, shape=(vocabulary_size,))
    top = float(row.max())
    total = float(np.exp(row - top, dtype=np.float64).sum())
    return float(row[token]) - top - math.log(total)


@dataclass
class _Node:
    """A token that all `sequences` have at `position`; `following` is asked of its logits."""

    token: int
    position: int
    sequences: list[int]
    following: dict[int, _Node] = field(default_factory=dict)
    asked: dict[int, list[int]] = field(default_factory=dict)  # candidates by their next token


class Scorer:
    """Scores candidates after what sequence 0 holds; sequence 0 is not touched.

    What candidates begin with alike is evaluated once, for all of them.
    """

    def __init__(self, context: Context, sequences: int) -> None:
        self._context = context
        self._beside = sequences - 1

    def score(self, base: Sequence[int], candidates: Sequence[Sequence[int]]) -> list[float]:
        """Sum of log-probabilities of each candidate's tokens; -inf for an empty one.

        Sequence 0 must begin with the tokens `base`, of which there is one at least.

        Raises:
            Aborted, ContextFullError: the other sequences are empty again.
        """
        totals: list[float] = []
        for begin in range(0, len(candidates), self._beside):
            totals += self._score_group(base, candidates[begin : begin + self._beside])
        return totals

    def _score_group(self, base: Sequence[int], candidates: Sequence[Sequence[int]]) -> list[float]:
        context = self._context
        totals = [0.0 if tokens else -math.inf for tokens in candidates]
        nodes = _tree(base[-1], len(base) - 1, candidates)
        used = range(1, len(candidates) + 1)
        limit = context.batch_size
        try:
            for sequence in used:
                context.copy(0, sequence, len(base) - 1)
            for begin in range(0, len(nodes), limit):
                part = nodes[begin : begin + limit]
                context.decode_rows(
                    [(node.token, node.position, tuple(node.sequences)) for node in part]
                )
                for row, node in enumerate(part):
                    self._add(totals, row, node)
        finally:
            for sequence in used:
                context.remove(sequence, 0)
        return totals

    def _add(self, totals: list[float], row: int, node: _Node) -> None:
        if not node.asked:
            return
        logits = self._context.logits(row)
        size = self._context.model.vocabulary_size
        for token, candidates in node.asked.items():
            gained = log_probability(logits, token, size)
            for index in candidates:
                totals[index] += gained


def _tree(last: int, position: int, candidates: Sequence[Sequence[int]]) -> list[_Node]:
    """All tokens but each candidate's last as a tree under the token `last`, parents first.

    Candidate n is sequence n + 1.
    """
    root = _Node(last, position, [n + 1 for n in range(len(candidates))])
    nodes = [root]
    for index, tokens in enumerate(candidates):
        node = root
        for depth, token in enumerate(tokens, 1):
            node.asked.setdefault(token, []).append(index)
            if depth == len(tokens):
                break
            following = node.following.get(token)
            if following is None:
                following = _Node(token, position + depth, [])
                node.following[token] = following
                nodes.append(following)
            following.sequences.append(index + 1)
            node = following
    return nodes
