"""How much of the cores other programs use: an engine does not compete with them for all of it.

A thread that has to wait for a core makes all others of its engine wait, some 300 times a token.
One thread less than cores are free is faster then. Source: proc(5), /proc/stat and /proc/PID/stat.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from appliance.health.machine import ROOT

LOOK_SECONDS = 2.0
"""Between looks; one takes a fraction of a millisecond."""

_IDLE, _IOWAIT, _GUEST = 3, 4, 8  # columns of the line `cpu`
_USER = 11  # column of a process's own times, counted behind its name


class Grants(Protocol):
    """Who is told what is free."""

    def processes(self) -> list[int]: ...

    def leave_to_others(self, free: float) -> None: ...


class Neighbours:
    """`ours` gives the process ids that do not count as others; this process is one of them."""

    def __init__(self, ours: Callable[[], Iterable[int]], root: Path = ROOT) -> None:
        self._ours = ours
        self._root = root
        self._last: tuple[list[int], dict[int | str, int]] | None = None

    def free(self) -> float | None:
        """Cores that others left since the last look; None at the first one, or not to be known."""
        whole = _times(self._root / "proc/stat")
        if len(whole) <= _IOWAIT:
            return None
        pids: tuple[int | str, ...] = ("self", *self._ours())
        own = {pid: _own_time(self._root / f"proc/{pid}/stat") for pid in pids}
        last, self._last = self._last, (whole, own)
        if last is None:
            return None
        passed = [now - before for now, before in zip(whole, last[0], strict=False)]
        elapsed = sum(passed[:_GUEST])
        if elapsed <= 0:
            return None
        unused = passed[_IDLE] + passed[_IOWAIT]
        ours = sum(time - last[1][pid] for pid, time in own.items() if pid in last[1])
        cpus = _cpus(self._root)
        return min(cpus, cpus * max(0, unused + ours) / elapsed)


async def watch(team: Grants) -> None:
    """Look for ever, and let the engines give way."""
    neighbours = Neighbours(team.processes)
    while True:
        free = neighbours.free()
        if free is not None:
            team.leave_to_others(free)
        await asyncio.sleep(LOOK_SECONDS)


def _times(path: Path) -> list[int]:
    """The first line's numbers, in clock ticks."""
    try:
        words = path.read_text().partition("\n")[0].split()
        return [int(word) for word in words[1:]]
    except (OSError, ValueError):
        return []


def _own_time(path: Path) -> int:
    """User and system time of a process, of its threads that ended as well."""
    try:
        fields = path.read_text().rpartition(")")[2].split()
        return int(fields[_USER]) + int(fields[_USER + 1])
    except (OSError, ValueError, IndexError):
        return 0


def _cpus(root: Path) -> int:
    try:
        lines = (root / "proc/stat").read_text().splitlines()
    except OSError:
        return 1
    return max(1, sum(line[:3] == "cpu" and line[3:4].isdigit() for line in lines))
