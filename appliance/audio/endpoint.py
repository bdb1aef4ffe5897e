"""When an utterance begins and when it is over, from one speech decision per VAD window."""

from __future__ import annotations

import msgspec


class EndpointTimes(msgspec.Struct, frozen=True):
    """Seconds. Speech begins after `onset` of it and ends after `hangover` without;

    nobody spoke when it has not begun after `patience`; `longest` bounds an utterance.
    """

    onset: float = 0.128
    hangover: float = 0.5
    patience: float = 8.0
    longest: float = 60.0


class Endpointer:
    """Give it one decision after the other; `window` is their length in seconds."""

    def __init__(self, times: EndpointTimes, window: float) -> None:
        self._times, self._window = times, window
        self.reset()

    def reset(self) -> None:
        """Before another utterance."""
        self.started = False
        """Speech was heard for `onset` seconds in one piece (gaps of one window allowed)."""
        self.elapsed = 0.0
        self._run = 0.0
        self._gap = 0.0

    def update(self, speech: bool) -> None:
        """One window more."""
        self.elapsed += self._window
        if speech:
            self._run += self._window
            self._gap = 0.0
            self.started |= self._run >= self._times.onset - 1e-9
            return
        self._gap += self._window
        if self._gap > 1.5 * self._window:
            self._run = 0.0

    @property
    def ended(self) -> bool:
        """Speech was heard, and then silence for `hangover`."""
        return self.started and self._gap >= self._times.hangover - 1e-9

    @property
    def given_up(self) -> bool:
        """Nobody spoke for `patience`."""
        return not self.started and self.elapsed >= self._times.patience

    @property
    def too_long(self) -> bool:
        """The utterance reached `longest`."""
        return self.elapsed >= self._times.longest
