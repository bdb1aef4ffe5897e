"""Keeps a file in memory while something is measured.

A kernel that reclaims what was idle for some seconds (DAMON does) drops a model's mapped weights
between two questions; what is measured then is the disk. Pages locked by anybody stay for all.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def resident(path: Path) -> Iterator[bool]:
    """Whether the file is locked in memory; it is not where the limit (`ulimit -l`) forbids it."""
    libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    size = ctypes.c_size_t(path.stat().st_size)
    with path.open("rb") as file:
        # Python's own mmap gives no address of what cannot be written.
        address = ctypes.c_void_p(
            libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, file.fileno(), ctypes.c_long(0))
        )
    try:
        yield libc.mlock(address, size) == 0
    finally:
        libc.munmap(address, size)
