"""The system's clock and the kernel's clock chip, set by whoever has CAP_SYS_TIME.

Sources: clock_settime(2); rtc(4), RTC_SET_TIME and RTC_WKALM_SET; linux/rtc.h, struct rtc_time
(nine ints as in struct tm) and struct rtc_wkalrm (two bytes, then the time); asm-generic/ioctl.h.
"""

from __future__ import annotations

import fcntl
import logging
import os
import struct
import time
from pathlib import Path

CHIP = Path("/dev/rtc0")

_TIME = struct.Struct("=9i")
_ALARM = struct.Struct("=BB2x9i")
_WRITE = 1 << 30
RTC_SET_TIME = _WRITE | _TIME.size << 16 | ord("p") << 8 | 0x0A
RTC_WKALM_SET = _WRITE | _ALARM.size << 16 | ord("p") << 8 | 0x0F

log = logging.getLogger("lory.helper")


def set_clock(at: int, chip: Path = CHIP) -> None:
    """Set the system to `at` (seconds of the epoch), and the chip, which may be missing.

    Raises:
        OSError: this process may not.
    """
    time.clock_settime(time.CLOCK_REALTIME, at)
    if chip.exists():
        try:
            _tell(chip, RTC_SET_TIME, _TIME.pack(*_fields(at)))
        except OSError as error:
            log.warning("%s was not set: %s", chip, error)


def wake_at(at: int | None, chip: Path = CHIP) -> None:
    """Arm the chip's alarm for `at`, or disarm it.

    Raises:
        OSError: no chip, or one without an alarm (EINVAL, ENOTTY).
    """
    enabled = at is not None
    _tell(chip, RTC_WKALM_SET, _ALARM.pack(enabled, 0, *_fields(at if at is not None else 0)))


def _fields(at: int) -> tuple[int, ...]:
    """struct rtc_time in UTC; days of the week and year are ignored by the kernel."""
    utc = time.gmtime(at)
    month, year = utc.tm_mon - 1, utc.tm_year - 1900
    return utc.tm_sec, utc.tm_min, utc.tm_hour, utc.tm_mday, month, year, 0, 0, 0


def _tell(chip: Path, request: int, data: bytes) -> None:
    descriptor = os.open(chip, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.ioctl(descriptor, request, data)
    finally:
        os.close(descriptor)
