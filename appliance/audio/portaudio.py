"""Which device, at which rate: PortAudio asked, never guessed.

PortAudio itself may be absent (sounddevice then fails to import with OSError), a device may take
only 44.1 or 48 kHz, only stereo, or be busy: each is tried until one works.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal, Protocol, cast

from appliance.errors import LoryError

Kind = Literal["input", "output"]

# As PortAudio writes ALSA's names: "Card: Device (hw:1,0)".
_NUMBERED = re.compile(r"\(?\b(?:plug)?hw:\d+(?:,\d+)*\)?")

_RATES = {
    "input": (16000, 48000, 44100, 32000, 96000, 8000),
    "output": (48000, 44100, 24000, 16000),
}


class Stream(Protocol):
    """What is used of sounddevice's streams."""

    latency: float
    active: bool

    def start(self) -> None: ...
    def close(self, ignore_errors: bool = True) -> None: ...


class PortAudio(Protocol):
    """What is used of the module `sounddevice`."""

    PortAudioError: type[Exception]
    default: Any
    InputStream: Callable[..., Stream]
    OutputStream: Callable[..., Stream]

    def query_devices(self) -> Any: ...
    def check_input_settings(self, *, device: int, channels: int, samplerate: float) -> None: ...
    def check_output_settings(self, *, device: int, channels: int, samplerate: float) -> None: ...
    def _terminate(self) -> None: ...
    def _initialize(self) -> None: ...


class NoDeviceError(LoryError, LookupError):
    """No device of the kind, none of that name, or none that takes any format."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A device and the format it takes."""

    index: int
    name: str
    rate: int
    channels: int


def load_portaudio() -> tuple[PortAudio | None, str]:
    """sounddevice, or None and why."""
    try:
        return cast(PortAudio, import_module("sounddevice")), ""
    except (OSError, ImportError) as error:
        return None, str(error)


def negotiate(portaudio: PortAudio, kind: Kind, name: str) -> Choice:
    """The device named (part of its name, any case), else the first USB one, else the default.

    ALSA numbers its cards as they come, so the same name under another number is the same device.

    Raises:
        NoDeviceError: with the reason.
    """
    devices = list(portaudio.query_devices())
    usable = [i for i, device in enumerate(devices) if _channels(device, kind) > 0]
    if not usable:
        raise NoDeviceError(f"no {kind} device")
    if name:
        usable = _named(name, {i: str(devices[i]["name"]) for i in usable})
        if not usable:
            raise NoDeviceError(f"no {kind} device named {name!r}")
    reasons = []
    for index in _preferred(portaudio, devices, usable, kind):
        try:
            return _format(portaudio, kind, index, devices[index])
        except NoDeviceError as error:
            reasons.append(str(error))
    raise NoDeviceError("; ".join(reasons))


def _named(name: str, devices: dict[int, str]) -> list[int]:
    """Those of the name as it is, else those of it without the card's number."""
    for wanted, them in (
        (name.lower(), {i: each.lower() for i, each in devices.items()}),
        (_lasting(name), {i: _lasting(each) for i, each in devices.items()}),
    ):
        if found := [i for i, each in them.items() if wanted and wanted in each]:
            return found
    return []


def _lasting(name: str) -> str:
    """A device's name without what changes from one boot to the next, in small letters."""
    return " ".join(_NUMBERED.sub(" ", name).lower().split())


def names(portaudio: PortAudio, kind: Kind) -> tuple[str, ...]:
    """All devices of the kind, each name once."""
    found = [str(it["name"]) for it in portaudio.query_devices() if _channels(it, kind) > 0]
    return tuple(dict.fromkeys(found))


def _channels(device: Any, kind: Kind) -> int:
    return int(device[f"max_{kind}_channels"])


def _preferred(
    portaudio: PortAudio, devices: list[Any], usable: list[int], kind: Kind
) -> Iterator[int]:
    default = int(portaudio.default.device[0 if kind == "input" else 1])
    usb = [i for i in usable if "usb" in str(devices[i]["name"]).lower()]
    order = [*usb, *([default] if default in usable else []), *usable]
    return iter(dict.fromkeys(order))


def _format(portaudio: PortAudio, kind: Kind, index: int, device: Any) -> Choice:
    check = portaudio.check_input_settings if kind == "input" else portaudio.check_output_settings
    name = str(device["name"])
    native = int(device.get("default_samplerate") or 0)
    rates = dict.fromkeys([*_RATES[kind], *([native] if native > 0 else [])])
    channels = dict.fromkeys([1, min(2, _channels(device, kind)), _channels(device, kind)])
    reason = "takes no format"
    for rate in rates:
        for count in channels:
            try:
                check(device=index, channels=count, samplerate=rate)
            except (portaudio.PortAudioError, ValueError) as error:
                reason = str(error)
            else:
                return Choice(index, name, rate, count)
    raise NoDeviceError(f"{name}: {reason}")
