"""C 7, C 8, C 9: quieter, mute, louder."""

from __future__ import annotations

from appliance.configuration.loudness import loudness
from appliance.configuration.settings import SCHEMA, Settings, step_value

VOLUME = SCHEMA["audio.volume"]


class VolumeKeys:
    """They change settings, for good."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def turn(self, direction: int) -> None:
        """Louder (1) or quieter (-1), while muted from the volume before."""
        volume = step_value(VOLUME, self._settings[VOLUME.key], direction)
        self._settings.change(VOLUME.key, volume)
        self._settings.change("audio.muted", False)  # where it could not be turned any further

    def mute(self) -> None:
        """Silent, or audible again: at the volume before, at the usual one if that was none."""
        if loudness(self._settings) > 0:
            self._settings.change("audio.muted", True)
        elif self._settings.number(VOLUME.key) > 0:
            self._settings.change("audio.muted", False)
        else:
            self._settings.change(VOLUME.key, VOLUME.default)
