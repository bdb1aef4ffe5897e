"""A bus that is found by what hangs on it: the kernel numbers adapters as they come.

A USB adapter is /dev/i2c-11 today and -12 after it was replugged; an overlay renumbers the rest.
The configured number is asked first and is enough where the parts answer on it.
"""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from drivers.bus import BusError, BusPermissionError, DeviceNotFoundError, I2CBus
from drivers.linux_i2c import Adapter, LinuxI2CBus, list_adapters, probe

SEARCH_INTERVAL = 2.0
"""Seconds between two searches while no adapter has the parts."""
LOST_INTERVAL = 30.0
"""Seconds without an answer after which the other adapters are asked, though this one is there."""
_GONE = {errno.ENODEV, errno.ENOENT, errno.EBADF, errno.ENXIO}

T = TypeVar("T")

log = logging.getLogger("lory.bus")


class RoamingBus:
    """An `I2CBus` on `configured` (/dev/i2c-N), or on another adapter where `addresses` answer.

    Adapters of SMBus only are left alone unless configured: on a PC they lead to memory modules.
    The constructor raises what opening the configured adapter raised, where nothing better is
    found. `path` is where it is now; `on_move` is told, on the caller's thread, when that is not
    what was configured, or changes.
    """

    def __init__(
        self,
        configured: str,
        addresses: Collection[int],
        *,
        adapters: Callable[[], Sequence[Adapter]] = list_adapters,
        open_bus: Callable[[str], I2CBus] = LinuxI2CBus,
        clock: Callable[[], float] = time.monotonic,
        on_move: Callable[[str], None] = lambda path: None,
    ) -> None:
        self.path = configured
        self.on_move = on_move
        self._configured = configured
        self._addresses = tuple(addresses)
        self._adapters = adapters
        self._open_bus = open_bus
        self._clock = clock
        self._next_search = float("-inf")
        self._heard_at = clock()
        self._closed = False
        self.max_transfer = 0
        self._bus: I2CBus | None = self._find()

    def write(self, address: int, data: bytes) -> None:
        self._transfer(lambda bus: bus.write(address, data))

    def read(self, address: int, length: int) -> bytes:
        return self._transfer(lambda bus: bus.read(address, length))

    def exchange(self, address: int, data: bytes, length: int) -> bytes:
        return self._transfer(lambda bus: bus.exchange(address, data, length))

    def close(self) -> None:
        self._closed = True
        self._leave()

    def _transfer(self, act: Callable[[I2CBus], T]) -> T:
        bus = self._bus or self._search_again()
        try:
            done = act(bus)
        except BusError as error:
            self._suspect(error)
            raise
        self._heard_at = self._clock()
        return done

    def _suspect(self, error: BusError) -> None:
        """Leave an adapter that went away, and one that has been silent for long."""
        if error.errno in _GONE and not self._is_there(self.path):
            self._leave()
        elif self._clock() - self._heard_at > LOST_INTERVAL:
            self._heard_at = self._clock()
            self._leave()

    def _search_again(self) -> I2CBus:
        now = self._clock()
        if self._closed or now < self._next_search:
            raise DeviceNotFoundError(errno.ENODEV, f"{self.path} went away")
        self._next_search = now + SEARCH_INTERVAL
        self._bus = self._find()
        return self._bus

    def _is_there(self, path: str) -> bool:
        return any(adapter.path == path for adapter in self._adapters())

    def _leave(self) -> None:
        if self._bus is not None:
            self._bus.close()
            self._bus = None

    def _find(self) -> I2CBus:
        """The configured adapter if a part answers there, else another where one does."""
        refusal: BusError | None = None
        fallback: I2CBus | None = None
        try:
            fallback = self._open_bus(self._configured)
            if self._has_part(fallback):
                return self._take(self._configured, fallback)
        except BusError as error:
            refusal = error
        if isinstance(refusal, BusPermissionError):
            raise refusal
        for adapter in self._adapters():
            if adapter.path != self._configured and (bus := self._try(adapter.path)) is not None:
                if fallback is not None:
                    fallback.close()
                return self._take(adapter.path, bus)
        if fallback is None:
            assert refusal is not None
            raise refusal
        return self._take(self._configured, fallback)

    def _try(self, path: str) -> I2CBus | None:
        """This adapter, open, if it has one of the parts."""
        try:
            bus = self._open_bus(path)
        except BusError:
            return None
        if bus.max_transfer > 32 and self._has_part(bus):
            return bus
        bus.close()
        return None

    def _has_part(self, bus: I2CBus) -> bool:
        return any(_acknowledges(bus, address) for address in self._addresses)

    def _take(self, path: str, bus: I2CBus) -> I2CBus:
        if path != self.path:
            log.warning("the parts are on %s, not on %s", path, self._configured)
            self.path = path
            self.on_move(path)
        self.max_transfer = bus.max_transfer
        return bus


def _acknowledges(bus: I2CBus, address: int) -> bool:
    try:
        return probe(bus, address)
    except BusError:
        return False
