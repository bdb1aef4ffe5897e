"""A program in a process of its own, and what it says line by line."""

import os
import select
import signal
import subprocess
import sys
import time
from typing import Self

from tests.waiting import PATIENCE


class Child:
    """Runs Python source in a session of its own; nothing of it outlives the `with`."""

    def __init__(self, program: str, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self._out = self.process.stdout
        self._unread = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._out.close()

    def line(self, patience: float = PATIENCE) -> str:
        """The next line it prints; a failure where it ends first, or is silent for so long."""
        deadline = time.monotonic() + patience
        while b"\n" not in self._unread:
            chunk = self._more(deadline)
            assert chunk, f"no further line, but {self._unread!r}; exit code {self.process.poll()}"
            self._unread += chunk
        line, _, self._unread = self._unread.partition(b"\n")
        return line.decode()

    def rest(self) -> str:
        """Everything else it prints until it ends."""
        rest, self._unread = self._unread, b""
        return (rest + self._out.read()).decode()

    def _more(self, deadline: float) -> bytes:
        """What it has printed; nothing at its end or the deadline."""
        left = max(0.0, deadline - time.monotonic())
        ready = select.select([self._out], [], [], left)[0]
        return os.read(self._out.fileno(), 65536) if ready else b""
