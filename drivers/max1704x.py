"""MAX17040/41/43/44/48/49 fuel gauges: the battery's voltage and charge over I2C.

Sources: Maxim MAX17043/MAX17044 and MAX17048/MAX17049 datasheets, "Register Summary". Registers
are 16 bits, the high byte first, and are read after a repeated START.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.bus import BusError, I2CBus

ADDRESS = 0x36

VCELL = 0x02
SOC = 0x04
VERSION = 0x08
CRATE = 0x16

_CRATE_SINCE = 0x0010  # versions of the 48 and 49; the older chips have no such register
_VOLTS = 78.125e-6  # per LSB of VCELL and cell; the older chips leave the low four bits 0
_PERCENT_PER_HOUR = 0.208  # per LSB of CRATE, signed
_STEADY = 0.5  # % per hour, below which the battery neither charges nor discharges
_PLAUSIBLE = (2.0, 5.0)  # volts of a lithium cell


@dataclass(frozen=True, slots=True)
class Charge:
    """`percent` in 0..100, `volts` of a cell; `charging` None: the chip does not tell."""

    percent: float
    volts: float
    charging: bool | None


class Max1704x:
    """One gauge. It measures by itself and needs no setting up."""

    def __init__(self, bus: I2CBus, address: int = ADDRESS) -> None:
        self._bus = bus
        self._address = address

    def read(self) -> Charge:
        """What the battery holds now.

        Raises:
            BusError: nothing answers, or what answers is no gauge with a battery.
        """
        version = self._register(VERSION)
        volts = self._register(VCELL) * _VOLTS
        if not _PLAUSIBLE[0] <= volts <= _PLAUSIBLE[1]:
            raise BusError(f"a cell of {volts:.2f} V at 0x{self._address:02X}")
        # Beyond full is what the model of the battery makes of a charger.
        percent = min(100.0, self._register(SOC) / 256)
        return Charge(percent, volts, self._charging(version))

    def _charging(self, version: int) -> bool | None:
        if version < _CRATE_SINCE:
            return None
        raw = self._register(CRATE)
        rate = (raw - 0x10000 if raw & 0x8000 else raw) * _PERCENT_PER_HOUR
        return rate > -_STEADY

    def _register(self, number: int) -> int:
        return int.from_bytes(self._bus.exchange(self._address, bytes((number,)), 2))
