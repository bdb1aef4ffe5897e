"""A modelled DS3231: nineteen registers, a time that runs, a battery that can be taken out."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from drivers.clock_registers import CENTURY
from drivers.ds3231 import (
    CONTROL,
    OSCILLATOR_OFF,
    OSCILLATOR_STOPPED,
    SECONDS,
    STATUS,
    TWELVE_HOURS,
)

_POWER_ON = datetime(2000, 1, 1, tzinfo=UTC)
_LAST = 0x12
_YEAR = 0x06
_TEMPERATURE = 0x11


class VirtualDs3231:
    """Counts on `clock`, in seconds that never go back. New, it has lost its time: OSF is set.

    The time registers are copied at each START, as on the chip; writing the seconds begins a new
    second. `power_lost` is a battery taken out and put back: it counts from 2000.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._registers = bytearray(_LAST + 1)
        self._pointer = 0
        self._base = _POWER_ON
        self._since = 0.0
        self.power_lost()

    def power_lost(self) -> None:
        """Battery and supply were away; they are back."""
        self._registers[CONTROL] = 0x1C
        self._registers[STATUS] = 0x08 | OSCILLATOR_STOPPED
        self._registers[_TEMPERATURE] = 25
        self._begin(_POWER_ON)
        self._copy()

    def write(self, data: bytes) -> None:
        if not data:
            return
        self._copy()
        self._pointer = data[0] % (_LAST + 1)
        touched = False
        for byte in data[1:]:
            touched |= self._store(byte)
            self._pointer = (self._pointer + 1) % (_LAST + 1)
        if touched:
            self._begin(self._held())

    def read(self, length: int) -> bytes:
        self._copy()
        data = bytearray()
        for _ in range(length):
            data.append(self._registers[self._pointer])
            self._pointer = (self._pointer + 1) % (_LAST + 1)
        return bytes(data)

    def _store(self, byte: int) -> bool:
        """Whether the time was written."""
        register = self._pointer
        if register == STATUS:
            kept = self._registers[STATUS]
            # A flag is cleared by a 0 and left by a 1; only EN32kHz takes what is written.
            self._registers[STATUS] = (kept & byte & 0x83) | (byte & 0x08) | (kept & 0x04)
        elif register < _TEMPERATURE:
            self._registers[register] = byte
        return register <= _YEAR

    def _begin(self, moment: datetime) -> None:
        self._base, self._since = moment, self._clock()

    def _now(self) -> datetime:
        return self._base + timedelta(seconds=int(self._clock() - self._since))

    def _copy(self) -> None:
        """Set the time registers to this moment, hours in the mode they were written in."""
        now = self._now()
        century, year = divmod(now.year - 2000, 100)
        hours = _bcd(now.hour)
        if self._registers[2] & TWELVE_HOURS:
            hours = TWELVE_HOURS | (0x20 if now.hour >= 12 else 0) | _bcd(now.hour % 12 or 12)
        self._registers[SECONDS : _YEAR + 1] = bytes(
            (
                _bcd(now.second),
                _bcd(now.minute),
                hours,
                now.isoweekday(),
                _bcd(now.day),
                _bcd(now.month) | (CENTURY if century else 0),
                _bcd(year),
            )
        )

    def _held(self) -> datetime:
        """What the registers say. Raises ValueError for what is no time: a driver's mistake."""
        held = self._registers
        hour = int(f"{held[2] & 0x3F:02x}")
        if held[2] & TWELVE_HOURS:
            hour = int(f"{held[2] & 0x1F:02x}") % 12 + (12 if held[2] & 0x20 else 0)
        year = 2000 + int(f"{held[6]:02x}") + (100 if held[5] & CENTURY else 0)
        month, day = int(f"{held[5] & 0x1F:02x}"), int(f"{held[4]:02x}")
        minute, second = int(f"{held[1]:02x}"), int(f"{held[0]:02x}")
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)

    @property
    def rests_on_battery(self) -> bool:
        """Whether it would stop counting without its supply (EOSC)."""
        return bool(self._registers[CONTROL] & OSCILLATOR_OFF)


def _bcd(number: int) -> int:
    return int(str(number), 16)
