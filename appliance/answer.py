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
    kept: bool = False
    fault: str = ""
    timing: Timing = field(default_factory=Timing)

    @property
    def delivered(self) -> str:
        """What counts as said: with the voice, up to the last clause begun; else what was drawn.

        A turn that ran to its end was delivered whole.
        """
        if not self.stopped or self.voice is None or self.voice.done:
            return self.text
        return self.text[: self.voice.spoken_until]
