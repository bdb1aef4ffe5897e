"""This boot: its name, and the seconds since it began, which nobody can set.

Sources: proc(5), /proc/sys/kernel/random/boot_id; clock_gettime(2), CLOCK_BOOTTIME.
"""

from __future__ import annotations

import time
from pathlib import Path

ROOT = Path("/")


def boot_id(root: Path = ROOT) -> str:
    """Another one after each start of the kernel; empty where it is not told."""
    try:
        return (root / "proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def seconds() -> float:
    """Since the kernel started, a suspended board's sleep included. Never set, never slewed."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
