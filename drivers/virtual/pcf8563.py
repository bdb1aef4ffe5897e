"""A modelled PCF8563: sixteen registers, a time that runs, a supply that can fail."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from drivers.clock_registers import CENTURY
from drivers.pcf8563 import CONTROL, SECONDS, STOPPED, VOLTAGE_LOW

_POWER_ON = datetime(2000, 1, 1, tzinfo=UTC)
_SIZE = 0x10
_YEAR = 0x08


class VirtualPcf8563:
    """Counts on `clock`, in seconds that never go back. New, it has lost its time: VL is set.

    Bits that the chip does not implement read as 1s here (the data sheet: undefined), so that a
    driver that forgets to mask them is found out.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._registers = bytearray(_SIZE)
        self._pointer = 0
        self._base = _POWER_ON
        self._since = 0.0
        self._low = True
        self.power_lost()

    def power_lost(self) -> None:
        """The supply fell below what keeps the time; it is back."""
        self._registers[CONTROL] = 0x00
        self._low = True
        self._begin(_POWER_ON)

    def write(self, data: bytes) -> None:
        if not data:
            return
        was_stopped = bool(self._registers[CONTROL] & STOPPED)
        now = self._now()
        held = bytearray(_time(now))
        self._pointer = data[0] % _SIZE
        touched = False
        for byte in data[1:]:
            if SECONDS <= self._pointer <= _YEAR:
                held[self._pointer - SECONDS] = byte
                touched = True
                if self._pointer == SECONDS:
                    self._low = bool(byte & VOLTAGE_LOW)
            else:
                self._registers[self._pointer] = byte
            self._pointer = (self._pointer + 1) % _SIZE
        stopped = bool(self._registers[CONTROL] & STOPPED)
        if touched or stopped != was_stopped:
            self._begin(_moment(bytes(held)) if touched else now)

    def read(self, length: int) -> bytes:
        held = bytes(self._registers[:SECONDS]) + self._shown() + bytes(self._registers[9:])
        data = bytearray()
        for _ in range(length):
            data.append(held[self._pointer])
            self._pointer = (self._pointer + 1) % _SIZE
        return bytes(data)

    def _begin(self, moment: datetime) -> None:
        self._base, self._since = moment, self._clock()

    def _now(self) -> datetime:
        if self._registers[CONTROL] & STOPPED:
            return self._base
        return self._base + timedelta(seconds=int(self._clock() - self._since))

    def _shown(self) -> bytes:
        seconds, minutes, hours, days, weekday, month, year = _time(self._now())
        low = VOLTAGE_LOW if self._low else 0
        return bytes(
            (
                seconds | low,
                minutes | 0x80,
                hours | 0xC0,
                days | 0xC0,
                weekday | 0xF8,
                month | 0x60,
                year,
            )
        )


def _time(moment: datetime) -> bytes:
    century, year = divmod(moment.year - 2000, 100)
    return bytes(
        (
            _bcd(moment.second),
            _bcd(moment.minute),
            _bcd(moment.hour),
            _bcd(moment.day),
            moment.isoweekday() % 7,
            _bcd(moment.month) | (CENTURY if century else 0),
            _bcd(year),
        )
    )


def _moment(held: bytes) -> datetime:
    """What was written. Raises ValueError for what is no time: a driver's mistake."""
    year = 2000 + int(f"{held[6]:02x}") + (100 if held[5] & CENTURY else 0)
    month, day = int(f"{held[5] & 0x1F:02x}"), int(f"{held[3] & 0x3F:02x}")
    hour, minute = int(f"{held[2] & 0x3F:02x}"), int(f"{held[1] & 0x7F:02x}")
    return datetime(year, month, day, hour, minute, int(f"{held[0] & 0x7F:02x}"), tzinfo=UTC)


def _bcd(number: int) -> int:
    return int(str(number), 16)
