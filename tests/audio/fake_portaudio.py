"""PortAudio as sounddevice shows it, in virtual time, with the failures real devices have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray


class PortAudioError(Exception):
    """As sounddevice raises it."""


@dataclass
class FakeDevice:
    """`rates` and `channels` are the only ones it takes."""

    name: str
    rates: tuple[int, ...] = (48000,)
    inputs: tuple[int, ...] = ()
    outputs: tuple[int, ...] = ()
    busy: bool = False
    plugged: bool = True


class FakeStream:
    def __init__(self, owner: FakePortAudio, device: FakeDevice, settings: dict[str, Any]) -> None:
        self.device, self.settings = device, settings
        self.callback: Callable[..., None] = settings["callback"]
        self.rate, self.channels = settings["samplerate"], settings["channels"]
        self.blocksize = settings["blocksize"]
        self.latency = 0.02
        self.started = self.closed = False
        self._owner = owner

    @property
    def active(self) -> bool:
        return self.started and not self.closed and self.device.plugged

    def start(self) -> None:
        self.started = True

    def close(self, ignore_errors: bool = True) -> None:
        self.closed = True
        self._owner.closing(self)
        self._owner.streams.remove(self)


@dataclass
class FakePortAudio:
    devices: list[FakeDevice]
    now: float = 0.0
    sound: Callable[[NDArray[np.float64]], NDArray[np.float64]] = np.zeros_like
    streams: list[FakeStream] = field(default_factory=list)
    played: list[NDArray[np.float32]] = field(default_factory=list)
    scans: int = 0
    overflowing: bool = False
    PortAudioError: type[Exception] = PortAudioError
    closing: Callable[[FakeStream], None] = lambda stream: None  # may raise, or hang
    ending: Callable[[], None] = lambda: None  # before PortAudio is ended
    beginning: Callable[[], None] = lambda: None  # before it is begun anew

    def __post_init__(self) -> None:
        self.default = SimpleNamespace(device=[0, 0])
        self._listed = [device for device in self.devices if device.plugged]
        self._captured_until = 0.0

    def clock(self) -> float:
        return self.now

    def query_devices(self) -> list[dict[str, Any]]:
        return [
            {
                "name": device.name,
                "max_input_channels": max(device.inputs, default=0),
                "max_output_channels": max(device.outputs, default=0),
                "default_samplerate": float(device.rates[0]),
            }
            for device in self._listed
        ]

    def check_input_settings(self, *, device: int, channels: int, samplerate: float) -> None:
        self._check(self._listed[device], self._listed[device].inputs, channels, samplerate)

    def check_output_settings(self, *, device: int, channels: int, samplerate: float) -> None:
        self._check(self._listed[device], self._listed[device].outputs, channels, samplerate)

    def _check(
        self, device: FakeDevice, allowed: tuple[int, ...], channels: int, rate: float
    ) -> None:
        if not device.plugged or device.busy:
            raise PortAudioError("Device unavailable [PaErrorCode -9985]")
        if rate not in device.rates:
            raise PortAudioError("Invalid sample rate [PaErrorCode -9997]")
        if channels not in allowed:
            raise PortAudioError("Invalid number of channels [PaErrorCode -9998]")

    def InputStream(self, **settings: Any) -> FakeStream:  # noqa: N802
        return self._stream(settings, "check_input_settings")

    def OutputStream(self, **settings: Any) -> FakeStream:  # noqa: N802
        return self._stream(settings, "check_output_settings")

    def _stream(self, settings: dict[str, Any], check: str) -> FakeStream:
        getattr(self, check)(
            device=settings["device"],
            channels=settings["channels"],
            samplerate=settings["samplerate"],
        )
        stream = FakeStream(self, self._listed[settings["device"]], settings)
        stream.is_input = check == "check_input_settings"  # type: ignore[attr-defined]
        self.streams.append(stream)
        return stream

    def _terminate(self) -> None:
        self.ending()
        assert not self.streams, "PortAudio was ended under an open stream"

    def _initialize(self) -> None:
        self.beginning()
        self.scans += 1
        self._listed = [device for device in self.devices if device.plugged]

    def run(self, seconds: float, each: Callable[[], None]) -> None:
        """Let time pass in blocks of 20 ms: callbacks of what is open, then `each`."""
        for _ in range(round(seconds / 0.02)):
            self.now += 0.02
            for stream in list(self.streams):
                if stream.active:
                    self._call(stream)
            each()

    def _call(self, stream: FakeStream) -> None:
        block = np.zeros((stream.blocksize, stream.channels), np.float32)
        if stream.is_input:  # type: ignore[attr-defined]
            times = self.now - 0.02 + np.arange(stream.blocksize) / stream.rate
            sound = self.sound(times)
            block[:] = sound if sound.ndim == 2 else sound[:, None]
            stream.callback(block, len(block), None, self.overflowing)
        else:
            stream.callback(block, len(block), None, False)
            self.played.append(block.copy())
