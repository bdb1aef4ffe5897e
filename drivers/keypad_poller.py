"""Polls a keypad on the bus thread and hands its events to the app."""

from __future__ import annotations

from collections.abc import Callable

from drivers.bus import BusError
from drivers.key_events import KeyDecoder
from drivers.keys import KeyEvent, Keypad

_ERRORS_UNTIL_LOST = 5
_LOST_POLL = 0.25  # seconds between looks for a keypad that is gone


class KeypadPoller:
    """A `drivers.arbiter.Task`; give it to the bus thread before the display.

    `on_event` and `on_presence` are called on the bus thread. A keypad is lost after five errors
    in a row (what was held is released then) and found again by the first good read.
    """

    def __init__(
        self,
        keypad: Keypad,
        on_event: Callable[[KeyEvent], None],
        *,
        on_presence: Callable[[bool], None] | None = None,
        decoder: KeyDecoder | None = None,
    ) -> None:
        self.present = False
        self.last_error: BusError | None = None
        self._keypad = keypad
        self._on_event = on_event
        self._on_presence = on_presence or (lambda present: None)
        self._decoder = decoder or KeyDecoder()
        self._errors = 0

    def bind(self, wake: Callable[[], None]) -> None:
        """Polling wakes itself."""

    def run(self, now: float) -> float | None:
        """Poll once; when to poll next."""
        try:
            key = self._keypad.read()
        except BusError as error:
            return self._failed(error, now)
        self._errors = 0
        if not self.present:
            self.present = True
            self.last_error = None
            self._on_presence(True)
        for event in self._decoder.feed(key, now):
            self._on_event(event)
        return self._next_poll(now)

    def finish(self, now: float) -> bool:
        """Nothing to send before the end."""
        return False

    def _next_poll(self, now: float) -> float:
        due = now + self._decoder.poll_interval(now)
        deadline = self._decoder.next_deadline
        return due if deadline is None else max(now, min(due, deadline))

    def _failed(self, error: BusError, now: float) -> float:
        self.last_error = error
        self._errors += 1
        if self._errors < _ERRORS_UNTIL_LOST:
            return self._next_poll(now)
        if self._errors == _ERRORS_UNTIL_LOST:
            for event in self._decoder.release(now):
                self._on_event(event)
            self.present = False
            self._on_presence(False)
        return now + _LOST_POLL
