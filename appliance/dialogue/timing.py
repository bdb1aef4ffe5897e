"""How long a turn took, step by step, from the last word spoken to the first sound."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Step = Literal[
    "endpoint_wait", "recognition", "review", "first_token", "first_clause", "first_audio"
]


@dataclass(slots=True)
class Timing:
    """Moments of a turn on the monotonic clock, in seconds; None: has not come.

    `endpoint_wait` is a length: the silence it took to be sure that speech had ended.
    """

    endpoint_wait: float | None = field(default=None, init=False)
    speech_ended: float | None = field(default=None, init=False)
    heard: float | None = field(default=None, init=False)
    sent: float | None = field(default=None, init=False)
    first_token: float | None = field(default=None, init=False)
    first_clause: float | None = field(default=None, init=False)
    first_audio: float | None = field(default=None, init=False)

    @staticmethod
    def _between(start: float | None, end: float | None) -> float | None:
        return None if start is None or end is None else end - start

    @property
    def to_first_token(self) -> float | None:
        """From "send"."""
        return self._between(self.sent, self.first_token)

    def steps(self) -> dict[Step, float]:
        """Each step that was measured, in their order, from the end of the one before."""
        lengths: dict[Step, float | None] = {
            "endpoint_wait": self.endpoint_wait,
            "recognition": self._between(self.speech_ended, self.heard),
            "review": self._between(self.heard, self.sent),
            "first_token": self.to_first_token,
            "first_clause": self._between(self.first_token, self.first_clause),
            "first_audio": self._between(self.first_clause, self.first_audio),
        }
        return {step: seconds for step, seconds in lengths.items() if seconds is not None}

    @property
    def whole(self) -> float | None:
        """From the end of speech, or from "send" where it was typed, to the first sound.

        The review is the user's time and does not count.
        """
        if self.first_audio is None:
            return None
        return sum(seconds for step, seconds in self.steps().items() if step != "review")

    def seconds(self) -> dict[str, float]:
        """The steps and the whole, for the record."""
        seconds: dict[str, float] = dict(self.steps().items())
        if self.whole is not None:
            seconds["whole"] = self.whole
        return seconds

    def __str__(self) -> str:
        return ", ".join(f"{name} {seconds:.2f} s" for name, seconds in self.seconds().items())
