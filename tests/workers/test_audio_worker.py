"""The audio worker as main and its peers see it, on virtual devices and a real Unix socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from appliance.audio.chimes import chime
from appliance.audio.options import AudioOptions
from appliance.messages import (
    AudioDevices,
    Chime,
    ClauseStarted,
    Credit,
    Drops,
    EndListen,
    EndpointTimes,
    Fault,
    Level,
    Listen,
    Message,
    OpenMic,
    Pcm,
    PcmEnd,
    PcmHello,
    PlaybackDone,
    PlayRecorded,
    Ready,
    Ring,
    SetVolume,
    SpeechEnded,
    Stop,
    StopRing,
    Warn,
)
from appliance.sound.wav import read_wav, write_wav
from appliance.workers.audio import AudioWorker
from appliance.workers.channel import Channel
from tests.audio.fake_portaudio import FakeDevice, FakePortAudio
from tests.waiting import until


class Peer:
    """The recogniser's or synthesiser's end of the link; reads all the time, as they do."""

    def __init__(self, path: str, role: str) -> None:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.connect(path)
        self._channel = Channel(connection)
        self._channel.send(PcmHello(role))  # type: ignore[arg-type]
        self.received: list[Message] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            while (message := self._channel.receive()) is not None:
                self.received.append(message)
        except OSError:
            pass

    def send(self, message: Message) -> None:
        self._channel.send(message)

    def close(self) -> None:
        self._channel.close()

    def utterance(self) -> tuple[int, PcmEnd]:
        """Samples received, and the end mark."""
        until(lambda: any(isinstance(m, PcmEnd) for m in self.received))
        pcm = [m for m in self.received if isinstance(m, Pcm)]
        assert all(m.rate == 16000 for m in pcm)
        (end,) = [m for m in self.received if isinstance(m, PcmEnd)]
        return sum(len(m.samples) // 4 for m in pcm), end

    def credit(self) -> float:
        return sum(m.seconds for m in self.received if isinstance(m, Credit))


class Box:
    """An audio worker whose service loop is called by hand, in virtual time."""

    def __init__(self, tmp_path: Path, portaudio: FakePortAudio | None, **options: object) -> None:
        self.portaudio = portaudio or FakePortAudio([])
        self.sent: list[Message] = []
        self.options = AudioOptions(
            pcm_socket=str(tmp_path / "pcm.sock"),
            wav_directory=str(tmp_path / "out"),
            **options,  # type: ignore[arg-type]
        )
        self.worker = AudioWorker(
            self.options,
            self.sent.append,
            self.portaudio.clock,
            self.portaudio,  # type: ignore[arg-type]
        )
        self.worker._serve = lambda: None  # type: ignore[method-assign]
        self.worker.start()
        self.peers: list[Peer] = []

    def step(self) -> None:
        self.worker._capture.drain()
        self.worker.step()

    def run(self, seconds: float) -> None:
        self.portaudio.run(seconds, self.step)

    def connect(self, role: str) -> Peer:
        peer = Peer(self.options.pcm_socket, role)
        until(lambda: role in self.worker._server._clients)  # type: ignore[union-attr]
        self.peers.append(peer)
        return peer

    def say(self, turn: int, seconds: float, last: bool = True) -> None:
        tone = (0.5 * np.sin(np.arange(int(24000 * seconds)) * 0.2)).astype(np.float32)
        self.worker._from_link("tts", Pcm(turn, 0, 24000, tone.tobytes()))
        self.worker._from_link("tts", PcmEnd(turn, 0, last))

    def of(self, kind: type) -> list:
        return [message for message in self.sent if isinstance(message, kind)]

    def close(self) -> None:
        for peer in self.peers:
            peer.close()
        self.worker.close()


@pytest.fixture
def make_box(tmp_path: Path) -> Iterator[Callable[..., Box]]:
    boxes: list[Box] = []

    def make(portaudio: FakePortAudio | None = None, **options: object) -> Box:
        boxes.append(Box(tmp_path, portaudio, **options))
        return boxes[-1]

    yield make
    for box in boxes:
        box.close()


def speech(rate: int, seconds: float = 2.0) -> np.ndarray:
    """Syllables: bursts of a harmonic tone, which the VAD of last resort takes for speech."""
    times = np.arange(int(rate * seconds)) / rate
    voice = sum(np.sin(2 * np.pi * 150 * k * times) / k for k in range(1, 8))
    return (0.2 * voice * (np.sin(2 * np.pi * 3 * times) > -0.6)).astype(np.float32)


def card() -> FakeDevice:
    return FakeDevice("USB card", (48000,), inputs=(1,), outputs=(2,))


# ------------------------------------------------------------------ files instead of a microphone


def with_silence(samples: np.ndarray, rate: int) -> np.ndarray:
    quiet = np.zeros(rate, np.float32)
    return np.concatenate([quiet, samples, quiet])


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
def test_a_spoken_file_of_any_rate_reaches_the_recogniser(
    make_box: Callable[..., Box], tmp_path: Path, rate: int
) -> None:
    box = make_box()
    asr = box.connect("asr")
    write_wav(tmp_path / "in.wav", with_silence(speech(rate), rate), rate)
    box.worker.handle(Listen(1, False, wav=str(tmp_path / "in.wav"), fast=True))
    (ended,) = box.of(SpeechEnded)
    assert ended.heard and ended.reason == "file"
    samples, end = asr.utterance()
    assert end == PcmEnd(1, 0, True, discard=False)
    assert samples == pytest.approx(4 * 16000, abs=2)


def test_a_file_is_fed_in_real_time_unless_told_otherwise(
    make_box: Callable[..., Box], tmp_path: Path
) -> None:
    box = make_box()
    write_wav(tmp_path / "in.wav", with_silence(speech(16000), 16000), 16000)
    box.worker.handle(Listen(1, False, wav=str(tmp_path / "in.wav")))
    box.run(3.8)
    assert box.of(SpeechEnded) == []
    box.run(0.4)
    assert len(box.of(SpeechEnded)) == 1


@pytest.mark.parametrize("level", [0.0, 0.003])
def test_a_file_of_silence_or_faint_noise_was_not_heard(
    make_box: Callable[..., Box], tmp_path: Path, level: float
) -> None:
    box = make_box()
    asr = box.connect("asr")
    noise = np.random.default_rng(0).normal(0, level, 3 * 16000).astype(np.float32)
    write_wav(tmp_path / "in.wav", noise, 16000)
    box.worker.handle(Listen(1, False, wav=str(tmp_path / "in.wav"), fast=True))
    assert [ended.heard for ended in box.of(SpeechEnded)] == [False]
    assert asr.utterance()[1] == PcmEnd(1, 0, True, discard=True)


def test_what_is_no_wav_file_is_a_fault_of_that_turn_and_listening_goes_on_later(
    make_box: Callable[..., Box], tmp_path: Path
) -> None:
    box = make_box()
    (tmp_path / "no.wav").write_text("not audio")
    box.worker.handle(Listen(5, False, wav=str(tmp_path / "no.wav"), fast=True))
    (fault,) = box.of(Fault)
    assert (fault.code, fault.turn, fault.fatal) == ("bad-audio", 5, False)
    write_wav(tmp_path / "in.wav", with_silence(speech(16000), 16000), 16000)
    box.worker.handle(Listen(6, True, wav=str(tmp_path / "in.wav"), fast=True))
    assert box.of(SpeechEnded)[-1].heard


# ------------------------------------------------------------------ no sound card


def test_without_a_sound_card_answers_become_files_at_their_own_pace(
    make_box: Callable[..., Box],
) -> None:
    box = make_box()
    assert box.of(AudioDevices)[-1].sink == "wav"
    box.say(3, 1.0)
    box.run(0.9)
    assert box.of(ClauseStarted) and box.of(PlaybackDone) == []
    box.run(0.3)
    (done,) = box.of(PlaybackDone)
    samples, rate = read_wav(done.wav)
    assert not done.stopped
    assert len(samples) / rate == pytest.approx(1.0, abs=0.03)
    assert np.abs(samples).max() == pytest.approx(0.5 * 0.8, abs=0.02)


def test_fast_files_are_there_at_once(make_box: Callable[..., Box]) -> None:
    box = make_box(fast=True)
    box.say(3, 60.0)
    box.step()
    (done,) = box.of(PlaybackDone)
    samples, rate = read_wav(done.wav)
    assert len(samples) / rate == pytest.approx(60.0, abs=0.05)


def test_listening_without_a_microphone_is_a_fault_and_not_the_end(
    make_box: Callable[..., Box],
) -> None:
    box = make_box()
    box.worker.handle(Listen(1, True))
    assert [(fault.code, fault.turn) for fault in box.of(Fault)][-1] == ("no-microphone", 1)
    box.say(2, 0.1)
    box.run(0.5)
    assert box.of(PlaybackDone)


def test_a_directory_that_cannot_be_written_leaves_a_silent_box(
    make_box: Callable[..., Box], tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file in the way")
    box = make_box()
    assert "no-speaker" in [fault.code for fault in box.of(Fault)]
    box.say(1, 0.2)
    box.run(0.5)
    assert box.of(PlaybackDone) == [PlaybackDone(1, False)]


def test_a_missing_vad_model_is_said_and_energy_decides(make_box: Callable[..., Box]) -> None:
    box = make_box(vad_model="/nonexistent/silero_vad.onnx")
    assert any("by energy" in warn.detail for warn in box.of(Warn))
    assert box.of(Ready)[0].engine == "energy"


# ------------------------------------------------------------------ a sound card


def test_push_to_talk_through_a_48_khz_microphone(make_box: Callable[..., Box]) -> None:
    portaudio = FakePortAudio([card()])
    voice = speech(48000, 60.0)
    portaudio.sound = lambda t: voice[(t * 48000).round().astype(int)] * (t > 2.0)
    box = make_box(portaudio)
    box.worker.handle(OpenMic())
    box.run(2.4)
    box.worker.handle(Listen(1, False, preroll=0.5))
    box.run(1.0)
    box.worker.handle(EndListen(1))
    (ended,) = box.of(SpeechEnded)
    assert ended.heard and ended.reason == "key"
    assert ended.seconds == pytest.approx(1.5, abs=0.05)


@pytest.mark.parametrize(
    ("rate", "channels"), [(8000, 1), (44100, 2), (48000, 6), (96000, 1), (96000, 2)]
)
def test_speech_from_any_microphone_reaches_the_recogniser_at_16_khz(
    make_box: Callable[..., Box], rate: int, channels: int
) -> None:
    portaudio = FakePortAudio([FakeDevice("USB mic", (rate,), inputs=(channels,))])
    voice = speech(rate, 10.0)
    portaudio.sound = lambda t: voice[(t * rate).round().astype(int)] * (t > 0.5)
    box = make_box(portaudio)
    asr = box.connect("asr")
    box.worker.handle(Listen(1, False, preroll=0.0))
    box.run(2.5)
    box.worker.handle(EndListen(1))
    assert box.of(SpeechEnded)[-1].heard
    samples, end = asr.utterance()
    assert not end.discard
    assert samples == pytest.approx(2.5 * 16000, rel=0.03)


def test_a_microphone_that_another_program_holds_is_said_to_be_busy(
    make_box: Callable[..., Box],
) -> None:
    box = make_box(FakePortAudio([FakeDevice("USB mic", inputs=(1,), busy=True)]))
    box.worker.handle(Listen(3, False))
    assert [(fault.code, fault.turn) for fault in box.of(Fault)][-1] == ("device-busy", 3)


def test_a_muted_microphone_is_told_from_a_quiet_room(make_box: Callable[..., Box]) -> None:
    portaudio = FakePortAudio([card()])
    box = make_box(portaudio)
    noise = np.random.default_rng(0).normal(0, 1e-4, 96000 * 9)
    for turn, sound in enumerate((np.zeros_like, lambda t: noise[: len(t)]), 1):
        portaudio.sound = sound
        box.worker.handle(Listen(turn, False))
        box.run(1.0)
        box.worker.handle(EndListen(turn))
    assert [(ended.heard, ended.flaw) for ended in box.of(SpeechEnded)] == [
        (False, "dead"),
        (False, ""),
    ]


def test_blocks_the_microphone_lost_are_counted_and_told_at_most_once_a_second(
    make_box: Callable[..., Box],
) -> None:
    portaudio = FakePortAudio([card()])
    box = make_box(portaudio)
    box.worker.handle(OpenMic())
    box.run(1.0)
    assert box.of(Drops) == []
    portaudio.overflowing = True
    box.run(3.0)
    portaudio.overflowing = False
    box.run(2.0)
    assert 3 <= len(box.of(Drops)) <= 5
    assert box.of(Drops)[-1] == Drops(150, 0)


def test_five_minutes_without_a_pause_are_heard_to_the_limit(
    make_box: Callable[..., Box], tmp_path: Path
) -> None:
    box = make_box()
    asr = box.connect("asr")
    write_wav(tmp_path / "long.wav", speech(16000, 310.0), 16000)
    box.worker.handle(Listen(1, False, wav=str(tmp_path / "long.wav"), fast=True))
    (ended,) = box.of(SpeechEnded)
    assert ended.reason == "limit" and ended.heard
    assert asr.utterance()[0] == pytest.approx(300 * 16000, rel=0.001)


def test_while_the_wake_word_is_waited_for_a_plugged_in_speaker_is_found(
    make_box: Callable[..., Box],
) -> None:
    speaker = FakeDevice("USB speaker", outputs=(2,), plugged=False)
    portaudio = FakePortAudio([FakeDevice("USB mic", inputs=(1,)), speaker])
    box = make_box(portaudio)
    box.worker.handle(Listen(1, True, times=EndpointTimes(patience=1e9), meter=False))
    box.run(5.0)
    speaker.plugged = True
    box.run(30.0)
    assert box.of(AudioDevices)[-1].speaker == "USB speaker"
    assert box.worker._listener.turn == 1 and box.of(Level) == []


def test_the_box_does_not_listen_to_itself(make_box: Callable[..., Box]) -> None:
    portaudio = FakePortAudio([card()])
    portaudio.sound = lambda t: np.full(len(t), 0.3)
    box = make_box(portaudio)
    box.worker.handle(OpenMic())
    box.say(1, 5.0)
    box.run(2.0)
    box.worker.handle(Listen(2, False, preroll=1.0))
    assert box.of(PlaybackDone) == [] or box.of(PlaybackDone)[-1].stopped
    box.run(0.04)
    assert not box.worker._listener.recorded().any(), "what was captured while it spoke is silence"
    box.run(1.0)
    assert box.worker._listener.recorded().any()
    assert box.of(PlaybackDone) == [PlaybackDone(1, True)]


def test_a_stop_silences_the_speaker_within_one_block(make_box: Callable[..., Box]) -> None:
    portaudio = FakePortAudio([card()])
    box = make_box(portaudio)
    box.say(1, 5.0)
    box.run(1.0)
    assert portaudio.played[-1].any()
    box.worker.take(Stop(1))
    portaudio.played.clear()
    box.say(1, 1.0)
    box.run(0.5)
    assert not any(block.any() for block in portaudio.played[1:])


def test_a_microphone_lost_in_mid_word_ends_the_utterance(make_box: Callable[..., Box]) -> None:
    device = card()
    portaudio = FakePortAudio([device])
    voice = speech(48000, 60.0)
    portaudio.sound = lambda t: voice[(t * 48000).round().astype(int)] * (t > 0.5)
    box = make_box(portaudio)
    box.worker.handle(Listen(1, True))
    box.run(1.5)
    device.plugged = False
    box.run(1.0)
    assert [(ended.reason, ended.heard) for ended in box.of(SpeechEnded)] == [("lost", True)]
    assert ("device-lost", 1) in [(fault.code, fault.turn) for fault in box.of(Fault)]
    box.say(2, 0.1)
    box.run(1.0)
    assert box.of(PlaybackDone), "the answer then goes into a file"


def test_a_microphone_that_was_plugged_in_just_now_is_used_by_the_talk_key(
    make_box: Callable[..., Box],
) -> None:
    device = card()
    device.plugged = False
    portaudio = FakePortAudio([device])
    box = make_box(portaudio)
    box.worker.handle(Listen(1, True))
    assert box.of(Fault)[-1].code == "no-microphone"
    box.run(0.1)
    device.plugged = True
    box.worker.handle(Listen(2, True))
    box.run(0.2)
    assert box.worker._listener.turn == 2


def test_the_parrot_repeats_what_it_heard(make_box: Callable[..., Box], tmp_path: Path) -> None:
    box = make_box(fast=True)
    write_wav(tmp_path / "in.wav", with_silence(speech(16000), 16000), 16000)
    box.worker.handle(Listen(1, False, wav=str(tmp_path / "in.wav"), fast=True))
    box.worker.handle(PlayRecorded(2))
    box.step()
    samples, rate = read_wav(box.of(PlaybackDone)[-1].wav)
    assert len(samples) / rate == pytest.approx(4.0, abs=0.05)


@pytest.mark.parametrize("kind", ["listen", "heard", "error"])
def test_chimes_are_short_quiet_and_end_at_zero(make_box: Callable[..., Box], kind: str) -> None:
    sound = chime(kind, 48000)
    assert len(sound) < 0.4 * 48000
    assert 0.1 < np.abs(sound).max() <= 0.3
    assert abs(float(sound[-1])) < 0.01
    portaudio = FakePortAudio([card()])
    box = make_box(portaudio)
    box.worker.handle(Chime(kind))  # type: ignore[arg-type]
    box.run(0.1)
    assert any(block.any() for block in portaudio.played)


def test_what_rings_is_heard_from_a_muted_box_until_it_is_stopped(
    make_box: Callable[..., Box],
) -> None:
    portaudio = FakePortAudio([card()])
    box = make_box(portaudio)
    box.worker.handle(SetVolume(0.0))
    box.worker.handle(Ring("alarm", 0.5, 0.7, 5.0, 60.0))
    box.run(1.0)
    assert max(np.abs(block).max() for block in portaudio.played) > 0.4
    box.worker.handle(StopRing())
    box.run(0.1)
    heard = len(portaudio.played)
    box.run(0.5)
    assert not any(block.any() for block in portaudio.played[heard:])


def test_what_rings_on_a_box_without_a_speaker_fills_no_file(
    make_box: Callable[..., Box], tmp_path: Path
) -> None:
    box = make_box()
    box.worker.handle(Ring("timer", 0.5, 0.7, 5.0, 1.0))
    box.run(2.0)
    assert list((tmp_path / "out").glob("*.wav")) == []


# ------------------------------------------------------------------ the PCM link


def test_the_synthesiser_is_granted_room_and_gets_it_back_as_sound_is_played(
    make_box: Callable[..., Box],
) -> None:
    box = make_box()
    tts = box.connect("tts")
    until(lambda: tts.credit() == pytest.approx(20.0))
    tts.send(Pcm(1, 0, 24000, np.zeros(24000, "<f4").tobytes()))
    tts.send(PcmEnd(1, 0, True))
    until(lambda: box.worker._player.busy and box.worker._player.ready)
    box.run(1.2)
    until(lambda: tts.credit() == pytest.approx(21.0, abs=0.01))


def test_a_recogniser_that_is_restarted_in_mid_utterance_gets_all_of_it(
    make_box: Callable[..., Box], tmp_path: Path
) -> None:
    box = make_box()
    box.connect("asr").close()
    write_wav(tmp_path / "in.wav", with_silence(speech(16000), 16000), 16000)
    box.worker.handle(Listen(1, False, wav=str(tmp_path / "in.wav")))
    box.run(2.0)
    asr = box.connect("asr")
    box.run(3.0)
    assert asr.utterance() == (4 * 16000, PcmEnd(1, 0, True, discard=False))


def test_nonsense_on_the_socket_harms_nobody(make_box: Callable[..., Box]) -> None:
    box = make_box()
    for garbage in (b"\xff" * 64, b"\x04\x00\x00\x00abcd", b""):
        stranger = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        stranger.connect(box.options.pcm_socket)
        stranger.sendall(garbage)
        stranger.close()
    tts = box.connect("tts")
    until(lambda: tts.credit() > 0)


def test_the_socket_is_private_and_removed(make_box: Callable[..., Box]) -> None:
    box = make_box()
    path = Path(box.options.pcm_socket)
    assert path.stat().st_mode & 0o077 == 0
    box.worker.close()
    assert not path.exists()
