"""What can be asked of the clock and the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Of(Enum):
    """What of a day is wanted; its value is the name of the intent."""

    DATE = "date"
    LUNAR = "lunar"
    WEEK = "week"
    DAY_OF_YEAR = "day-of-year"
    TERM = "term"
    NEXT_TERM = "next-term"


@dataclass(frozen=True, slots=True)
class Time:
    """The time of day; in a city, by its time zone (IANA) and the name it was asked by."""

    zone: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """Something of a day. `name`: what it was asked by, where that is more than a date."""

    day: date
    of: Of = Of.DATE
    name: str = ""


@dataclass(frozen=True, slots=True)
class DaysBetween:
    """How many days from `first` to `last`. `name` of the last, as it was asked."""

    first: date
    last: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class Year:
    """Which year it is; `zodiac`: its animal as well."""

    year: int
    zodiac: bool = False


@dataclass(frozen=True, slots=True)
class FreeDays:
    """Which days are free of work at a festival: decreed each year, and not known here."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A day there is not, or out of reach of the tables."""


@dataclass(frozen=True, slots=True)
class Unset:
    """The clock is not set: nothing of today is known. `intent` is what was asked."""

    intent: str


Question = Time | Day | DaysBetween | Year | FreeDays | Unknown | Unset


def intent_of(question: Question) -> str:
    """The name of what is asked."""
    match question:
        case Time(zone):
            return "city" if zone else "time"
        case Day(_, of):
            return "term" if of is Of.NEXT_TERM else of.value
        case DaysBetween():
            return "days"
        case Year(_, zodiac):
            return "zodiac" if zodiac else "date"
        case FreeDays():
            return "holiday"
        case Unset(intent):
            return intent
    return "date"
