"""The panel in a process of its own, on a pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
LEAVE_ALTERNATE_SCREEN = b"\x1b[?1049l"
OPENED = b"Esc=A"

CHILD = """
import asyncio, signal, sys
from appliance.panel.hardware import PanelError, PanelStatus
from appliance.panel.terminal import run_panel

edges = []

class Hardware:
    def frame(self):
        return bytes(1024)
    def press(self, key):
        if sys.argv[1] == "error":
            raise RuntimeError("boom")
        edges.append("down " + key.name)
    def release(self, key):
        edges.append("up " + key.name)
    def feed_wav(self, path):
        pass

async def main():
    task = asyncio.create_task(run_panel(Hardware(), PanelStatus))
    if sys.argv[1] == "cancel":
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, task.cancel)
    return await task

try:
    status = asyncio.run(main())
except PanelError as error:
    print(error)
    status = 1
except RuntimeError as error:
    print("RuntimeError:", error)
    status = 3
except asyncio.CancelledError:
    status = 4
print("edges:", *edges, sep="\\n")
sys.exit(status)
"""


class Terminal:
    """A child on a pseudo-terminal of ours."""

    def __init__(self, mode: str, columns: int, rows: int, environment: dict[str, str]) -> None:
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        self.output = b""
        self.child = subprocess.Popen(
            [sys.executable, "-c", CHILD, mode],
            cwd=ROOT,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={
                **os.environ,
                "TERM": "xterm-256color",
                "PYTHONPATH": str(ROOT),
                **environment,
            },
            start_new_session=True,
        )

    def read_until(self, sign: bytes) -> None:
        end = time.monotonic() + PATIENCE
        while sign not in self.output:
            assert time.monotonic() < end, f"{sign!r} never came; got {self.output[-500:]!r}"
            self._read()

    def wait(self) -> int:
        end = time.monotonic() + PATIENCE
        while self.child.poll() is None:
            assert time.monotonic() < end, "the child did not end"
            self._read()
        while self._read():  # what it wrote last
            pass
        return self.child.returncode

    def _read(self) -> bool:
        """Take what has come, or wait for it a little; whether anything came."""
        if not select.select([self.master], [], [], 0.05)[0]:
            return False
        self.output += os.read(self.master, 65536)
        return True

    def keys_until_quit(self) -> list[str]:
        """Quit; which keys went down and up, in order."""
        os.write(self.master, b"\x03")
        assert self.wait() == 0
        return self.output.decode().rpartition("edges:")[2].split("\r\n")[1:-1]

    @property
    def is_restored(self) -> bool:
        same = termios.tcgetattr(self.slave) == self.before
        return same and self.output.rfind(LEAVE_ALTERNATE_SCREEN) > self.output.rfind(OPENED)


@contextmanager
def terminal(
    mode: str, columns: int = 80, rows: int = 24, **environment: str
) -> Iterator[Terminal]:
    ours = Terminal(mode, columns, rows, environment)
    try:
        yield ours
    finally:
        if ours.child.poll() is None:
            ours.child.kill()
        ours.child.wait()
        os.close(ours.master)
        os.close(ours.slave)
