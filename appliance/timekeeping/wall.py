"""The time of day as the box goes by it: the system's, or a better one that was told in this boot.

The box may not set the system's clock. What the user or a clock chip on its own bus says is kept
as an anchor: this moment at that second since the boot. The root helper, where there is one, sets
the system's clock as well; then the anchor goes and only the word of honour stays.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from appliance.clock import EARLIEST_YEAR
from appliance.durable import replace_text
from appliance.timekeeping import boot
from appliance.timekeeping.trust import Trust, vouched_by_kernel

log = logging.getLogger("lory.wall")

SetClock = Callable[[datetime], bool]
"""Sets the system's clock to a moment with a zone; False: it could not."""


class Anchor(msgspec.Struct, frozen=True):
    """`moment` (seconds of the epoch, UTC) was when `at` seconds had passed since the boot."""

    moment: float
    at: float


class Kept(msgspec.Struct, frozen=True):
    """What is known of the time in the boot named so; void in any other."""

    boot: str
    anchor: Anchor | None


class WallTime:
    """An `appliance.clock.WallClock` that knows by what it is to be trusted.

    `file` keeps what the user set, for this boot. `set_system` asks the helper and may block: it
    runs on a thread of its own. `host`: a PC that only shows a box, whose time is its own affair.
    Methods may be called from any thread.
    """

    def __init__(
        self,
        file: Path,
        set_system: SetClock,
        *,
        host: bool = False,
        root: Path = boot.ROOT,
        since_boot: Callable[[], float] = boot.seconds,
        system: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._file = file
        self._set_system = set_system
        self._host = host
        self._root = root
        self._since_boot = since_boot
        self._system = system
        self._boot = boot.boot_id(root)
        self._lock = threading.Lock()
        self._anchor, self._told = self._restored()

    def __call__(self) -> datetime | None:
        """Local time with its offset from UTC; None while the clock was never set."""
        now = self.utc().astimezone()
        return now if now.year >= EARLIEST_YEAR else None

    def utc(self) -> datetime:
        """This moment, set or not."""
        anchor = self._anchor
        if anchor is None:
            return self._system()
        seconds = anchor.moment + self._since_boot() - anchor.at
        return datetime.fromtimestamp(seconds, UTC)

    @property
    def trust(self) -> Trust:
        """What vouches for the time now; it may only become better in one boot."""
        if self._host:
            return Trust.HOST
        if self._told is not Trust.NONE:
            return self._told
        return vouched_by_kernel(self._root)

    def told_by_chip(self, moment: datetime, at: float) -> None:
        """A sound chip on the box's own bus said `moment` (UTC) `at` seconds after the boot.

        What the user set or a server gave in this boot is newer and stays.
        """
        known = self._told is Trust.USER or vouched_by_kernel(self._root) is Trust.SYNCHRONISED
        if not known and not self._host:
            self._believe(Anchor(moment.timestamp(), at), Trust.OWN_CHIP)

    def set(self, moment: datetime) -> None:
        """The user says what time it is. `moment` carries its zone."""
        self._believe(Anchor(moment.timestamp(), self._since_boot()), Trust.USER)
        log.info("the time was set to %s", moment.isoformat(timespec="seconds"))

    def _believe(self, anchor: Anchor, trust: Trust) -> None:
        self._anchor, self._told = anchor, trust
        self._keep()
        if abs((self.utc() - self._system()).total_seconds()) >= 1.0 or trust is Trust.USER:
            threading.Thread(
                target=self._set, args=(anchor,), name="set-clock", daemon=True
            ).start()

    def _set(self, anchor: Anchor) -> None:
        """Let the system go by it too; from then on its clock counts, which can be disciplined."""
        if not self._set_system(self.utc()):
            return
        with self._lock:
            if self._anchor is not anchor:
                return  # set again meanwhile
            if abs((self.utc() - self._system()).total_seconds()) < 2.0:
                self._anchor = None
        self._keep()

    def _keep(self) -> None:
        if self._told is not Trust.USER:
            return
        with self._lock:
            kept = Kept(self._boot, self._anchor)
        try:
            replace_text(self._file, msgspec.json.encode(kept).decode())
        except OSError as error:
            log.error("the time that was set is not kept for a restart of the box: %s", error)

    def _restored(self) -> tuple[Anchor | None, Trust]:
        try:
            kept = msgspec.json.decode(self._file.read_bytes(), type=Kept)
        except FileNotFoundError:
            return None, Trust.NONE
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            log.warning("what was kept of the time cannot be read: %s", error)
            return None, Trust.NONE
        if not self._boot or kept.boot != self._boot:
            return None, Trust.NONE
        return kept.anchor, Trust.USER
