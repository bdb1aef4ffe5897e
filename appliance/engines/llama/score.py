"""Log-probability of candidate sentences, on sequences beside the conversation's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from appliance.engines.llama.context import Context
from appliance.engines.llama.schedule import Timeline

_TRUNK, _TWIG = 1, 2
BRANCH_SEQUENCES = 3
"""Sequences that a `BranchScorer` needs, the conversation's included."""


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


class BranchScorer:
    """The same for a memory that cannot be taken back in part, one candidate after another.

    Sequence 1 is brought to the end of the base, from where sequence 2 reads each candidate.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._context = timeline.context

    def score(self, base: Sequence[int], candidates: Sequence[Sequence[int]]) -> list[float]:
        """As `Scorer.score`: sequence 0 must begin with the tokens `base`."""
        context = self._context
        try:
            held = self._timeline.branch(_TRUNK, len(base) - 1)
            self._read(base[held:-1], held, _TRUNK)
            return [self._score_one(base, tokens) for tokens in candidates]
        finally:
            context.remove(_TRUNK, 0)

    def _score_one(self, base: Sequence[int], tokens: Sequence[int]) -> float:
        if not tokens:
            return -math.inf
        try:
            self._context.copy(_TRUNK, _TWIG)
            return self._read([base[-1], *tokens[:-1]], len(base) - 1, _TWIG, tokens)
        finally:
            self._context.remove(_TWIG, 0)

    def _read(
        self, tokens: Sequence[int], position: int, sequence: int, asked: Sequence[int] = ()
    ) -> float:
        """Evaluate a run; the log-probabilities of what is `asked` of its rows, added up."""
        context, total = self._context, 0.0
        for begin in range(0, len(tokens), context.batch_size):
            part = tokens[begin : begin + context.batch_size]
            at = position + begin
            context.decode_rows([(token, at + row, (sequence,)) for row, token in enumerate(part)])
            for row, token in enumerate(asked[begin : begin + len(part)]):
                logits = context.logits(row)
                total += log_probability(logits, token, context.model.vocabulary_size)
        return total


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
