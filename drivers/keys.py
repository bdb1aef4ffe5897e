"""The sixteen keys and what a keypad driver says of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Protocol


class Key(IntEnum):
    """A key of the pad; the value is the code the reference keypad (I2C 0x27) reports."""

    D0 = 0
    D1 = 1
    D2 = 2
    D3 = 3
    D4 = 4
    D5 = 5
    D6 = 6
    D7 = 7
    D8 = 8
    D9 = 9
    A = 10
    B = 11
    C = 12
    D = 13
    STAR = 14
    HASH = 15

    @property
    def is_digit(self) -> bool:
        return self <= Key.D9


class Edge(Enum):
    """What happened to a key."""

    PRESS = "press"
    LONG = "long"  # held for `Timing.long_press`
    REPEAT = "repeat"  # still held after LONG, at `Timing.repeat` intervals
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """One edge of one key; `at` is in seconds of the monotonic clock."""

    key: Key
    edge: Edge
    at: float


class Keypad(Protocol):
    """A part that tells which single key is down.

    `read` returns the key that is down now, or None. It blocks for one bus transfer at most and
    raises `drivers.bus.BusError` when the part does not answer or answers nonsense.
    """

    def read(self) -> Key | None: ...

    def close(self) -> None: ...
