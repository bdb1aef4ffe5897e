"""How loud the box is, of all that is set about it."""

from __future__ import annotations

from appliance.configuration.settings import Settings

LOUDNESS = ("audio.volume", "audio.muted", "audio.ceiling")
"""The settings that make it."""


def loudness(settings: Settings) -> float:
    """0..1 of what the speaker can: the volume, which a muted box keeps and does not use, up to the
    ceiling, which holds for everything that sounds."""
    if settings.flag("audio.muted"):
        return 0.0
    return min(settings.number("audio.volume"), settings.number("audio.ceiling"))
