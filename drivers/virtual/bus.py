"""A modelled I2C bus: routes transfers to modelled parts, counts wire time, injects faults."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from drivers.bus import BusTimeoutError, DeviceNotFoundError

BITS_PER_BYTE = 9  # eight data bits and the acknowledge (UM10204 section 3.1.5)
START_AND_STOP = 2  # one bit time each


class Part(Protocol):
    """A chip on the bus. `write` sees the bytes it acknowledged, one call per transfer."""

    def write(self, data: bytes) -> None: ...

    def read(self, length: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Transfer:
    """One START … STOP as it went over the wire; `at` is wire seconds at its START."""

    at: float
    address: int
    is_read: bool
    data: bytes
    acknowledged: bool


class VirtualBus:
    """An `I2CBus` whose wire time is counted at `speed_hz` and slept only if `real_time`.

    `wire_time` is in seconds, `bytes_on_wire` counts address bytes too, `transfers` counts
    START … STOP. With `record`, `trace` keeps every transfer. `sleep` gets wire seconds.
    """

    def __init__(
        self,
        speed_hz: int = 400_000,
        *,
        real_time: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        max_transfer: int = 8192,
        record: bool = False,
    ) -> None:
        self.speed_hz = speed_hz
        self.max_transfer = max_transfer
        self.wire_time = 0.0
        self.bytes_on_wire = 0
        self.transfers = 0
        self.stuck = False
        self.closed = False
        self.trace: list[Transfer] = []
        self._record = record
        self._sleep = sleep if real_time else None
        self._parts: dict[int, Part] = {}
        self._byte_faults: dict[int, _ByteFault] = {}

    def attach(self, address: int, part: Part) -> None:
        """Plug `part` in at the 7-bit `address`."""
        self._parts[address] = part

    def detach(self, address: int) -> None:
        """Unplug what is at `address`; it acknowledges nothing from now on."""
        self._parts.pop(address, None)

    def nack_every(self, address: int, nth: int, times: int | None = None) -> None:
        """Refuse every `nth` data byte written to `address`, counted over transfers.

        After `times` refusals (never, if None) the part behaves again.
        """
        self._byte_faults[address] = _ByteFault(nth, times)

    def heal(self) -> None:
        """End all faults; parts that were detached stay detached."""
        self._byte_faults.clear()
        self.stuck = False

    def write(self, address: int, data: bytes) -> None:
        self._check(address, len(data))
        started = self.wire_time
        part = self._part(address, is_read=False)
        fault = self._byte_faults.get(address)
        accepted = fault.accepts(len(data)) if fault else len(data)
        complete = accepted == len(data)
        self._spend(accepted if complete else accepted + 1)
        self._note(started, address, False, data, complete)
        part.write(data[:accepted])
        if not complete:
            raise DeviceNotFoundError(errno.ENXIO, f"0x{address:02X} refused byte {accepted + 1}")

    def read(self, address: int, length: int) -> bytes:
        self._check(address, length)
        started = self.wire_time
        data = self._part(address, is_read=True).read(length)
        self._spend(length)
        self._note(started, address, True, data, True)
        return data

    def exchange(self, address: int, data: bytes, length: int) -> bytes:
        """A write and a read in one transfer; a fault that strikes the write ends it there."""
        self.write(address, data)
        self.transfers -= 1  # the repeated START stands for STOP and START
        return self.read(address, length)

    def close(self) -> None:
        self.closed = True

    def _check(self, address: int, length: int) -> None:
        if self.closed:
            raise ValueError("the bus is closed")
        if not 0x08 <= address <= 0x77:
            raise ValueError(f"not a 7-bit address: 0x{address:02X}")
        if not 1 <= length <= self.max_transfer:
            raise ValueError(f"{length} bytes; this adapter carries 1 to {self.max_transfer}")

    def _part(self, address: int, *, is_read: bool) -> Part:
        if self.stuck:
            raise BusTimeoutError(errno.ETIMEDOUT, "SDA is held low")
        part = self._parts.get(address)
        if part is None:
            self._note(self.wire_time, address, is_read, b"", False)
            self._spend(0)
            raise DeviceNotFoundError(errno.ENXIO, f"nothing acknowledges 0x{address:02X}")
        return part

    def _spend(self, data_bytes: int) -> None:
        seconds = (BITS_PER_BYTE * (1 + data_bytes) + START_AND_STOP) / self.speed_hz
        self.wire_time += seconds
        self.bytes_on_wire += 1 + data_bytes
        self.transfers += 1
        if self._sleep is not None:
            self._sleep(seconds)

    def _note(self, at: float, address: int, is_read: bool, data: bytes, ok: bool) -> None:
        if self._record:
            self.trace.append(Transfer(at, address, is_read, bytes(data), ok))


class _ByteFault:
    """Counts the bytes of one part and says which is refused."""

    def __init__(self, nth: int, times: int | None) -> None:
        self._nth = nth
        self._times = times
        self._seen = 0

    def accepts(self, length: int) -> int:
        """How many of the next `length` bytes are acknowledged."""
        if self._times == 0:
            return length
        until_refusal = self._nth - self._seen - 1
        if until_refusal >= length:
            self._seen += length
            return length
        self._seen = 0
        if self._times is not None:
            self._times -= 1
        return until_refusal
