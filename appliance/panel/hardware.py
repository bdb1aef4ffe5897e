"""What a front panel needs of the box behind it, and what it says about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from appliance.errors import CommandError
from drivers.keys import Key

Language = Literal["zh", "en"]


class PanelError(CommandError):
    """The panel cannot open here; `str()` is the one line that says why."""


class PanelHardware(Protocol):
    """The modelled parts. Calls come from the panel's event loop and must not block."""

    def frame(self) -> bytes:
        """What the glass shows: 1024 bytes, page-major, a byte is 8 rows of a column, LSB on top.

        Asked up to 30 times a second; returning the same object while nothing changed is cheap.
        """
        ...

    def press(self, key: Key) -> None: ...

    def release(self, key: Key) -> None: ...

    def feed_wav(self, path: Path) -> None:
        """Let the microphone hear this file. Raises OSError or ValueError with a clear line."""
        ...


@dataclass(frozen=True, slots=True)
class PanelStatus:
    """What stands under the glass.

    `provisioning` is the step that runs (empty: nothing is being installed), `fraction` 0..1 of
    the whole installation. `sink` says where speech goes. `wire_bytes` counts since power-on.
    `talk` is what the talk key of the PC does to D now: hold it until the next press, press it
    long, or tap it (where silence ends the talk, and it has begun).
    """

    language: Language = "zh"
    provisioning: str = ""
    fraction: float | None = None
    sink: str = ""
    notice: str = ""
    frames_per_second: float = 0.0
    wire_bytes: int = 0
    talk: Literal["hold", "long", "tap"] = "hold"
