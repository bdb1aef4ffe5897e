"""The I2C bus as every driver sees it; `linux_i2c` and `virtual.bus` implement it."""

from __future__ import annotations

from typing import Protocol


class BusError(OSError):
    """The bus failed: a part did not acknowledge, arbitration was lost, or a line is stuck."""


class DeviceNotFoundError(BusError):
    """No part acknowledged the address (ENXIO on Linux)."""


class BusTimeoutError(BusError):
    """A line is held low, or the adapter gave up (ETIMEDOUT, EIO on Linux)."""


class BusPermissionError(BusError):
    """This user may not open the adapter (EACCES)."""


class I2CBus(Protocol):
    """One adapter. Addresses are 7-bit. All methods raise `BusError`.

    `max_transfer` is the largest payload in bytes, address not counted, that one `write` or `read`
    may carry on this adapter (32 on SMBus-only adapters).
    """

    max_transfer: int

    def write(self, address: int, data: bytes) -> None: ...

    def read(self, address: int, length: int) -> bytes: ...

    def exchange(self, address: int, data: bytes, length: int) -> bytes:
        """Write, then read `length` bytes after a repeated START: nobody comes in between."""
        ...

    def close(self) -> None: ...
