"""One installation at a time in an environment: two `make run` at once, or one after a SIGKILL.

The lock is a BSD lock on a file in the environment. It belongs to the open file, which children
inherit: what a killed installer left running still holds it.
The Makefile takes the same one by flock(1). Standard library only.
"""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

WAITING = (
    "另一个安装正在这里进行，等它结束……\n"
    "another installation is at work here: waiting until it has finished ..."
)


class Lock:
    """Held from `take` or `take_now` until `release`, and by every child that got `descriptors`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / ".lock"
        self._descriptor = -1

    @property
    def descriptors(self) -> tuple[int, ...]:
        """For children that go on with the work; none while it is not held."""
        return (self._descriptor,) if self._descriptor >= 0 else ()

    def take_now(self) -> bool:
        """Take it if nobody has it; whether it is held now.

        Raises:
            OSError: the folder cannot be written.
        """
        return self._take(fcntl.LOCK_EX | fcntl.LOCK_NB)

    def take(self) -> None:
        """Take it, however long that lasts. Raises OSError as `take_now` does."""
        self._take(fcntl.LOCK_EX)

    def _take(self, how: int) -> bool:
        if self._descriptor >= 0:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, how)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give it back, as far as this process has it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        """Take it; whoever looks at the terminal is told of a wait."""
        if not self.take_now():
            print(WAITING, file=sys.stderr, flush=True)
            self.take()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def environment_lock() -> Lock:
    """That of the environment this Python runs in."""
    return Lock(Path(sys.prefix))
