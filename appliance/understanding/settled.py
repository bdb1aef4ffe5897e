"""What the times of a sentence can come to. Plain data: what is set needs no more of the rules.

Local wall-clock time without a zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from appliance.understanding.recurrence import Recurrence
from appliance.understanding.tokens import Part


class Impossible(Enum):
    """Why a time is none."""

    HOUR = "hour"
    DAY = "day"
    PAST = "past"
    NEGATIVE = "negative"
    FAR = "far"
    OFTEN = "often"
    UNSET = "unset"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class At:
    """`moved`: what was said is over for today, and the next one is meant."""

    due: datetime
    moved: bool = False


@dataclass(frozen=True, slots=True)
class In:
    """So many seconds from now, by the steady clock; `due` where the time is known."""

    seconds: int
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Again:
    """A rule, and its first time."""

    rule: Recurrence
    due: datetime


@dataclass(frozen=True, slots=True)
class Either:
    """Both could be meant."""

    choices: tuple[At | Again, ...]


@dataclass(frozen=True, slots=True)
class NoHour:
    """The hour is not said; `day` where that is."""

    day: date | None = None
    part: Part | None = None
    rule: Recurrence | None = None


Settled = At | In | Again | Either | NoHour | Impossible
