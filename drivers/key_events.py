"""From "which key is down" to press, long press, repeat and release. Pure; time is passed in."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.keys import Edge, Key, KeyEvent


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. A release counts once `none` was read again `release` later."""

    long_press: float = 0.4
    repeat: float = 0.1
    release: float = 0.008
    fast_poll: float = 0.010  # while keys move
    idle_poll: float = 0.020  # a short tap is still seen: taps last 40 ms and more
    fast_for: float = 2.0  # keys "move" for so long after an edge


class KeyDecoder:
    """Turns reads of a keypad into `KeyEvent`s.

    A press is reported on the first read that shows the key: debouncing never delays it. One
    read of none does not release. Another key without none between is a release and a press. At
    most one REPEAT per read, however late that is. RELEASE carries the time none was first read.
    """

    def __init__(self, timing: Timing = Timing()) -> None:
        self._timing = timing
        self._down: Key | None = None
        self._none_since: float | None = None
        self._next_hold = 0.0  # when LONG or the next REPEAT is due
        self._is_long = False
        self._moved_at = float("-inf")

    @property
    def down(self) -> Key | None:
        """The key that is held, as far as events have told."""
        return self._down

    @property
    def next_deadline(self) -> float | None:
        """When a read is wanted for the next event of a held key; None if nothing is held."""
        if self._down is None:
            return None
        if self._none_since is not None:
            return self._none_since + self._timing.release
        return self._next_hold

    def poll_interval(self, now: float) -> float:
        """Seconds until the next read should come."""
        moving = self._down is not None or now - self._moved_at < self._timing.fast_for
        return self._timing.fast_poll if moving else self._timing.idle_poll

    def feed(self, key: Key | None, now: float) -> list[KeyEvent]:
        """The events that follow from `key` being read at `now`. `now` must not go backwards."""
        if key is None:
            return self._feed_none(now)
        if key == self._down:
            self._none_since = None
            return self._feed_held(key, now)
        events = self.release(now)
        self._down = key
        self._next_hold = now + self._timing.long_press
        self._is_long = False
        self._moved_at = now
        return [*events, KeyEvent(key, Edge.PRESS, now)]

    def release(self, now: float) -> list[KeyEvent]:
        """Let go of what is held: another key is down, or the keypad was lost."""
        if self._down is None:
            return []
        at = now if self._none_since is None else self._none_since
        event = KeyEvent(self._down, Edge.RELEASE, at)
        self._down = None
        self._none_since = None
        self._moved_at = now
        return [event]

    def _feed_none(self, now: float) -> list[KeyEvent]:
        if self._down is None:
            return []
        if self._none_since is None:
            self._none_since = now
            return []
        if now - self._none_since < self._timing.release:
            return []
        return self.release(now)

    def _feed_held(self, key: Key, now: float) -> list[KeyEvent]:
        if now < self._next_hold:
            return []
        edge = Edge.REPEAT if self._is_long else Edge.LONG
        self._is_long = True
        in_step = self._next_hold + self._timing.repeat
        self._next_hold = in_step if in_step > now else now + self._timing.repeat
        return [KeyEvent(key, edge, now)]
