"""Asks the clock chip once after power-on, and sets it when the user has set the time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from enum import Enum

from drivers.bus import BusError, I2CBus
from drivers.rtc import RealTimeClock, find

ABSENT_INTERVAL = 300.0
"""Seconds until a chip that did not answer is looked for again."""
TRIES = 3
"""Transfers that fail before a chip that must be set is given up until the next look."""

log = logging.getLogger("lory.rtc")


class Kept(Enum):
    """What the chip says of its time."""

    UNKNOWN = "unknown"  # not asked yet, or no chip answers
    SOUND = "sound"
    LOST = "lost"


class RtcPoller:
    """A `drivers.arbiter.Task`; give it to the bus thread last.

    `kept`, `name` and `moment` (UTC, when it was read, and `read_at` on the bus's own clock) may
    be read by any thread. `on_read` is called on the bus thread after the first answer, and after
    each setting.
    """

    def __init__(self, bus: I2CBus, on_read: Callable[[], object] = lambda: None) -> None:
        self.on_read = on_read
        self.kept = Kept.UNKNOWN
        self.name = ""
        self.moment: datetime | None = None
        self.read_at = 0.0
        self._bus = bus
        self._chip: RealTimeClock | None = None
        self._wanted: Callable[[], datetime] | None = None
        self._tries = 0
        self._wake: Callable[[], None] = lambda: None

    def bind(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    def set(self, now: Callable[[], datetime]) -> None:
        """From any thread: take over what `now` (with a zone) says when it is written."""
        self._wanted, self._tries = now, 0
        self._wake()

    def run(self, at: float) -> float | None:
        """One look or one setting: some ten bytes each way."""
        if self._chip is None or self.kept is Kept.UNKNOWN:
            self._look(at)
        if self._chip is None:
            return at + ABSENT_INTERVAL
        return self._set(self._chip, at)

    def finish(self, now: float) -> bool:
        return False

    def _look(self, at: float) -> None:
        found = find(self._bus)
        if found is None:
            return
        kind, self._chip = found
        try:
            moment = self._chip.read()
        except BusError:
            self._chip = None
            return
        self.name, self.moment, self.read_at = kind.name, moment, at
        self.kept = Kept.LOST if moment is None else Kept.SOUND
        log.info("%s at 0x%02X: its time is %s", kind.name, kind.address, self.kept.value)
        self.on_read()

    def _set(self, chip: RealTimeClock, at: float) -> float | None:
        if self._wanted is None:
            return None
        try:
            chip.set(self._wanted())
        except (BusError, ValueError) as error:
            self._tries += 1
            log.warning("the clock chip could not be set: %s", error)
            if self._tries < TRIES:
                return at + 1.0
            self._wanted = None
            return None
        self._wanted = None
        self._look(at)
        return None
