"""How somebody came to talk."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Talk(Enum):
    """What began an utterance, which is also what ends it."""

    HOLD = "hold"  # the key, released
    TAP = "tap"  # VAD, or the key once more
    FOLLOW_UP = "follow-up"  # the end of the spoken answer; VAD ends it
    WAKE = "wake"  # the wake word; VAD ends it


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is to be listened to: the microphone, or the file `wav` in its place."""

    talk: Talk
    wav: Path | None = None
