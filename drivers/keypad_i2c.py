"""The reference keypad: a 4×4 pad with its own controller on I2C, one code at a time."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from enum import Enum

from drivers.bus import BusError, I2CBus
from drivers.keys import Key

ADDRESS = 0x27
SCAN_COMMAND = b"\x03"
SETTLE = 0.001  # seconds between the command and the answer
NONE_DOWN = 16


class I2CKeypad:
    """`drivers.keys.Keypad` on the reference protocol.

    The host writes 0x03, waits 1 ms and reads one byte: 0–9 digits, 10–13 A–D, 14 `*`, 15 `#`,
    16 nothing pressed. The bus stays open at `close`: it was handed in.
    """

    def __init__(
        self,
        bus: I2CBus,
        address: int = ADDRESS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._bus = bus
        self._address = address
        self._sleep = sleep

    def read(self) -> Key | None:
        """Raises BusError when nothing answers, or any other byte comes."""
        code = read_code(self._bus, self._address, self._sleep)
        if code == NONE_DOWN:
            return None
        if code > NONE_DOWN:
            raise BusError(errno.EPROTO, f"keypad 0x{self._address:02X} answered 0x{code:02X}")
        return Key(code)

    def close(self) -> None:
        """Nothing to close."""


def read_code(bus: I2CBus, address: int, sleep: Callable[[float], None] = time.sleep) -> int:
    """The raw byte the pad answers. Raises BusError."""
    bus.write(address, SCAN_COMMAND)
    sleep(SETTLE)
    return bus.read(address, 1)[0]


class KeypadGuess(Enum):
    """What answers where the reference keypad should be."""

    REFERENCE = "reference keypad"
    PCF8574 = "PCF8574 port expander"
    UNKNOWN = "unknown part"


def identify(
    bus: I2CBus,
    address: int = ADDRESS,
    *,
    reads: int = 8,
    sleep: Callable[[float], None] = time.sleep,
) -> KeypadGuess:
    """Tell the reference pad from a PCF8574, which has the same address, with no key held.

    An idle pad answers 16 at least once. A PCF8574 takes the command as the state of its pins:
    P0 and P1 are let go and the others held low, so only those two can ever read as 1. Nothing
    but the reference command is written: an LCD may hang on the expander. Raises BusError.
    """
    codes = {read_code(bus, address, sleep) for _ in range(reads)}
    if NONE_DOWN in codes:
        return KeypadGuess.REFERENCE
    if all(code & ~SCAN_COMMAND[0] == 0 for code in codes):
        return KeypadGuess.PCF8574
    return KeypadGuess.UNKNOWN
