"""The question being answered, or answered last: what the glass, the voice and the store need."""

from __future__ import annotations

from dataclasses import dataclass, field

from appliance.messages import Answered
from appliance.voice import Voice
from ui.reader import Reader


@dataclass(slots=True)
class Timing:
    """Moments of a turn on the monotonic clock, in seconds; None: has not come."""

    speech_ended: float | None = None
    heard: float | None = None
    sent: float | None = None
    first_token: float | None = None
    first_clause: float | None = None
    first_audio: float | None = None

    @staticmethod
    def _between(start: float | None, end: float | None) -> float | None:
        return None if start is None or end is None else end - start

    @property
    def recognition(self) -> float | None:
        return self._between(self.speech_ended, self.heard)

    @property
    def to_first_token(self) -> float | None:
        return self._between(self.sent, self.first_token)

    @property
    def to_first_clause(self) -> float | None:
        return self._between(self.sent, self.first_clause)

    def seconds(self) -> dict[str, float]:
        """What was measured, by name, for the record."""
        named = {
            "recognition": self.recognition,
            "first_token": self.to_first_token,
            "first_clause": self.to_first_clause,
            "first_audio": self.to_first_audio,
        }
        return {name: seconds for name, seconds in named.items() if seconds is not None}

    @property
    def to_first_audio(self) -> float | None:
        return self._between(self.sent, self.first_audio)


@dataclass(slots=True)
class Answer:
    """One turn. `text` is everything decoded; `kept` is set once the turn was stored."""

    turn: int
    question: str
    reader: Reader
    voice: Voice | None = None
    text: str = ""
    thought: str = ""
    prefilled: int = 0
    to_prefill: int = 0
    stats: Answered | None = None
    stopped: bool = False
    recalled: str = ""  # what was put behind the question for the model
    deterministic: bool = False  # answered without the model
    kept: bool = False
    fault: str = ""
    timing: Timing = field(default_factory=Timing)
