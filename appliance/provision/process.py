"""A child that works in the background: niced, read line by line, and never left behind."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

_NICE = 10
_PATIENCE = 3.0  # seconds between SIGTERM and SIGKILL
_LINE_END = re.compile(rb"[\r\n]+")
_TAIL_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: its exit status, and the last of what it said."""

    status: int
    tail: str


async def run(
    command: Sequence[str],
    log: Path,
    heard: Callable[[str], None],
    env: Mapping[str, str] | None = None,
    keep_open: Sequence[int] = (),
) -> Ended:
    """Run `command` to its end; each line of its output goes to `heard`.

    All output is kept in `log`, as long as the disk takes it. `keep_open`: file descriptors that
    the child holds too. When this is cancelled the whole process group is ended first.

    Raises:
        OSError: the command cannot be started.
    """
    tail = b""
    with _Log(log) as kept:
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=None if env is None else {**os.environ, **env},
            start_new_session=True,  # compilers of a build are ended with it
            pass_fds=keep_open,
        )
        with suppress(ProcessLookupError, PermissionError):
            os.setpriority(os.PRIO_PROCESS, child.pid, _NICE)
        try:
            assert child.stdout is not None
            pending = b""
            while block := await child.stdout.read(65536):
                kept.write(block)
                tail = (tail + block)[-_TAIL_BYTES:]
                *lines, pending = _LINE_END.split(pending + block)
                for line in lines:
                    heard(line.decode("utf-8", "replace"))
            if pending:
                heard(pending.decode("utf-8", "replace"))
            return Ended(await child.wait(), tail.decode("utf-8", "replace"))
        finally:
            await _end(child)


class _Log:
    """A file as far as it can be written: a full disk is what some logs are about."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: BinaryIO | None = None

    def __enter__(self) -> Self:
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self._path.open("wb", buffering=0)
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream is not None:
            self._stream.close()

    def write(self, block: bytes) -> None:
        with suppress(OSError):
            if self._stream is not None:
                self._stream.write(block)


async def _end(child: asyncio.subprocess.Process) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if child.returncode is not None:
            return
        # A child of sudo belongs to root: it is left to finish its package.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, number)
        with suppress(TimeoutError):
            await asyncio.wait_for(child.wait(), _PATIENCE)
