"""The injected clocks: seconds that never go back, and the time of day where it is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

EARLIEST_YEAR = 2024
"""A box without a real-time clock starts in 1970 or at its image's date: that is not the time."""

Clock = Callable[[], float]
WallClock = Callable[[], datetime | None]
"""The local time; None while the clock was never set."""


def local_time() -> datetime | None:
    """This machine's `WallClock`."""
    now = datetime.now().astimezone()
    return now if now.year >= EARLIEST_YEAR else None
