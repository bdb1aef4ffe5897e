"""What a text setting can be on this box, and what one of its values would be like."""

from __future__ import annotations

from collections.abc import Sequence

from appliance.configuration.settings import Value
from appliance.models.errors import ModelError
from appliance.pages.context import Context

Options = Sequence[tuple[Value, str]]
"""Values and what they are called."""


class Choices:
    """Those of a box with nothing behind its settings: none."""

    def options(self, key: str) -> Options:
        """Those of a text setting; none where it can only be typed into a file."""
        return ()

    def try_out(self, key: str, value: Value) -> None:
        """Let the user feel what a value would be like, where that is possible."""


class BoxChoices(Choices):
    """The devices that are plugged in, and the voices of the model."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def options(self, key: str) -> Options:
        devices = self._context.conductor.mouth.devices
        match key:
            case "voice.name":
                found = self._voices()
            case "audio.microphone":
                found = [(name, name) for name in devices.microphones]
            case "audio.speaker":
                found = [(name, name) for name in devices.speakers]
            case _:
                return ()
        return (("", self._context.say("value.default")), *found)

    def _voices(self) -> list[tuple[str, str]]:
        try:
            return [(voice.name, voice.title) for voice in self._context.roster.tts().facts.voices]
        except ModelError:
            return []

    def try_out(self, key: str, value: Value) -> None:
        if key == "voice.name":
            self._context.conductor.try_voice(str(value))
        elif key == "voice.speed":
            self._context.conductor.try_voice("")
