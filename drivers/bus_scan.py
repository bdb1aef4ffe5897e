"""Looking at a running bus: which addresses answer, without keeping its parts waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from drivers.bus import BusError, I2CBus
from drivers.detect import ALL_ADDRESSES, OUR_ADDRESSES
from drivers.linux_i2c import probe

_PAUSE_SECONDS = 0.002  # between two probes, so that the keypad's polls come in between


class BusScan:
    """A `drivers.arbiter.Task`, to be given last: one address is asked at a time."""

    def __init__(self, bus: I2CBus) -> None:
        is_smbus_only = bus.max_transfer <= 32
        self._bus = bus
        self._addresses: Sequence[int] = OUR_ADDRESSES if is_smbus_only else ALL_ADDRESSES
        self._left: Iterator[int] = iter(())
        self._found: list[int] = []
        self._wanted: Callable[[list[int]], None] | None = None
        self._then: Callable[[list[int]], None] | None = None
        self._wake: Callable[[], None] = lambda: None

    def bind(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    def request(self, then: Callable[[list[int]], None]) -> None:
        """From any thread: look once, and call `then` on the bus thread with what answered."""
        self._wanted = then
        self._wake()

    def run(self, now: float) -> float | None:
        if self._wanted is not None:
            self._then, self._wanted = self._wanted, None
            self._left, self._found = iter(self._addresses), []
        if self._then is None:
            return None
        address = next(self._left, None)
        if address is None:
            then, self._then = self._then, None
            then(self._found)
            return None
        try:
            if probe(self._bus, address):
                self._found.append(address)
        except BusError:
            pass  # a bus in trouble: the drivers of its parts tell
        return now + _PAUSE_SECONDS

    def finish(self, now: float) -> bool:
        return False
