"""What the scanner finds: each token has its span in the text, and what it means.

Spans are half open and count characters. Times of day are those of the place; how they meet a date
is decided in `appliance.understanding.moments`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Token:
    """Anything found. `text[start:end]` is what was said."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Number(Token):
    """`spelled`: digit by digit (二零二六, 110). `approximate`: 两三, 五六. `ordinal`: 第三."""

    value: Fraction
    spelled: bool = False
    approximate: bool = False
    ordinal: bool = False

    @property
    def whole(self) -> bool:
        return self.value.denominator == 1


@dataclass(frozen=True, slots=True)
class Duration(Token):
    """A length of time: `months` of the calendar, and `seconds` (a week and a day count here)."""

    seconds: int
    months: int = 0

    @property
    def days(self) -> int | None:
        """Whole days where it is nothing else."""
        days, rest = divmod(self.seconds, 86400)
        return days if days and not rest and not self.months else None


@dataclass(frozen=True, slots=True)
class After(Token):
    """From now on: 过两个钟头, 半小时后, in ten minutes."""

    span: Duration


@dataclass(frozen=True, slots=True)
class Before(Token):
    """十分钟前, ten minutes ago: of now, or of something that is named before it."""

    span: Duration


@dataclass(frozen=True, slots=True)
class Lead(Token):
    """So long before what is meant: 提前二十分钟, twenty minutes early."""

    span: Duration


@dataclass(frozen=True, slots=True)
class Vague(Token):
    """A time that nobody can compute: 一会儿, 过几分钟, later."""


class Part(Enum):
    """Part of the day; what an hour without one means is settled by it."""

    DAWN = "dawn"  # 凌晨
    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"  # 半夜, 夜里


@dataclass(frozen=True, slots=True)
class PartOfDay(Token):
    part: Part


@dataclass(frozen=True, slots=True)
class Clock(Token):
    """A time of day as it was said. `exact`: on 24 hours (19:30, 7 pm), else 1 to 12 may be both.

    `hour` may be impossible (25点): what it means is refused later, in words.
    """

    hour: int
    minute: int = 0
    second: int = 0
    part: Part | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class DayOffset(Token):
    """Days from today: 明天 is 1, 昨天 -1."""

    days: int


@dataclass(frozen=True, slots=True)
class Weekday(Token):
    """`day` 0 is Monday. `week` 0: this week, 1: the next; None: the next such day."""

    day: int
    week: int | None = None


@dataclass(frozen=True, slots=True)
class CalendarDay(Token):
    """`month` None: of this month, moved by `months`. `year` None: the next such day.
    `years`: from this year. `day` -1: the last of the month."""

    month: int | None
    day: int
    year: int | None = None
    months: int | None = None
    years: int | None = None


@dataclass(frozen=True, slots=True)
class LunarDay(Token):
    """A day of the Chinese calendar. `day` -1: the last of the month. `leap`: of a leap month."""

    month: int
    day: int
    leap: bool = False
    years: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Festival(Token):
    """A named day: its key in `appliance.understanding.festivals`. `offset` days from it."""

    name: str
    years: int | None = None
    year: int | None = None
    offset: int = 0


DateToken = DayOffset | Weekday | CalendarDay | LunarDay | Festival


class Every(Enum):
    """What repeats."""

    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"
    YEAR = "YEARLY"
    SPAN = "SPAN"


@dataclass(frozen=True, slots=True)
class Repeat(Token):
    """`days` of the week (0 is Monday), `day` of the month (-1: the last), `month` of the year,
    `interval`: every so many days, weeks or months; of `SPAN`, seconds."""

    every: Every
    days: frozenset[int] = frozenset()
    day: int = 0
    month: int = 0
    interval: int = 1
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Except(Token):
    """Days of the week that are left out: 除了周末."""

    days: frozenset[int]
