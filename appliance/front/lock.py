"""The lock: who does not know four digits may talk and ask, and change nothing that stays."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from appliance.configuration.settings import LOCK, Settings
from appliance.timers import Timers

TRIES = 5
"""Wrong codes in a row, after which it is deaf for `PAUSE_SECONDS`."""
PAUSE_SECONDS = 60.0


class Lock:
    """Locked from the start where a code is set; open until it is locked again.

    `refused` is called when something was wanted that is locked.
    """

    def __init__(self, settings: Settings, timers: Timers, refused: Callable[[], object]) -> None:
        self._settings = settings
        self._timers = timers
        self._refused = refused
        self._open = False
        self._wrong = 0
        self._deaf_until = float("-inf")
        settings.guard = self.allows

    @property
    def has_code(self) -> bool:
        return bool(self._settings.text(LOCK))

    @property
    def locked(self) -> bool:
        return self.has_code and not self._open

    @property
    def deaf(self) -> bool:
        """Whether no code is listened to, after too many wrong ones."""
        return self._timers.clock() < self._deaf_until

    def allows(self) -> bool:
        """Whether something that stays may be changed; where not, that is told."""
        if self.locked:
            self._refused()
        return not self.locked

    def unlock(self, code: str) -> bool:
        """Whether that was the code."""
        if self.deaf:
            return False
        right = hmac.compare_digest(code, self._settings.text(LOCK))
        self._open = right
        self._wrong = 0 if right else self._wrong + 1
        if self._wrong >= TRIES:
            self._wrong = 0
            self._deaf_until = self._timers.clock() + PAUSE_SECONDS
        return right

    def lock(self) -> None:
        """From now on."""
        self._open = False

    def set_code(self, code: str) -> None:
        """Another code; an empty one is none. Only while it is open."""
        if not self.locked:
            self._settings.change(LOCK, code)
            self._open = False
