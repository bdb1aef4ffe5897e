"""The box's time of day: by what it is trusted, who is told when it is set, and both clocks."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from appliance.alarms.alarm import Moment, Steady
from appliance.helper.client import Helper
from appliance.timekeeping import boot
from appliance.timekeeping.trust import Trust
from appliance.timekeeping.wall import WallTime
from drivers.rtc_poller import Kept, RtcPoller

log = logging.getLogger("lory.clocks")

FILE = "clock.json"


class Clocks:
    """`wall` for whoever wants the time; `moment` for whoever must not be wrong about it.

    `host`: a PC that only shows a box. `chip`: a clock on the box's own bus. `on_set` is called on
    the loop when the time was set or found.
    """

    def __init__(self, state: Path, host: bool, chip: RtcPoller | None, helper: Helper) -> None:
        self.wall = WallTime(state / FILE, helper.set_clock, host=host)
        self.on_set: Callable[[], object] = lambda: None
        self._chip = chip
        self._helper = helper
        self._boot = boot.boot_id()

    @property
    def trusted(self) -> bool:
        """Whether anything vouches for the time of day."""
        return self.wall.trust is not Trust.NONE

    def moment(self) -> Moment:
        """Now, by both clocks."""
        now = self.wall() if self.trusted else None
        local = now.replace(tzinfo=None) if now is not None else None
        offset = (now.utcoffset() if now is not None else None) or timedelta()
        return Moment(local, Steady(self._boot, boot.seconds()), offset)

    def wake_at(self, moment: datetime | None) -> bool:
        """Let the board be powered on at a local time without a zone; None: not at all. Blocks.

        False where the board has no clock that wakes it, or nobody who may tell it so.
        """
        return self._helper.wake_at(moment.astimezone() if moment is not None else None)

    def was_set(self) -> None:
        """The user set the time: the chip keeps it, and alarms are looked at anew."""
        if self._chip is not None:
            self._chip.set(self.wall.utc)
        self.on_set()

    def chip_answered(self) -> None:
        """The chip was read for the first time, or after it was set: on the loop."""
        chip = self._chip
        if chip is None or chip.kept is not Kept.SOUND or chip.moment is None:
            return
        since = time.monotonic() - chip.read_at
        self.wall.told_by_chip(chip.moment, boot.seconds() - since)
        self.on_set()
