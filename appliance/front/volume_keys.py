"""C 7, C 8, C 9: quieter, mute, louder."""

from __future__ import annotations

from collections.abc import Callable

from appliance.configuration.loudness import loudness
from appliance.configuration.settings import SCHEMA, Settings, Value, step_value

VOLUME = SCHEMA["audio.volume"]


class VolumeKeys:
    """`change` changes a setting for good. A volume that is turned is no longer muted."""

    def __init__(self, settings: Settings, change: Callable[[str, Value], None]) -> None:
        self._settings = settings
        self._change = change

    def turn(self, direction: int) -> None:
        """Louder (1) or quieter (-1), while muted from the volume before."""
        self._change(VOLUME.key, step_value(VOLUME, self._settings[VOLUME.key], direction))

    def mute(self) -> None:
        """Silent, or audible again: at the volume before, at the usual one if that was none."""
        if loudness(self._settings) > 0:
            self._change("audio.muted", True)
        elif self._settings.number(VOLUME.key) > 0:
            self._change("audio.muted", False)
        else:
            self._change(VOLUME.key, VOLUME.default)
