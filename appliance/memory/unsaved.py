"""Changes of a database that would not be written, kept in order until they are."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Final

MOST: Final = 1000
"""Changes kept: so many sentences are typed in days. The oldest is the first to be given up."""

Write = Callable[[sqlite3.Connection], None]


class Unsaved:
    """Writes to be done in one transaction, the oldest first."""

    def __init__(self, most: int = MOST) -> None:
        self._writes: deque[Write] = deque(maxlen=most)

    def __len__(self) -> int:
        return len(self._writes)

    def add(self, write: Write) -> None:
        self._writes.append(write)

    def replace(self, write: Write) -> None:
        """This one makes all before it needless."""
        self._writes.clear()
        self._writes.append(write)

    def write_all(self, db: sqlite3.Connection) -> None:
        """Do them all; they stay until `clear`, for the transaction may still fail."""
        for write in self._writes:
            write(db)

    def clear(self) -> None:
        self._writes.clear()
