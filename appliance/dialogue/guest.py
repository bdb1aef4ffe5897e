"""Somebody else who listens, outside of any conversation."""

from __future__ import annotations

from appliance import messages as m


class Guest:
    """Is told what is heard of whatever turn, and minds those of his own."""

    def level(self, message: m.Level) -> None:
        """The microphone's meter."""

    def speech_started(self, message: m.SpeechStarted) -> None:
        """Somebody speaks."""

    def speech_ended(self, message: m.SpeechEnded) -> None:
        """The utterance is over."""

    def recognised(self, message: m.Partial | m.Transcript) -> None:
        """So far, or in the end."""

    def spotted_phrase(self, message: m.Spotted) -> None:
        """How much of the wake phrase there was."""

    def fault(self, fault: m.Fault) -> bool:
        """Whether it was a fault of his own turn."""
        return False

    def lost(self) -> None:
        """The audio worker is gone, and what it listened to with it."""
