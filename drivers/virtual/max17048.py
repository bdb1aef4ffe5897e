"""A modelled MAX17048 fuel gauge: its registers, and a battery that is set by hand."""

from __future__ import annotations

from drivers.max1704x import CRATE, SOC, VCELL, VERSION

_VERSION = 0x0012
_MODE, _CONFIG, _STATUS, _COMMAND = 0x06, 0x0C, 0x1A, 0xFE
_WRITABLE = {_MODE, _CONFIG, _STATUS, _COMMAND}


class VirtualMax17048:
    """`percent` (0..100), `volts` and `rate` (% per hour, negative: discharging) may be set.

    A write sets the register pointer, a third byte on writes the register; a register that the
    chip only reads raises ValueError. A read goes on from the pointer.
    """

    def __init__(self, percent: float = 80.0, volts: float = 3.9, rate: float = -12.0) -> None:
        self.percent = percent
        self.volts = volts
        self.rate = rate
        self.version = _VERSION
        self._pointer = 0
        self._written: dict[int, int] = {_CONFIG: 0x971C}

    def write(self, data: bytes) -> None:
        if not data:
            return
        self._pointer = data[0]
        if len(data) >= 3:
            if self._pointer not in _WRITABLE:
                raise ValueError(f"register 0x{self._pointer:02X} is read only")
            self._written[self._pointer] = int.from_bytes(data[1:3])

    def read(self, length: int) -> bytes:
        data = bytearray()
        while len(data) < length:
            data += self._register(self._pointer).to_bytes(2)
            self._pointer = (self._pointer + 2) & 0xFF
        return bytes(data[:length])

    def _register(self, number: int) -> int:
        match number:
            case _ if number == VCELL:
                return round(self.volts / 78.125e-6) & 0xFFFF
            case _ if number == SOC:
                return round(self.percent * 256) & 0xFFFF
            case _ if number == VERSION:
                return self.version
            case _ if number == CRATE:
                return round(self.rate / 0.208) & 0xFFFF
        return self._written.get(number, 0xFFFF)
