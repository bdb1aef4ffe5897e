"""A virtual sound card under the name of the real module, for processes that are benched.

The directory goes first on PYTHONPATH; the audio worker then finds one USB card that takes 48 kHz
stereo and calls back in real time, every 20 ms, as PortAudio does. The microphone is silent. For
each block played, a line with the monotonic time at which its last sample would leave the speaker
and its peak is appended to the file that LORY_VIRTUAL_SPEAKER names.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

_RATE = 48000
LATENCY = 0.02

default = SimpleNamespace(device=[0, 0])


class PortAudioError(Exception):
    """As sounddevice names it."""


def query_devices() -> list[dict[str, Any]]:
    card = {"name": "USB virtual card", "max_input_channels": 1, "max_output_channels": 2}
    return [{**card, "default_samplerate": float(_RATE)}]


def check_input_settings(*, device: int, channels: int, samplerate: float) -> None:
    _check(channels, 1, samplerate)


def check_output_settings(*, device: int, channels: int, samplerate: float) -> None:
    _check(channels, 2, samplerate)


def _check(channels: int, wanted: int, rate: float) -> None:
    if rate != _RATE:
        raise PortAudioError("Invalid sample rate [PaErrorCode -9997]")
    if channels != wanted:
        raise PortAudioError("Invalid number of channels [PaErrorCode -9998]")


def _terminate() -> None:
    """Nothing is held."""


def _initialize() -> None:
    """Nothing is held."""


class _Stream:
    latency = LATENCY

    def __init__(self, callback: Callable[..., None], **settings: Any) -> None:
        self._callback, self._frames = callback, int(settings["blocksize"])
        self._channels = int(settings["channels"])
        self.active = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self.active = True
        self._thread.start()

    def close(self, ignore_errors: bool = True) -> None:
        self.active = False

    def _run(self) -> None:
        due = time.monotonic()
        while self.active:
            self._block(due)
            due += self._frames / _RATE
            time.sleep(max(0.0, due - time.monotonic()))

    def _block(self, due: float) -> None:
        raise NotImplementedError


class InputStream(_Stream):
    """Nobody speaks."""

    def _block(self, due: float) -> None:
        silence = np.zeros((self._frames, self._channels), np.float32)
        self._callback(silence, self._frames, None, None)


class OutputStream(_Stream):
    """Writes down when there was sound."""

    def __init__(self, callback: Callable[..., None], **settings: Any) -> None:
        super().__init__(callback, **settings)
        self._log = Path(os.environ["LORY_VIRTUAL_SPEAKER"]).open("a")  # noqa: SIM115  until the end

    def _block(self, due: float) -> None:
        block = np.zeros((self._frames, self._channels), np.float32)
        self._callback(block, self._frames, None, None)
        left = max(due, time.monotonic()) + LATENCY + self._frames / _RATE
        self._log.write(f"{left:.4f} {float(np.abs(block).max()):.5f}\n")
        self._log.flush()
