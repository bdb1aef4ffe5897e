"""How the dialogue stands at one moment: what glass, keys and console are made from.

All of it is frozen. A picture that is drawn from one of these shows one moment and no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from appliance import messages as m
from appliance.dialogue.tables import Input, Turn
from appliance.supervision.team import Name
from appliance.workers.supervisor import Status


@dataclass(frozen=True, slots=True)
class Talking:
    """An utterance. `began` on the injected clock; `patience` for its first word, in seconds.

    `stable` leading characters of `partial` will not change. `hands_free`: nobody holds a key.
    """

    began: float
    patience: float
    partial: str
    stable: int
    hands_free: bool


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What was heard, until it is sent: at `deadline`, or (None) with D."""

    text: str
    began: float
    deadline: float | None


@dataclass(frozen=True, slots=True)
class Hears:
    """`level` is 0..1 of the microphone's meter."""

    talking: Talking | None
    review: Reviewed | None
    microphone_open: bool
    level: float


@dataclass(frozen=True, slots=True)
class Speaks:
    """Whether there is a voice and a way out for it, and what of a text it is at now.

    `clause` is a span of the text that is spoken, `fraction` how far of it all that is.
    """

    able: bool
    speaking: bool
    clause: tuple[int, int] | None
    fraction: float
    devices: m.AudioDevices


@dataclass(frozen=True, slots=True)
class Voiced:
    """Where the voice is in an answer; `turn` is its own. `again`: it reads it once more."""

    turn: int
    clause: tuple[int, int]
    again: bool


@dataclass(frozen=True, slots=True)
class Written:
    """What has come of an answer so far; its `draft` counts how often all was taken back.

    `footer`: a last small line; None while more may come. `done` of `total` tokens were read.
    """

    draft: int
    text: str
    thought: str
    footer: str | None
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer that is being given, or was given last. `shown`: the glass shows it."""

    turn: int
    question: str
    shown: bool
    written: Written
    voiced: Voiced | None


@dataclass(frozen=True, slots=True)
class Engine:
    """A worker. `loading` is how far its model is, 0..1; None where none loads.

    `waits_for` says what is being installed before it can start, in the user's language.
    """

    status: Status
    loading: float | None
    waits_for: str


@dataclass(frozen=True, slots=True)
class Situation:
    """All of it; `engines` are the workers, by name."""

    input: Input
    turn: Turn
    hears: Hears
    speaks: Speaks
    answer: Answered | None
    engines: Mapping[Name, Engine]
