"""A child that works in the background: niced, read line by line, and never left behind."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_NICE = 10
_PATIENCE = 3.0  # seconds between SIGTERM and SIGKILL
_LINE_END = re.compile(rb"[\r\n]+")
_LOG_TAIL = 65536


async def run(
    command: Sequence[str],
    log: Path,
    heard: Callable[[str], None],
    env: Mapping[str, str] | None = None,
) -> int:
    """Run `command` and return its exit status; each line of its output goes to `heard`.

    All output is kept in `log`. When this is cancelled the whole process group is ended first.

    Raises:
        OSError: the command cannot be started, or the log cannot be written.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as kept:
        child = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=None if env is None else {**os.environ, **env},
            start_new_session=True,  # compilers of a build are ended with it
        )
        with suppress(ProcessLookupError, PermissionError):
            os.setpriority(os.PRIO_PROCESS, child.pid, _NICE)
        try:
            assert child.stdout is not None
            pending = b""
            while block := await child.stdout.read(65536):
                kept.write(block)
                *lines, pending = _LINE_END.split(pending + block)
                for line in lines:
                    heard(line.decode("utf-8", "replace"))
            if pending:
                heard(pending.decode("utf-8", "replace"))
            return await child.wait()
        finally:
            await _end(child)


async def _end(child: asyncio.subprocess.Process) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if child.returncode is not None:
            return
        # A child of sudo belongs to root: it is left to finish its package.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, number)
        with suppress(TimeoutError):
            await asyncio.wait_for(child.wait(), _PATIENCE)


def tail(log: Path) -> str:
    """The end of a log, as text; empty if there is none."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - _LOG_TAIL))
            return stream.read().decode("utf-8", "replace")
    except OSError:
        return ""
