"""Who is meant: every utterance, answer and voice has an id, greater than all before."""

from __future__ import annotations


class TurnIds:
    """Gives ids out. Workers and dialogue drop what belongs to an id that was stopped."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        self.last += 1
        return self.last
