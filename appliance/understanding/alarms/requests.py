"""What can be asked of alarms, timers and reminders. Plain data: nothing here is done yet.

Times are local wall-clock times without a zone. `seconds` are of the steady clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum

from appliance.understanding.recurrence import Recurrence
from appliance.understanding.settled import Impossible
from appliance.understanding.tokens import Part

LONGEST_TEXT = 80
"""Characters of what an alarm is for that are kept."""


class Kind(Enum):
    ALARM = "alarm"
    TIMER = "timer"
    REMINDER = "reminder"


@dataclass(frozen=True, slots=True)
class Set:
    """Ring at `due`, or in `seconds` by the steady clock (`due` is then when that will be, where
    the time is known); with `rule` again and again, `due` being the first time.

    `lead` seconds of it are already taken off `due`: what is meant is that much later. `moved`: the
    time that was said is over today. `text` is what for, in the user's words.
    """

    kind: Kind
    due: datetime | None
    seconds: int | None = None
    rule: Recurrence | None = None
    lead: int = 0
    text: str = ""
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Choose:
    """Either could be meant: ask which, on the glass with digits."""

    choices: tuple[Set, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """The time is not said: ask when. What was said of it is kept."""

    kind: Kind
    text: str = ""
    day: date | None = None
    part: Part | None = None
    rule: Recurrence | None = None
    lead: int = 0


@dataclass(frozen=True, slots=True)
class Refuse:
    """It cannot be set, and why."""

    kind: Kind
    reason: Impossible


@dataclass(frozen=True, slots=True)
class Which:
    """Which of those that are set. All that is given must hold; nothing given: the only one, the
    one that rings, or a question.

    `text` is part of what it is for, `seconds` how long it was set for, `times` the time of day it
    is due at (7:00 and 19:00 where 七点 was said), `day` the day it is due on, `nth` its place in
    the list from 1 (-1: the last), `latest`: the one set last, `soonest`: the next to ring.
    """

    kind: Kind | None = None
    every: bool = False
    text: str = ""
    seconds: int | None = None
    times: tuple[time, ...] = ()
    day: date | None = None
    days: frozenset[int] = frozenset()
    nth: int = 0
    latest: bool = False
    soonest: bool = False


@dataclass(frozen=True, slots=True)
class Cancel:
    which: Which


@dataclass(frozen=True, slots=True)
class ListThem:
    which: Which


@dataclass(frozen=True, slots=True)
class Remaining:
    which: Which


@dataclass(frozen=True, slots=True)
class Extend:
    """`seconds` more, or less where negative."""

    which: Which
    seconds: int


@dataclass(frozen=True, slots=True)
class Pause:
    which: Which


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on counting, or switch on again."""

    which: Which


@dataclass(frozen=True, slots=True)
class Rename:
    which: Which
    text: str


@dataclass(frozen=True, slots=True)
class Snooze:
    """Of what rings or just rang. `seconds` None: the usual time."""

    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class SkipNext:
    """The next time only; with `which.day` the one of that day."""

    which: Which


@dataclass(frozen=True, slots=True)
class Change:
    """Another time for one that is set."""

    which: Which
    to: Set | Choose | Missing | Refuse


@dataclass(frozen=True, slots=True)
class Missed:
    """What rang while nobody was there."""


Setting = Set | Choose | Missing | Refuse
Request = (
    Setting
    | Cancel
    | ListThem
    | Remaining
    | Extend
    | Pause
    | Resume
    | Rename
    | Snooze
    | SkipNext
    | Change
    | Missed
)

INTENTS: dict[type, str] = {
    **dict.fromkeys((Set, Choose, Missing, Refuse), "set"),
    **{Cancel: "cancel", ListThem: "list", Remaining: "remaining", Extend: "extend"},
    **{Pause: "pause", Resume: "resume", Rename: "rename", Snooze: "snooze"},
    **{SkipNext: "skip", Change: "change", Missed: "missed"},
}
"""What each is called where a name is wanted."""
