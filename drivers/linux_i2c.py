"""/dev/i2c-N through smbus2."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.bus import BusError, BusPermissionError, BusTimeoutError, DeviceNotFoundError, I2CBus

if TYPE_CHECKING:
    from smbus2 import SMBus

# Linux Documentation/i2c/fault-codes.rst. Adapters differ in what they say of a missing
# acknowledge (ENXIO, EREMOTEIO) and of a line that is held (ETIMEDOUT, ETIME, EIO), and some say
# the latter of the former: `drivers.detect` lives with that.
_NOT_ACKNOWLEDGED = {errno.ENXIO, errno.EREMOTEIO}
_TIMED_OUT = {errno.ETIMEDOUT, errno.ETIME, errno.EIO}
_FORBIDDEN = {errno.EACCES, errno.EPERM}
_TRY_AGAIN = {errno.EAGAIN, errno.EINTR}  # arbitration lost to another host; a signal
_ADAPTER_GONE = {errno.ENODEV, errno.EBADF}
_TRIES = 4

# Functionality bits (linux/i2c.h).
_FUNC_I2C = 0x00000001
_FUNC_WRITE_I2C_BLOCK = 0x08000000

_KERNEL_LIMIT = 8192  # i2c-dev.c refuses longer messages
_SMBUS_BLOCK = 32
_SMBUS_BYTE_DATA = 2


@dataclass(frozen=True, slots=True)
class Adapter:
    """An I2C adapter of this machine; `name` is the kernel's, empty where there is no sysfs."""

    path: str
    name: str


def list_adapters(dev: Path = Path("/dev"), sys: Path = Path("/sys")) -> list[Adapter]:
    """All /dev/i2c-N, by number. Opens nothing."""
    numbers = sorted(
        int(node.name.removeprefix("i2c-"))
        for node in dev.glob("i2c-*")
        if node.name.removeprefix("i2c-").isdecimal()
    )
    return [Adapter(str(dev / f"i2c-{number}"), _adapter_name(sys, number)) for number in numbers]


def _adapter_name(sys: Path, number: int) -> str:
    try:
        return (sys / f"class/i2c-dev/i2c-{number}/name").read_text().strip()
    except OSError:
        return ""


def probe(bus: I2CBus, address: int) -> bool:
    """Whether a part acknowledges `address`: reads one byte, writes nothing.

    Raises BusError for anything but a missing acknowledge.
    """
    try:
        bus.read(address, 1)
    except DeviceNotFoundError:
        return False
    return True


class LinuxI2CBus:
    """`drivers.bus.I2CBus` on a path such as /dev/i2c-1, or its number.

    Adapters without plain I2C are driven by SMBus transfers with the same bytes on the wire; they
    carry 32 bytes at most and read one at a time. Lost arbitration is tried again. A USB adapter
    that went away is opened again by the next transfer. The constructor raises BusError:
    BusPermissionError if this user may not open it, DeviceNotFoundError if it does not exist.
    """

    def __init__(self, adapter: str | int) -> None:
        self.path = f"/dev/i2c-{adapter}" if isinstance(adapter, int) else adapter
        self.is_smbus_only = False
        self.max_transfer = _KERNEL_LIMIT
        self._bus: SMBus | None = self._open()

    def write(self, address: int, data: bytes) -> None:
        self._check(len(data))
        self._transfer(address, lambda bus: self._write(bus, address, data))

    def read(self, address: int, length: int) -> bytes:
        self._check(length)
        if self.is_smbus_only and length > 1:
            raise BusError(errno.EOPNOTSUPP, f"{self.path} is SMBus-only: it reads single bytes")
        return self._transfer(address, lambda bus: self._read(bus, address, length))

    def exchange(self, address: int, data: bytes, length: int) -> bytes:
        self._check(len(data))
        self._check(length)
        if self.is_smbus_only and (len(data), length) != (1, 2):
            raise BusError(errno.EOPNOTSUPP, f"{self.path} is SMBus-only: it exchanges words")
        return self._transfer(address, lambda bus: self._exchange(bus, address, data, length))

    def close(self) -> None:
        if self._bus is not None:
            self._bus.close()
            self._bus = None

    def _open(self) -> SMBus:
        from smbus2 import SMBus

        bus = SMBus()
        try:
            bus.open(self.path)
        except OSError as error:
            bus.close()
            raise _bus_error(error, f"cannot open {self.path}") from error
        functions = int(bus.funcs)
        self.is_smbus_only = not functions & _FUNC_I2C
        if self.is_smbus_only:
            has_blocks = functions & _FUNC_WRITE_I2C_BLOCK
            self.max_transfer = _SMBUS_BLOCK if has_blocks else _SMBUS_BYTE_DATA
        return bus

    def _check(self, length: int) -> None:
        if not 1 <= length <= self.max_transfer:
            raise ValueError(f"{length} bytes; {self.path} carries 1 to {self.max_transfer}")

    def _transfer(self, address: int, act: Callable[[SMBus], bytes]) -> bytes:
        for attempt in range(1, _TRIES + 1):
            if self._bus is None:
                self._bus = self._open()
            try:
                return act(self._bus)
            except OSError as error:
                if error.errno in _TRY_AGAIN and attempt < _TRIES:
                    continue
                if error.errno in _ADAPTER_GONE:
                    self.close()
                raise _bus_error(error, f"{self.path} at 0x{address:02X}") from error
        raise AssertionError("the last attempt returns or raises")

    def _write(self, bus: SMBus, address: int, data: bytes) -> bytes:
        if not self.is_smbus_only:
            from smbus2 import i2c_msg

            bus.i2c_rdwr(i2c_msg.write(address, data))
        elif len(data) == 1:
            bus.write_byte(address, data[0])
        elif len(data) == 2:
            bus.write_byte_data(address, data[0], data[1])
        else:
            bus.write_i2c_block_data(address, data[0], list(data[1:]))
        return b""

    def _read(self, bus: SMBus, address: int, length: int) -> bytes:
        if self.is_smbus_only:
            return bytes((bus.read_byte(address),))
        from smbus2 import i2c_msg

        message = i2c_msg.read(address, length)
        bus.i2c_rdwr(message)
        return bytes(message)

    def _exchange(self, bus: SMBus, address: int, data: bytes, length: int) -> bytes:
        if self.is_smbus_only:
            # A word's first byte on the wire is its low one.
            return bus.read_word_data(address, data[0]).to_bytes(2, "little")
        from smbus2 import i2c_msg

        message = i2c_msg.read(address, length)
        bus.i2c_rdwr(i2c_msg.write(address, data), message)
        return bytes(message)


def _bus_error(error: OSError, where: str) -> BusError:
    """`error` as the kind of BusError it is, with the same errno."""
    number = error.errno or errno.EIO
    kind = BusError
    if number in _NOT_ACKNOWLEDGED or number == errno.ENOENT:
        kind = DeviceNotFoundError
    elif number in _TIMED_OUT:
        kind = BusTimeoutError
    elif number in _FORBIDDEN:
        kind = BusPermissionError
    return kind(number, f"{where}: {os.strerror(number)}")
