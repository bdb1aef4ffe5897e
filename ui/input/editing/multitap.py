"""Multi-tap: one key pressed again and again goes through its characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MULTITAP: Final = 1.0  # seconds after which the next press begins a new letter


@dataclass
class Tap:
    """A character still being chosen: `choices[at]`, until `deadline` on the editor's clock."""

    key: int
    choices: str
    deadline: float
    at: int = 0

    def continues(self, key: int, choices: str, now: float) -> bool:
        """Whether a press of `key` now goes on with this character."""
        return key == self.key and choices == self.choices and now < self.deadline

    def next(self, now: float) -> str:
        """The character that comes with another press."""
        self.at = (self.at + 1) % len(self.choices)
        self.deadline = now + MULTITAP
        return self.choices[self.at]

    def left(self, now: float) -> float:
        """The fraction of the time-out that is left."""
        return max(0.0, min(1.0, (self.deadline - now) / MULTITAP))
