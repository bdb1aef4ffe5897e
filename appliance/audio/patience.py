"""Calls into PortAudio that may raise what they like, or never come back.

A card that is pulled out can hold `close` for minutes inside the kernel's driver. Such a call is
left to a thread of its own; whoever waits for it goes on after a moment, and is told.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from appliance.errors import LoryError

T = TypeVar("T")

SECONDS = 1.5
"""For one call. Opening a USB card takes 0.1 to 0.5 s; whoever wants to talk waits meanwhile."""


class HungError(LoryError):
    """The call has not come back; its thread is left to itself."""


class _Call(Generic[T]):
    def __init__(self, act: Callable[[], T], too_late: Callable[[T], None]) -> None:
        self._act = act
        self._too_late = too_late
        self._lock = threading.Lock()
        self._given_up = False
        self.done = False
        self.value: T
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            value = self._act()
        except Exception as error:  # noqa: BLE001 - whoever waits gets it, whatever it is
            self.error = error
            self.done = True
            return
        with self._lock:
            self.value, self.done = value, True
            late = self._given_up
        if late:
            self._too_late(value)

    def give_up(self) -> bool:
        """Whether it really is too late: it may have come back at this moment."""
        with self._lock:
            self._given_up = not self.done
            return self._given_up


class Patience:
    """Makes such calls, one after the other. `hanging` counts those that have not come back."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._threads: list[threading.Thread] = []

    @property
    def hanging(self) -> int:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        return len(self._threads)

    def call(self, act: Callable[[], T], too_late: Callable[[T], None] = lambda value: None) -> T:
        """What `act` returns; `too_late` gets it on its thread, if it comes when nobody waits.

        Raises:
            HungError: it did not come back in time.
            Exception: what `act` raised.
        """
        call = _Call(act, too_late)
        thread = threading.Thread(target=call.run, name="portaudio", daemon=True)
        thread.start()
        thread.join(self._seconds)
        if call.give_up() and call.error is None:
            self._threads.append(thread)
            raise HungError(f"no answer within {self._seconds:g} s")
        if call.error is not None:
            raise call.error
        return call.value
