"""Microphones and speakers as they come: odd rates, stereo only, busy, unplugged, replugged."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from appliance.audio.patience import HungError, Patience
from appliance.audio.player import Player
from appliance.audio.portaudio import NoDeviceError, names, negotiate
from appliance.audio.ports import Ports
from appliance.messages import Fault, Message
from tests.audio.fake_portaudio import FakeDevice, FakePortAudio, PortAudioError
from tests.waiting import until


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
    with pytest.raises(NoDeviceError, match="no input device"):
        negotiate(portaudio, "input", "")  # type: ignore[arg-type]
    with pytest.raises(NoDeviceError, match="named 'x'"):
        negotiate(portaudio, "output", "x")  # type: ignore[arg-type]


def test_one_channel_of_a_stereo_microphone_is_heard_and_mono_is_played_on_all() -> None:
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


NUMBERED = [
    ("Card: Audio (hw:1,0)", "Card: Audio (hw:2,0)"),
    ("Card: Audio (hw:2,0)", "card: audio"),
    ("USB PnP Sound Device: Audio (plughw:10,1)", "USB PnP Sound Device: Audio (hw:1,0)"),
    ("Card: Audio #2 (hw:3,0)", "Card: Audio #2 (hw:0,0)"),
]


@pytest.mark.parametrize(("there", "wanted"), NUMBERED)
@pytest.mark.parametrize("kind", ["input", "output"])
def test_the_chosen_device_is_the_same_under_another_number(
    kind: str, there: str, wanted: str
) -> None:
    ways = {"inputs": (1,)} if kind == "input" else {"outputs": (1,)}
    other = FakeDevice("HDMI: Other (hw:0,0)", **ways)  # type: ignore[arg-type]
    device = FakeDevice(there, **ways)  # type: ignore[arg-type]
    portaudio = FakePortAudio([other, device])
    assert negotiate(portaudio, kind, wanted).name == there  # type: ignore[arg-type]


def test_of_two_cards_alike_the_one_with_the_chosen_number_is_taken() -> None:
    devices = [FakeDevice(f"Card: Audio (hw:{n},0)", inputs=(1,)) for n in (1, 2)]
    portaudio = FakePortAudio(devices)
    chosen = negotiate(portaudio, "input", "Card: Audio (hw:2,0)")  # type: ignore[arg-type]
    assert chosen.name == "Card: Audio (hw:2,0)"


def test_another_microphone_stands_in_for_the_chosen_one_and_that_is_told_once() -> None:
    wanted = FakeDevice("Card: Audio (hw:1,0)", inputs=(1,), plugged=False)
    room = Room(FakeDevice("Built-in (hw:0,0)", inputs=(1,)), wanted, microphone=wanted.name)
    room.ports.speaker.wanted = False
    room.run(5.0)
    assert room.captured
    room.run(200.0)
    codes = [m.code for m in room.messages if isinstance(m, Fault)]
    assert codes == ["other-microphone"]
    wanted.plugged = True
    room.run(130.0)
    assert room.ports.microphone.choice is not None
    assert room.ports.microphone.choice.name == wanted.name, "the chosen one is back"


def delayed(signal: np.ndarray, samples: int) -> np.ndarray:
    return np.concatenate([np.zeros(samples), signal[: len(signal) - samples]])


def heard_of(channels: list[np.ndarray]) -> np.ndarray:
    """What is captured of a microphone with these channels at 16 kHz."""
    device = FakeDevice("Array", (16000,), inputs=(len(channels),))
    room = Room(device)
    room.ports.speaker.wanted = False
    stacked = np.stack(channels, axis=1)

    def sound(times: np.ndarray) -> np.ndarray:
        places = np.rint(times * 16000).astype(int)
        return stacked[np.clip(places, 0, len(stacked) - 1)]

    room.portaudio.sound = sound
    room.run(len(stacked) / 16000 - 0.1)
    return np.concatenate([block for block, _ in room.captured])


def likeness(heard: np.ndarray, source: np.ndarray) -> float:
    lags = np.correlate(source[:20000], heard[:16000], "valid")
    return float(
        np.abs(lags).max() / np.linalg.norm(heard[:16000]) / np.linalg.norm(source[:16000])
    )


def test_of_an_array_one_channel_is_heard_and_not_the_mean_of_all() -> None:
    noise = np.random.default_rng(1)
    voice, other = noise.normal(0, 0.1, 32000), noise.normal(0, 0.1, 32000)
    array = [voice, *(delayed(voice, lag) for lag in (4, 6, 7, 9)), other]
    heard = heard_of(array)
    assert likeness(heard, voice) > 0.95
    assert likeness(heard, other) < 0.1


def test_a_channel_that_carries_nothing_is_left_for_one_that_does() -> None:
    voice = np.random.default_rng(2).normal(0, 0.1, 48000)
    heard = heard_of([np.zeros(48000), voice])
    assert np.abs(heard[16000:]).max() > 0.1


def raising() -> None:
    raise PortAudioError("Internal PortAudio error [PaErrorCode -9986]")


@pytest.mark.parametrize("way", ["close", "terminate", "initialize", "everything"])
def test_whatever_portaudio_throws_the_microphone_is_heard_again(way: str) -> None:
    microphone = FakeDevice("USB mic", inputs=(1,))
    room = Room(microphone)
    room.ports.speaker.wanted = False
    room.run(1.0)
    if way in ("close", "everything"):
        room.portaudio.closing = lambda stream: raising()
    if way in ("terminate", "everything"):
        room.portaudio.ending = raising
    if way in ("initialize", "everything"):
        room.portaudio.beginning = raising
    microphone.plugged = False
    room.run(10.0)
    assert [m.code for m in room.messages if isinstance(m, Fault)] == ["device-lost"]
    room.portaudio.closing, room.portaudio.ending = lambda stream: None, lambda: None
    if way == "everything":
        room.portaudio.beginning = lambda: None
        room.portaudio.streams.clear()
    else:
        room.portaudio.beginning = lambda: None
    room.captured.clear()
    microphone.plugged = True
    room.run(15.0)
    assert room.captured


def test_a_close_that_never_comes_back_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    microphone = FakeDevice("USB mic", inputs=(1,))
    room = Room(microphone)
    monkeypatch.setattr(room.ports, "_patience", Patience(0.05))
    room.ports.speaker.wanted = False
    room.run(1.0)
    never = threading.Event()
    room.portaudio.closing = lambda stream: never.wait(60) and None
    microphone.plugged = False
    room.run(3.0)
    assert room.ports.microphone.stream is None
    room.captured.clear()
    microphone.plugged = True
    room.run(15.0)
    assert room.captured
    never.set()


def test_a_stream_that_opens_when_nobody_waits_any_more_is_closed_again() -> None:
    closed: list[str] = []
    go = threading.Event()
    patience = Patience(0.05)

    def open_late() -> str:
        go.wait(10)
        return "stream"

    with pytest.raises(HungError):
        patience.call(open_late, closed.append)
    assert patience.hanging == 1
    go.set()
    until(lambda: closed == ["stream"])
    assert patience.hanging == 0
