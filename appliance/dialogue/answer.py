"""The question being answered, or answered last: what the glass, the voice and the store need."""

from __future__ import annotations

from dataclasses import dataclass, field

from appliance.dialogue.timing import Timing
from appliance.dialogue.voice import Voice
from appliance.messages import Answered
from ui.reader import Reader


@dataclass(slots=True)
class Answer:
    """One turn. `text` is everything decoded; `kept` is set once the turn was stored."""

    turn: int
    question: str
    reader: Reader
    heard: bool = False  # the question was spoken
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
