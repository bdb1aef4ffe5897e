"""The question being answered, or answered last: what the glass, the voice and the store need."""

from __future__ import annotations

from dataclasses import dataclass, field

from appliance.dialogue.question import Question
from appliance.dialogue.timing import Timing
from appliance.dialogue.voice import Voice
from appliance.messages import Answered


@dataclass(slots=True, eq=False)
class Answer:
    """One turn. `text` is everything decoded; `kept` is set once the turn was stored.

    `remark` stands on the glass only, in the place of an answer that did not come. `footer` is the
    last small line, None while the answer grows. `draft` counts how often all of it was taken back
    for a thought.
    """

    turn: int
    question: Question
    voice: Voice | None = field(default=None, init=False)
    text: str = field(default="", init=False)
    thought: str = field(default="", init=False)
    remark: str = field(default="", init=False)
    footer: str | None = field(default=None, init=False)
    draft: int = field(default=0, init=False)
    prefilled: int = field(default=0, init=False)
    to_prefill: int = field(default=0, init=False)
    stats: Answered | None = field(default=None, init=False)
    stopped: bool = field(default=False, init=False)
    recalled: str = field(default="", init=False)  # what was put behind the question for the model
    deterministic: bool = field(default=False, init=False)  # answered without the model
    kept: bool = field(default=False, init=False)
    fault: str = field(default="", init=False)
    timing: Timing = field(default_factory=Timing, init=False)
