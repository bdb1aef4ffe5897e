"""DS3231 real-time clock with its own crystal, on I2C.

Source: Maxim DS3231 datasheet, "Address Map" (table 1), "Control Register (0Eh)", "Status
Register (0Fh)", "Hours". The register pointer counts up over a whole transfer, and the time is
copied to a second set of registers at START, so that one read is one moment.
"""

from __future__ import annotations

from datetime import datetime

from drivers import bcd, clock_registers
from drivers.bus import BusError, I2CBus

ADDRESS = 0x68

SECONDS, CONTROL, STATUS = 0x00, 0x0E, 0x0F
OSCILLATOR_STOPPED = 0x80  # OSF in the status register: at some time it did not count
OSCILLATOR_OFF = 0x80  # EOSC, active low, in the control register: it rests on battery
TWELVE_HOURS, AFTERNOON = 0x40, 0x20


class DS3231:
    """One chip. `read` gives None while OSF is set; `set` clears it."""

    def __init__(self, bus: I2CBus, address: int = ADDRESS) -> None:
        self._bus = bus
        self._address = address

    def read(self) -> datetime | None:
        """The time in UTC, None if it was lost.

        Raises:
            BusError: nothing answers, or the registers hold no time: another chip.
        """
        status = self._bus.exchange(self._address, bytes((STATUS,)), 1)[0]
        held = self._bus.exchange(self._address, bytes((SECONDS,)), 7)
        try:
            moment = _moment(held)
        except ValueError as error:
            if status & OSCILLATOR_STOPPED:
                return None
            raise BusError(f"no clock at 0x{self._address:02X}: {error}") from error
        return None if status & OSCILLATOR_STOPPED else moment

    def set(self, moment: datetime) -> None:
        """Count on from `moment`, on battery too, and clear OSF last: a half-set clock is lost.

        Raises:
            BusError: nothing answers.
            ValueError: no zone, or a year outside 2000-2199.
        """
        self._bus.write(self._address, bytes((SECONDS, *_registers(moment))))
        self._change(CONTROL, clear=OSCILLATOR_OFF)
        self._change(STATUS, clear=OSCILLATOR_STOPPED)

    def _change(self, register: int, *, clear: int) -> None:
        before = self._bus.exchange(self._address, bytes((register,)), 1)[0]
        self._bus.write(self._address, bytes((register, before & ~clear & 0xFF)))


def _moment(held: bytes) -> datetime:
    return clock_registers.moment(held[4], held[5], held[6], _hour(held[2]), held[1], held[0])


def _hour(register: int) -> int:
    if not register & TWELVE_HOURS:
        return bcd.decode(register)
    hour = bcd.decode(register & 0x1F)
    if not 1 <= hour <= 12:
        raise ValueError(f"{hour} is no hour of twelve")
    return hour % 12 + (12 if register & AFTERNOON else 0)


def _registers(moment: datetime) -> bytes:
    """Seconds to year. The day of the week is the user's to number: ISO's, Monday 1."""
    utc = clock_registers.in_utc(moment)
    days = (utc.isoweekday(), bcd.encode(utc.day))
    return bytes((*clock_registers.time_of_day(utc), *days, *clock_registers.month_and_year(utc)))
