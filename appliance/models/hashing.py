"""SHA-256 of files and of their ranges, reporting as it goes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

CHUNK = 1 << 20


def sha256_file(path: Path, report: Callable[[int], None] | None = None) -> str:
    """Hex digest of a whole file; `report` gets the size of each chunk that was read.

    Raises:
        OSError: it cannot be read.
    """
    return sha256_range(path, 0, path.stat().st_size, report)


def sha256_range(
    path: Path, offset: int, size: int, report: Callable[[int], None] | None = None
) -> str:
    """Hex digest of `size` bytes from `offset`, or of as many as there are."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        stream.seek(offset)
        while size > 0:
            chunk = stream.read(min(CHUNK, size))
            if not chunk:
                break
            digest.update(chunk)
            size -= len(chunk)
            if report:
                report(len(chunk))
    return digest.hexdigest()
