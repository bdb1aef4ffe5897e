"""Burn-in protection: untouched, the glass shifts by pixels, dims, plays life, and goes dark."""

from __future__ import annotations

from enum import Enum, auto
from typing import Protocol

from appliance.clock import Clock
from appliance.configuration.settings import Settings

SHIFT_SECONDS = 60.0
# Pixels right and down, one place after the other; the first is where the user reads.
_SHIFTS = ((0, 0), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))


class Light(Enum):
    """What the glass is like; each is quieter than the one before."""

    BRIGHT = auto()
    DIM = auto()
    QUIET = auto()  # dim, with a picture that never stands still
    OFF = auto()


ASLEEP = (Light.QUIET, Light.OFF)


class GoesOn(Protocol):
    """What keeps the glass lit."""

    @property
    def busy(self) -> bool:
        """Whether something goes on that the user watches or hears."""


class Idle:
    """How the glass should be. Times in seconds of the injected clock; 0 means never."""

    def __init__(self, settings: Settings, clock: Clock, *going_on: GoesOn) -> None:
        self.light = Light.BRIGHT
        self.frugal = False  # dim and dark sooner, and no moving picture
        self._settings = settings
        self._clock = clock
        self._going_on = going_on
        self._since = clock()

    @property
    def asleep(self) -> bool:
        """Whether the next key only wakes."""
        return self.light in ASLEEP

    def active(self, now: float) -> None:
        """Somebody did something, or something is going on."""
        self._since = now
        self.light = Light.BRIGHT

    def off(self) -> None:
        """The user switched the screen off."""
        self.light = Light.OFF

    def tick(self, now: float) -> None:
        """See `appliance.timers.Timed`."""
        if any(it.busy for it in self._going_on):
            self.active(now)
        if self.light is Light.OFF:
            return
        for light, after in self._steps():
            if now >= self._since + after:
                self.light = light

    def shift(self, now: float) -> tuple[int, int]:
        """By how many pixels, right and down, to move a picture that nobody has changed."""
        return _SHIFTS[int(max(0.0, now - self._since) // SHIFT_SECONDS) % len(_SHIFTS)]

    @property
    def next_deadline(self) -> float | None:
        """When `tick` or `shift` will say something else."""
        if self.light is Light.OFF:
            return None
        now = self._clock()
        shifts = int(max(0.0, now - self._since) // SHIFT_SECONDS)
        moments = [self._since + (shifts + 1) * SHIFT_SECONDS]
        moments += [
            self._since + after for light, after in self._steps() if light.value > self.light.value
        ]
        return min(moments)

    def _steps(self) -> list[tuple[Light, float]]:
        """What comes when, brightest first."""
        steps = [
            (Light.DIM, self._settings.number("ui.dim_after")),
            (Light.QUIET, self._settings.number("ui.life_after")),
            (Light.OFF, self._settings.number("ui.off_after")),
        ]
        if self.frugal:
            steps = [(light, after / 3) for light, after in steps if light is not Light.QUIET]
        return [(light, after) for light, after in steps if after > 0]
