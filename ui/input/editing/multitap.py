"""Multi-tap: one key pressed again and again goes through its characters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

MULTITAP: Final = 1.0  # seconds after which the next press begins a new letter


class MultiTap:
    """The character before the caret as long as another press of its key changes it.

    `deadline` tells until when, on the clock; None: nothing is being tapped.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._key = 0
        self._choices = ""
        self._at = 0
        self.deadline: float | None = None

    @property
    def pending(self) -> bool:
        """Whether a character may still change."""
        return self.deadline is not None

    @property
    def left(self) -> float | None:
        """The fraction of the time-out that is left; None: nothing is timed."""
        if self.deadline is None:
            return None
        return max(0.0, min(1.0, (self.deadline - self._clock()) / MULTITAP))

    def begin(self, key: int, choices: str) -> None:
        """This key wrote the first of its characters."""
        self._key, self._choices, self._at = key, choices, 0
        self.deadline = self._clock() + MULTITAP

    def again(self, key: int, choices: str) -> str | None:
        """The character that another press of this key puts in place of the one before the caret;
        None where it begins a new one."""
        now = self._clock()
        if self.deadline is None or now >= self.deadline:
            return None
        if (key, choices) != (self._key, self._choices):
            return None
        self._at = (self._at + 1) % len(choices)
        self.deadline = now + MULTITAP
        return choices[self._at]

    def end(self) -> None:
        """The character stands."""
        self.deadline = None

    def tick(self, now: float) -> bool:
        """Let time pass; True when the character stands from now on."""
        over = self.deadline is not None and now >= self.deadline
        if over:
            self.end()
        return over
