"""Whether a worker is alive: it must answer pings, and its engine must get on with its work.

A ping is answered while the engine computes, so an engine that hangs in native code is told by
what it reports of itself: how long it has worked without any progress.
"""

from __future__ import annotations

PING_SECONDS = 5.0
HANG_SECONDS = 20.0
STUCK_SECONDS = 120.0
"""Longer than the slowest single step: loading from a slow card, one piece of speech on a Pi."""


class Pulse:
    """One process's signs of life; all times on one monotonic clock, in seconds."""

    def __init__(self, now: float) -> None:
        self._checked = now
        self._answered = now
        self._stuck = 0

    def pong(self, now: float, stuck: float) -> None:
        """A ping was answered; `stuck`: how long the engine has worked without progress."""
        self._answered = now
        # Twice in a row: a box that was stopped and goes on finds its workers in mid-step.
        self._stuck = self._stuck + 1 if stuck > STUCK_SECONDS else 0

    def failure(self, now: float) -> str:
        """Asked every `PING_SECONDS`: why the process should be killed, or nothing."""
        if now - self._checked > 2 * PING_SECONDS:
            self._answered = now  # main itself was away: nobody could have been heard
        self._checked = now
        if now - self._answered > HANG_SECONDS:
            return f"no sign of life for {HANG_SECONDS:.0f} s"
        if self._stuck >= 2:
            return f"its engine got nowhere for {STUCK_SECONDS:.0f} s"
        return ""
