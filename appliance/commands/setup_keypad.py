"""`lory setup` and the keypad: which USB pad is one, and what is printed on which key."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from pathlib import Path

from appliance.errors import LoryError
from drivers.bus import BusError
from drivers.keypad_relabelled import LABELS, write_layout
from drivers.keys import Key, Keypad

INPUT_BY_ID = Path("/dev/input/by-id")
SYS = Path("/sys")
ORDER = "123A456B789C*0#D"
"""In which the keys are asked for: row by row as on most pads."""
PATIENCE = 20.0
"""Seconds for one key before learning is given up."""

_LONG_BITS = 8 * struct.calcsize("@l")
_POLL = 0.01
_SURE = 3  # reads in a row that agree

# linux/input-event-codes.h
_LETTERS = (16, 30, 44)  # KEY_Q, KEY_A, KEY_Z
_PAD_DIGITS = (71, 72, 73, 75, 76, 77, 79, 80, 81, 82)
_ROW_DIGITS = tuple(range(2, 12))


class Fit(IntEnum):
    """How well an input device serves as the keypad; the higher, the better."""

    NO = 0  # no digits: power buttons, remote controls
    UNKNOWN = 1  # the kernel does not tell its keys
    KEYBOARD = 2  # letters and digits
    PAD = 3  # digits and no letters


def find_number_pads(folder: Path = INPUT_BY_ID, sys: Path = SYS) -> list[Path]:
    """The USB devices that serve best, by their lasting names; several where they are alike."""
    links = sorted(folder.glob("*-event-kbd")) if folder.is_dir() else []
    fits = {link: fit_of(link, sys) for link in links}
    best = max(fits.values(), default=Fit.NO)
    return [link for link, fit in fits.items() if fit is best and fit is not Fit.NO]


def fit_of(link: Path, sys: Path = SYS) -> Fit:
    """By the keys it has (sysfs `capabilities/key`), never by its name."""
    node = link.resolve().name
    try:
        words = (sys / "class/input" / node / "device/capabilities/key").read_text("ascii").split()
        keys = _bits(words)
    except (OSError, ValueError):
        return Fit.UNKNOWN
    if not any(all(keys >> key & 1 for key in digits) for digits in (_PAD_DIGITS, _ROW_DIGITS)):
        return Fit.NO
    has_letters = all(keys >> key & 1 for key in _LETTERS)
    return Fit.KEYBOARD if has_letters else Fit.PAD


def _bits(words: Sequence[str]) -> int:
    """Hexadecimal longs of this process, the highest first, without leading zeros."""
    keys = 0
    for word in words:
        keys = keys << _LONG_BITS | int(word, 16)
    return keys


class LearningError(LoryError):
    """Nobody pressed, or the pad does not tell its keys apart; nothing is changed."""


def learn_layout(
    pad: Keypad,
    prompt: Callable[[str], None],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """What is printed on each of the pad's sixteen codes, as `keypad.layout` has it.

    `prompt` gets the label of the key that is to be pressed next.

    Raises:
        LearningError: a key was not pressed in time, or two keys have one code.
    """
    labels: dict[Key, Key] = {}
    for label in ORDER:
        prompt(label)
        code = _pressed(pad, clock, sleep)
        if code in labels:
            other = LABELS[labels[code]]
            raise LearningError(f"{label} and {other} are one key")
        labels[code] = Key(LABELS.index(label))
    return write_layout([labels[Key(code)] for code in range(len(LABELS))])


def _pressed(pad: Keypad, clock: Callable[[], float], sleep: Callable[[float], None]) -> Key:
    """The next key that goes down, once it is up again."""
    deadline = clock() + PATIENCE
    seen: Key | None = None
    agreed = 0
    pressed: Key | None = None
    for key in _reads(pad, sleep):
        agreed = agreed + 1 if key == seen else 1
        seen = key
        if agreed >= _SURE:
            if pressed is None:
                pressed = key
            elif key is None:
                return pressed
        if clock() > deadline:
            raise LearningError("no key was pressed")
    raise AssertionError("reads never end")


def _reads(pad: Keypad, sleep: Callable[[float], None]) -> Iterator[Key | None]:
    while True:
        try:
            yield pad.read()
        except BusError:
            yield None
        sleep(_POLL)
