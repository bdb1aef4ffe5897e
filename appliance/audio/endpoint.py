"""When an utterance begins and when it is over, from one speech decision per VAD window."""

from __future__ import annotations

from appliance.messages import EndpointTimes

_LATE = 0.1  # seconds by which a VAD may begin late
_EARLY = 0.065  # and by which it may end early


class Endpointer:
    """Give it one decision after the other; `window` is their length in seconds.

    `started`: speech was heard for `onset` seconds in one piece (gaps of one window allowed).
    A VAD is sure of a word only when some of it has passed, and lets go of it early: how long a
    word was is counted by what was loud around it, too.
    """

    def __init__(self, times: EndpointTimes, window: float) -> None:
        self._window = window
        self._times = times
        self.started = False
        self.elapsed = 0.0
        self._run = self._gap = self._spoken = self._since = self._loud = 0.0

    def reset(self, times: EndpointTimes) -> None:
        """Before another utterance."""
        self._times = times
        self.elapsed = 0.0
        self._withdraw()

    def update(self, speech: bool, loud: bool = False) -> None:
        """One window more; `loud`: something sounds in it, speech or not."""
        self.elapsed += self._window
        self._loud = self._loud + self._window if loud else 0.0
        if speech or self._since:
            self._since += self._window
        if speech:
            if not self._run:
                self._spoken += min(_LATE, max(0.0, self._loud - self._window))
            self._run += self._window
            self._spoken += self._window
            self._gap = 0.0
            self.started |= self._run >= self._times.onset - 1e-9
            return
        self._gap += self._window
        if loud and self._spoken and self._gap <= _EARLY:
            self._spoken += self._window
        if self._gap > 1.5 * self._window:
            self._run = 0.0
        if self._gap >= self._times.hangover - 1e-9 and not self.confirmed:
            self._withdraw()

    def _withdraw(self) -> None:
        """Whatever that was, it was no speech."""
        self.started = False
        self._run = self._gap = self._spoken = self._since = 0.0

    @property
    def confirmed(self) -> bool:
        """Speech, and more of it than a cough has."""
        return self.started and self._spoken >= self._times.shortest - 1e-9

    @property
    def since_onset(self) -> float:
        """Seconds since whatever may be speech began; 0 before."""
        return self._since

    @property
    def silence(self) -> float:
        """Seconds since the last window of speech."""
        return self._gap

    @property
    def ended(self) -> bool:
        """Speech was heard, and then silence for `hangover`."""
        return self.confirmed and self._gap >= self._times.hangover - 1e-9

    @property
    def given_up(self) -> bool:
        """Nobody spoke for `patience`."""
        return not self.started and self.elapsed >= self._times.patience

    @property
    def too_long(self) -> bool:
        """The utterance reached `longest`, counted from its first word."""
        return self.started and self._since >= self._times.longest

    @property
    def held_too_long(self) -> bool:
        """The key is down for `longest`, whatever is said meanwhile."""
        return self.elapsed >= self._times.longest
