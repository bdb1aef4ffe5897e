"""Burn-in protection: the glass dims, then goes dark, when nobody touches the keys."""

from __future__ import annotations

from enum import Enum, auto

from appliance.settings import Settings


class Light(Enum):
    BRIGHT = auto()
    DIM = auto()
    OFF = auto()


class Idle:
    """How bright the glass should be. Times in seconds of the injected clock; 0 means never."""

    def __init__(self, settings: Settings, now: float) -> None:
        self.light = Light.BRIGHT
        self._settings = settings
        self._since = now

    def active(self, now: float) -> None:
        """Somebody did something, or something is going on."""
        self._since = now
        self.light = Light.BRIGHT

    def off(self) -> None:
        """The user switched the screen off."""
        self.light = Light.OFF

    def tick(self, now: float) -> None:
        if self.light is Light.OFF:
            return
        for light, after in self._steps():
            if now >= self._since + after:
                self.light = light

    def next_deadline(self) -> float | None:
        if self.light is Light.OFF:
            return None
        moments = [
            self._since + after for light, after in self._steps() if light.value > self.light.value
        ]
        return min(moments, default=None)

    def _steps(self) -> list[tuple[Light, float]]:
        """What comes when, brightest first."""
        steps = [
            (Light.DIM, self._settings.number("ui.dim_after")),
            (Light.OFF, self._settings.number("ui.off_after")),
        ]
        return [(light, after) for light, after in steps if after > 0]
