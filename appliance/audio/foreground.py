"""Whether the one who speaks to the box still does, or only others behind him.

A VAD hears speech and not whose. Who holds the box is nearer than a television or a talk in the
next room: by the inverse square of the distance, three times as far is 10 dB down.
"""

from __future__ import annotations

FAR_DB = 11.0
"""Below the speaker's own level: somebody else. Soft syllables fall so far too, not for long."""
LEFT_SECONDS = 2.0
"""Without a window of the speaker's own level: he has ended, whoever goes on."""

_FOLLOW = 0.2  # of the way to a louder window, at each
_FORGET_DB = 1.5  # a second; somebody who starts loud may go on softer


class Foreground:
    """Give it each window's level in dBFS and the VAD's decision; `window` in seconds."""

    def __init__(self, window: float) -> None:
        self._window = window
        self._level: float | None = None
        self.faint = 0.0
        """Seconds of speech and pauses since the speaker's own level was last heard."""

    def update(self, level: float, speech: bool) -> None:
        """One window more."""
        if not speech:
            self.faint += self._window if self.faint else 0.0
            return
        if self._level is None:
            self._level = level
        elif level > self._level:
            self._level += _FOLLOW * (level - self._level)
        if level >= self._level - FAR_DB:
            self.faint = 0.0
            self._level = max(level, self._level - _FORGET_DB * self._window)
        else:
            self.faint += self._window

    @property
    def left(self) -> bool:
        """Whether only others are heard."""
        return self.faint >= LEFT_SECONDS
