"""A newcomer: clones, says `make run` in a terminal, types, asks, waits. Moments are seconds since.

The panel is the real one on a pseudo-terminal; what its glass shows is read through the box's own
look-only socket, and when an answer began from the box's log.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import socket
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from appliance.front.glass_socket import NoBoxError, connect, pictures
from ui import font
from ui.framebuffer import HEIGHT, WIDTH, Framebuffer

ROOT = Path(__file__).parents[2]
COLUMNS, ROWS = 100, 34
OPEN = b"Esc=A"  # the legend
HELLO, HELLO_KEYS = "你好", "64426"
TAKE = b"\r"  # D: once for what is typed, once more to send it
_BETWEEN_KEYS, _BETWEEN_TAKES = 0.15, 1.0  # seconds: D twice at once does not send
_LOOK = 0.05
_LINE = re.compile(r" lory\.answering: turn \d+: (?P<steps>.*)")
_STEP = re.compile(r"(first_\w+) ([\d.]+) s")


class StuckError(RuntimeError):
    """Something did not come in time; says what, and what the terminal showed."""


class Newcomer:
    """One clone and one panel, in a folder of its own; everything of it ends with the `with`."""

    def __init__(self, folder: Path, env: Mapping[str, str], patience: float) -> None:
        self._folder = folder
        self._env = dict(env)
        self._patience = patience
        self._began = time.monotonic()
        self._said = b""
        self._master = -1
        self._make: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._make is not None and self._make.poll() is None:
            os.killpg(self._make.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._make.wait(10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._make.pid, signal.SIGKILL)
        if self._master >= 0:
            os.close(self._master)

    @property
    def now(self) -> float:
        return time.monotonic() - self._began

    # ------------------------------------------------------------ steps

    def clone(self) -> float:
        """`git clone` of this tree's last commit."""
        command = ["git", "clone", "-q", str(ROOT), str(self._folder / "lory")]
        subprocess.run(command, check=True)
        return self.now

    def open_panel(self) -> float:
        """`make run`, until the panel is there."""
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._make = subprocess.Popen(
            ["make", "run"],
            cwd=self._folder / "lory",
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=self._env,
            start_new_session=True,
        )
        os.close(slave)
        threading.Thread(target=self._listen, daemon=True).start()
        self._until("the panel", lambda: OPEN in self._said)
        return self.now

    def type_hello(self) -> float:
        """Until the glass shows the hanzi; what stood there before does not count."""
        viewer = self._until("the glass", self._viewer)
        assert isinstance(viewer, socket.socket)
        with viewer:
            viewer.settimeout(self._patience)
            for key in HELLO_KEYS:
                self._press(key.encode())
                time.sleep(_BETWEEN_KEYS)
            for frame in pictures(viewer):
                if shows(frame, HELLO):
                    return self.now
        raise StuckError("the panel ended while somebody typed")

    def ask(self) -> float:
        """Send what is typed; when that was."""
        time.sleep(_BETWEEN_TAKES)
        self._press(TAKE)
        time.sleep(_BETWEEN_TAKES)
        self._press(TAKE)
        return self.now

    def answered(self, asked: float) -> dict[str, float]:
        """When the first token, the first clause and the first sound came."""
        steps = self._until("an answer", self._steps)
        assert isinstance(steps, dict)
        moments, moment = {}, asked
        for name, seconds in steps.items():
            moment += seconds
            moments[name] = moment
        return moments

    # ------------------------------------------------------------ the terminal, the glass, the log

    def _press(self, key: bytes) -> None:
        os.write(self._master, key)

    def _listen(self) -> None:
        with contextlib.suppress(OSError):  # the terminal is gone
            while select.select([self._master], [], []):
                self._said = (self._said + os.read(self._master, 65536))[-1_000_000:]

    def _viewer(self) -> socket.socket | None:
        try:
            return connect([Path(self._env["XDG_RUNTIME_DIR"]) / "lory"])
        except NoBoxError:
            return None

    def _steps(self) -> dict[str, float] | None:
        log = self._folder / "lory/out/lory.log"
        with contextlib.suppress(OSError):
            return steps_in(log.read_text(encoding="utf-8", errors="replace"))
        return None

    def _until(self, what: str, look: object) -> object:
        assert callable(look)
        end = time.monotonic() + self._patience
        while not (found := look()):
            ended = self._make is not None and self._make.poll() is not None
            if ended or time.monotonic() > end:
                said = self._said[-2000:].decode("utf-8", "replace")
                raise StuckError(f"{what} never came; the terminal showed:\n{said}")
            time.sleep(_LOOK)
        return found


def steps_in(log: str) -> dict[str, float] | None:
    """Seconds that each step of the first answer took after the one before; None: none is over."""
    for found in _LINE.finditer(log):
        steps = {name: float(text) for name, text in _STEP.findall(found["steps"])}
        if steps:
            return steps
    return None


def shows(frame: bytes, text: str) -> bool:
    """Whether these words stand anywhere on the glass, in the body face."""
    drawn = Framebuffer()
    width = font.body().draw(drawn, text, 0, 0)
    wanted = list(_columns(drawn.to_bytes()))[:width]
    lit = [column for column in wanted if column]
    tall = max(column.bit_length() for column in lit)
    mask = (1 << tall) - 1
    columns = list(_columns(frame))
    return any(
        all(columns[x + dx] >> y & mask == wanted[dx] for dx in range(width))
        for y in range(HEIGHT - tall + 1)
        for x in range(WIDTH - width + 1)
    )


def _columns(frame: bytes) -> Iterator[int]:
    """Each column of a picture in page layout as a number, the top row its lowest bit."""
    for x in range(WIDTH):
        yield sum(frame[page * WIDTH + x] << 8 * page for page in range(HEIGHT // 8))
