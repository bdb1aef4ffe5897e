"""A second opinion on the best sentences, asked for after a pause and taken if it is in time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ui.input.composition import Composition
from ui.input.model import UNIT

PAUSE: Final = 0.4  # seconds without a key before a second opinion is asked for
WEIGHT: Final = 1.2  # of the scorer against the engine; the development set is flat from 0.8 to 4
MIN_KEYS: Final = 6  # shorter input has no context to judge by


@dataclass(frozen=True, slots=True)
class RerankRequest:
    """Score these whole texts; answer with `Editor.rerank(request, logprobs)`.

    `revision` tells what was typed when it was asked for.
    """

    revision: int
    candidates: tuple[str, ...]
    costs: tuple[int, ...]


def request_for(composition: Composition, before: str, after: str) -> RerankRequest | None:
    """The sentences to score, with the text around them; None when there is nothing to ask."""
    if composition.chosen or len(composition.keys) < MIN_KEYS:
        return None
    found = composition.sentences()
    if len(found) < 2:
        return None
    texts = tuple(before + composition.text_of(path.words) + after for path in found)
    return RerankRequest(composition.revision, texts, tuple(path.cost for path in found))


def order_by(costs: Sequence[int], logprobs: Sequence[float], weight: float = WEIGHT) -> list[int]:
    """The order of the sentences by both judges: `costs` are the engine's (1/1024 log10),
    `logprobs` the scorer's (natural). ValueError when their numbers differ."""
    if len(costs) != len(logprobs):
        raise ValueError(f"{len(costs)} sentences but {len(logprobs)} scores")
    scale = weight * UNIT / math.log(10)
    total = [cost - scale * p for cost, p in zip(costs, logprobs, strict=True)]
    return sorted(range(len(total)), key=lambda n: (total[n], n))


class Pause:
    """Tells once that the keys have rested for `PAUSE`."""

    def __init__(self) -> None:
        self.deadline: float | None = None
        self._due = False

    def begin(self, now: float) -> None:
        """A key was pressed, and a second opinion would help."""
        self.deadline, self._due = now + PAUSE, False

    def cancel(self) -> None:
        """There is nothing to wait for."""
        self.deadline, self._due = None, False

    def tick(self, now: float) -> bool:
        """Whether the pause is over just now."""
        over = self.deadline is not None and now >= self.deadline
        if over:
            self.deadline, self._due = None, True
        return over

    def take(self) -> bool:
        """Whether the pause is over and was not told of yet."""
        due, self._due = self._due, False
        return due
