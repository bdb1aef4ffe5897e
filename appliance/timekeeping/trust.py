"""By what the time of day is to be trusted, as far as the kernel and its services tell.

A time that looks set may be wrong: timesyncd and fake-hwclock restore at boot what was saved last,
so after a night without power every alarm would ring hours late. Only what cannot be restored from
a file counts. Sources: systemd-timesyncd.service(8), /run/systemd/timesync/synchronized; the
kernel's Documentation/ABI/testing/rtc-cdev and sysfs-class-rtc (hctosys, since_epoch); tzset(3).
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from enum import Enum
from pathlib import Path

from appliance.clock import EARLIEST_YEAR

ROOT = Path("/")
SYNCHRONISED = "run/systemd/timesync/synchronized"
_AGREES = 120.0  # seconds between the kernel's clock chip and the system's time at most
_EARLIEST = time.mktime((EARLIEST_YEAR, 1, 1, 0, 0, 0, 0, 1, 0))


class Trust(Enum):
    """What vouches for the time."""

    NONE = "none"
    HOST = "host"  # a PC that only shows a box keeps its own time
    KERNEL_CHIP = "kernel-chip"  # /dev/rtc0 was sound when the kernel took the time from it
    OWN_CHIP = "own-chip"  # a DS3231 or PCF8563 on the box's own bus, its mark not set
    SYNCHRONISED = "synchronised"  # with a time server, in this boot
    USER = "user"  # set by keys, in this boot


def vouched_by_kernel(root: Path = ROOT) -> Trust:
    """What the kernel and timesyncd tell without any privilege."""
    if (root / SYNCHRONISED).exists():
        return Trust.SYNCHRONISED
    return Trust.KERNEL_CHIP if _kernel_chip_is_sound(root) else Trust.NONE


def _kernel_chip_is_sound(root: Path) -> bool:
    """Whether the time was taken from a clock chip that still agrees with it.

    Drivers refuse to tell the time of a chip that lost its supply (EINVAL). One without such a
    mark starts in the year of its making, far from what a file of the last shutdown restored.
    """
    for chip in sorted((root / "sys/class/rtc").glob("rtc*")):
        try:
            was_source = (chip / "hctosys").read_text(encoding="ascii").strip() == "1"
            since_epoch = float((chip / "since_epoch").read_text(encoding="ascii"))
        except (OSError, ValueError):
            continue
        if was_source and since_epoch > _EARLIEST and abs(since_epoch - time.time()) < _AGREES:
            return True
    return False


def zone_is_told(env: Mapping[str, str] = os.environ, root: Path = ROOT) -> bool:
    """Whether local time means anything here; where no zone is told it is UTC and says so."""
    return bool(env.get("TZ")) or (root / "etc/localtime").exists()
