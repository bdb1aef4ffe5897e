"""How a worker process ended, and whether it ends that way again and again."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import Literal

LOOP = 3
SOON_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Death:
    """`at`: while the engine loaded, or at work. `how`: a signal, an exit status, what it said."""

    at: Literal["load", "work"]
    how: str

    def __str__(self) -> str:
        return f"{self.how} {'while it loads' if self.at == 'load' else 'at work'}"

    @property
    def for_memory(self) -> bool:
        """SIGKILL that nobody here sent is the kernel's, which is out of memory."""
        return self.how in ("SIGKILL", "out-of-memory")


def how_it_ended(returncode: int) -> str:
    """`SIGSEGV`, or `exit status 3`; `returncode` is that of `subprocess`."""
    if returncode >= 0:
        return f"exit status {returncode}"
    try:
        return signal.Signals(-returncode).name
    except ValueError:
        return f"signal {-returncode}"


class Deaths:
    """Counts those in a row that are alike, each within a minute of the worker's coming up."""

    def __init__(self) -> None:
        self._last: Death | None = None
        self.row = 0

    def add(self, death: Death, worked: float) -> bool:
        """Whether this makes it a loop. `worked`: seconds from its being ready to its end."""
        alike = death == self._last and worked <= SOON_SECONDS
        self.row = self.row + 1 if alike else 1
        self._last = death
        return self.row >= LOOP

    def forget(self) -> None:
        """What is started next is something else."""
        self._last, self.row = None, 0
