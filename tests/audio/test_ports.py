"""Microphones and speakers as they come: odd rates, stereo only, busy, unplugged, replugged."""

from __future__ import annotations

import numpy as np
import pytest

from appliance.audio.player import Player
from appliance.audio.portaudio import NoDevice, names, negotiate
from appliance.audio.ports import Ports
from appliance.messages import Fault, Message
from tests.audio.fake_portaudio import FakeDevice, FakePortAudio


class Room:
    def __init__(self, *devices: FakeDevice, microphone: str = "") -> None:
        self.portaudio = FakePortAudio(list(devices))
        self.player = Player(24000, self.portaudio.clock)
        self.captured: list[tuple[np.ndarray, int]] = []
        self.messages: list[Message] = []
        self.ports = Ports(
            self.portaudio,  # type: ignore[arg-type]
            self.player,
            self.portaudio.clock,
            lambda block, rate: self.captured.append((block, rate)),
            microphone,
        )
        self.ports.microphone.wanted = self.ports.speaker.wanted = True
        self.idle = True

    def step(self) -> None:
        messages, _ = self.ports.step(self.idle)
        self.messages += messages

    def run(self, seconds: float) -> None:
        self.portaudio.run(seconds, self.step)


@pytest.mark.parametrize(
    ("rates", "channels", "expected"),
    [
        ((16000, 48000), (1, 2), (16000, 1)),
        ((44100,), (2,), (44100, 2)),
        ((48000,), (1,), (48000, 1)),
        ((8000,), (1,), (8000, 1)),
        ((96000,), (2,), (96000, 2)),
        ((37800,), (1,), (37800, 1)),
        ((48000,), (6,), (48000, 6)),
    ],
)
def test_a_microphone_is_opened_at_what_it_takes(
    rates: tuple[int, ...], channels: tuple[int, ...], expected: tuple[int, int]
) -> None:
    device = FakeDevice("mic", rates, inputs=channels)
    choice = negotiate(FakePortAudio([device]), "input", "")  # type: ignore[arg-type]
    assert (choice.rate, choice.channels) == expected


def test_the_named_device_then_usb_then_the_default() -> None:
    devices = [
        FakeDevice("HDMI", inputs=(1,)),
        FakeDevice("USB PnP Sound", inputs=(1,)),
        FakeDevice("Array", inputs=(1,)),
    ]
    portaudio = FakePortAudio(devices)
    assert negotiate(portaudio, "input", "array").name == "Array"  # type: ignore[arg-type]
    assert negotiate(portaudio, "input", "").name == "USB PnP Sound"  # type: ignore[arg-type]
    portaudio.default.device = [2, -1]
    del portaudio._listed[1]
    portaudio.default.device = [1, -1]
    assert negotiate(portaudio, "input", "").name == "Array"  # type: ignore[arg-type]


def test_all_devices_are_named_so_that_one_can_be_chosen() -> None:
    devices = [
        FakeDevice("HDMI", outputs=(2,)),
        FakeDevice("USB card", inputs=(1,), outputs=(2,)),
        FakeDevice("USB card", inputs=(1,)),
    ]
    portaudio = FakePortAudio(devices)
    assert names(portaudio, "input") == ("USB card",)  # type: ignore[arg-type]
    assert names(portaudio, "output") == ("HDMI", "USB card")  # type: ignore[arg-type]


def test_no_device_says_what_is_missing() -> None:
    portaudio = FakePortAudio([FakeDevice("speaker", outputs=(2,))])
    with pytest.raises(NoDevice, match="no input device"):
        negotiate(portaudio, "input", "")  # type: ignore[arg-type]
    with pytest.raises(NoDevice, match="named 'x'"):
        negotiate(portaudio, "output", "x")  # type: ignore[arg-type]


def test_stereo_is_mixed_to_mono_and_mono_is_played_on_all_channels() -> None:
    room = Room(FakeDevice("card", (44100,), inputs=(2,), outputs=(2,)))
    room.portaudio.sound = lambda times: np.full(len(times), 0.25)
    room.player.add(1, 0, np.full(24000, 0.5, np.float32), 24000)
    room.player.end(1, 0, True)
    room.run(0.5)
    block, rate = room.captured[-1]
    assert rate == 44100 and block.ndim == 1
    np.testing.assert_allclose(block, 0.25)
    assert room.portaudio.played[-1].shape[1] == 2
    np.testing.assert_allclose(room.portaudio.played[-1], 0.5, atol=0.01)


def test_a_microphone_pulled_out_is_reported_once_and_comes_back_by_itself() -> None:
    microphone = FakeDevice("USB mic", inputs=(1,))
    room = Room(FakeDevice("card", outputs=(2,)), microphone)
    room.run(1.0)
    assert room.captured and room.messages == []
    microphone.plugged = False
    room.run(30.0)
    assert [m.code for m in room.messages if isinstance(m, Fault)] == ["device-lost"]
    room.captured.clear()
    microphone.plugged = True
    room.run(15.0)
    assert room.captured, "the replugged microphone is used again within seconds"


def test_looking_for_a_speaker_rarely_interrupts_the_microphone() -> None:
    room = Room(FakeDevice("USB mic", inputs=(1,)))
    room.run(60.0)
    assert 3 <= room.portaudio.scans <= 7


def test_the_speaker_is_not_interrupted_to_look_for_a_microphone() -> None:
    microphone = FakeDevice("USB mic", inputs=(1,))
    room = Room(FakeDevice("card", outputs=(2,)), microphone)
    room.run(1.0)
    room.idle = False
    microphone.plugged = False
    scans = room.portaudio.scans
    room.run(10.0)
    assert room.portaudio.scans == scans


def test_a_busy_device_is_tried_again_with_growing_patience() -> None:
    device = FakeDevice("USB mic", inputs=(1,), busy=True)
    room = Room(device)
    room.ports.speaker.wanted = False
    room.run(60.0)
    assert [m.code for m in room.messages if isinstance(m, Fault)] == ["device-busy"]
    assert 10 < room.portaudio.scans < 30
    device.busy = False
    room.run(6.0)
    assert room.captured


def test_a_device_that_silently_stops_is_opened_again() -> None:
    room = Room(FakeDevice("USB mic", inputs=(1,)))
    room.ports.speaker.wanted = False
    room.run(0.5)
    stream = room.portaudio.streams[0]
    stream.callback = lambda *_: None  # PortAudio still says that it is active
    room.run(4.0)
    assert stream.closed and room.portaudio.streams
