"""One thread per bus: the most urgent part goes first, one short transfer at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from drivers.bus import I2CBus

Clock = Callable[[], float]


class Task(Protocol):
    """Work for one part. Its methods are called on the bus thread, except `bind`."""

    def bind(self, wake: Callable[[], None]) -> None:
        """`wake`, callable from any thread, makes the bus thread ask `run` again."""
        ...

    def run(self, now: float) -> float | None:
        """Put at most one short transfer on the bus; when to be called again, None = on wake."""
        ...

    def finish(self, now: float) -> bool:
        """One more transfer before the end; False when nothing is left."""
        ...


class BusThread:
    """Runs `tasks` on `bus`, earlier ones first whenever several are due.

    So a keypad poll, given before the display, waits for one short transfer at most. The thread
    is the only user of `bus` and closes it as its last act. A task that raises ends the thread:
    `failure` keeps the exception, `on_failure` is told, on the thread.
    """

    def __init__(
        self,
        bus: I2CBus,
        tasks: Sequence[Task],
        clock: Clock = time.monotonic,
        *,
        name: str = "i2c",
        on_failure: Callable[[BaseException], None] | None = None,
    ) -> None:
        self.failure: BaseException | None = None
        self._bus = bus
        self._tasks = tuple(tasks)
        self._clock = clock
        self._on_failure = on_failure
        self._due: list[float | None] = [float("-inf")] * len(self._tasks)
        self._condition = threading.Condition()
        self._woken: set[int] = set()
        self._closing = False
        self._linger = 0.0
        self._thread = threading.Thread(target=self._main, name=name, daemon=True)
        for index, task in enumerate(self._tasks):
            task.bind(partial(self._wake, index))

    def start(self) -> None:
        self._thread.start()

    def step(self) -> float | None:
        """Run the first task that is due; seconds until one is, 0 if now, None if none will be.

        This is the whole of the arbitration; the thread only waits in between.
        """
        with self._condition:
            for index in self._woken:
                self._due[index] = float("-inf")
            self._woken.clear()
        now = self._clock()
        for index, task in enumerate(self._tasks):
            due = self._due[index]
            if due is not None and due <= now:
                self._due[index] = task.run(now)
                break
        times = [due for due in self._due if due is not None]
        return max(0.0, min(times) - self._clock()) if times else None

    def close(self, linger: float = 0.5, timeout: float = 3.0) -> bool:
        """Let the tasks finish for at most `linger` seconds, then end and close the bus.

        Waits `timeout` seconds for the thread; False if a transfer still holds it, in which case
        it ends by itself as soon as the kernel lets go.
        """
        with self._condition:
            self._closing = True
            self._linger = linger
            self._condition.notify()
        if self._thread.ident is None:
            self._bus.close()
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _main(self) -> None:
        try:
            while not self._closing:
                self._wait(self.step())
            deadline = self._clock() + self._linger
            for task in self._tasks:
                while self._clock() < deadline and task.finish(self._clock()):
                    pass
        except BaseException as error:
            self.failure = error
            if self._on_failure is not None:
                self._on_failure(error)
            raise
        finally:
            self._bus.close()

    def _wait(self, seconds: float | None) -> None:
        if seconds == 0.0:
            return
        with self._condition:
            if not (self._woken or self._closing):
                self._condition.wait(seconds)

    def _wake(self, index: int) -> None:
        """Task `index` has new work. From any thread; holds the lock for an instant only."""
        with self._condition:
            self._woken.add(index)
            self._condition.notify()
