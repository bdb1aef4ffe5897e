"""The TTS worker between main and the audio worker, with an engine that hums."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from appliance.engines.errors import ModelFileCorruptError, ModelFileMissingError
from appliance.engines.synthesisers import load_synthesiser
from appliance.engines.tts import OnSamples, ShouldStop, TtsConfig, clamp_speed
from appliance.messages import (
    Credit,
    Fault,
    Message,
    Pcm,
    PcmEnd,
    Ready,
    Say,
    Stop,
    Synthesised,
    Warn,
)
from appliance.workers import tts
from appliance.workers.options import TtsOptions
from appliance.workers.pcm import PcmServer
from appliance.workers.tts import TtsWorker
from tests.waiting import PATIENCE, until


class Hum:
    """A tenth of a second for every character, emitted by character."""

    rate = 10000
    voices = ("one", "two")

    def __init__(self) -> None:
        self.spoken: list[tuple[str, str, float]] = []

    def synthesise(
        self, text: str, voice: str, speed: float, on_samples: OnSamples, should_stop: ShouldStop
    ) -> None:
        self.spoken.append((text, voice, speed))
        for _ in text:
            if should_stop():
                return
            on_samples(np.full(1000, 0.5, np.float32))


class Desk:
    """The audio worker's end of the link, and a worker in this process."""

    def __init__(self, tmp_path: Path, credit: float) -> None:
        self.received: list[Message] = []
        self.sent: list[Message] = []
        path = str(tmp_path / "pcm.sock")
        self.server = PcmServer(
            path,
            lambda _role, message: self.received.append(message),
            lambda _role, admit: self.welcome(admit, credit),
        )
        self.server.start()
        options = TtsOptions(TtsConfig("hum", ""), path, voice="two", warm_up=False)
        self.worker = TtsWorker(options, self.sent.append)
        self.worker.start()
        until(lambda: self.worker._link is not None and self.worker._link.connected.is_set())

    def welcome(self, admit: Callable[[], None], seconds: float) -> None:
        admit()
        self.grant(seconds)

    def grant(self, seconds: float) -> None:
        self.server.send("tts", Credit(-1, seconds))

    def seconds(self) -> float:
        return sum(len(m.samples) / 4 / m.rate for m in self.received if isinstance(m, Pcm))

    def close(self) -> None:
        self.worker.close()
        self.server.close()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Hum:
    hum = Hum()
    monkeypatch.setattr(tts, "load_synthesiser", lambda _config: hum)
    return hum


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[Callable[[float], Desk]]:
    desks: list[Desk] = []

    def make(credit: float = 100.0) -> Desk:
        desks.append(Desk(tmp_path, credit))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


def test_a_clause_becomes_sound_and_an_end_mark(engine: Hum, make_desk: Callable[[], Desk]) -> None:
    desk = make_desk()
    desk.worker.handle(Say(1, 0, "你好吗", False))
    desk.worker.handle(Say(1, 1, "", True))
    until(lambda: desk.received[-1:] == [PcmEnd(1, 1, True)])
    assert desk.seconds() == pytest.approx(0.3)
    assert PcmEnd(1, 0, False) in desk.received
    made = [message for message in desk.sent if isinstance(message, Synthesised)]
    assert [(m.clause, m.audio) for m in made] == [(0, pytest.approx(0.3)), (1, 0.0)]
    assert isinstance(desk.sent[-3], Ready)


def test_the_voice_is_the_one_asked_for_or_the_configured_one(
    engine: Hum, make_desk: Callable[[], Desk]
) -> None:
    desk = make_desk()
    desk.worker.handle(Say(1, 0, "a", False))
    desk.worker.handle(Say(1, 1, "b", False, voice="one", speed=1.5))
    desk.worker.handle(Say(1, 2, "c", True, voice="nobody"))
    assert engine.spoken == [("a", "two", 1.0), ("b", "one", 1.5), ("c", "nobody", 1.0)]
    assert any(isinstance(m, Warn) and "nobody" in m.detail for m in desk.sent)


def test_it_runs_ahead_of_the_speaker_only_as_far_as_it_was_granted(
    engine: Hum, make_desk: Callable[[float], Desk]
) -> None:
    desk = make_desk(1.0)
    thread = threading.Thread(target=desk.worker.handle, args=(Say(1, 0, "x" * 50, True),))
    thread.start()
    until(lambda: desk.seconds() == pytest.approx(1.0))
    desk.grant(1.5)
    until(lambda: desk.seconds() == pytest.approx(2.5))
    desk.grant(10.0)
    thread.join(PATIENCE)
    until(lambda: desk.received[-1:] == [PcmEnd(1, 0, True)])
    assert desk.seconds() == pytest.approx(5.0)


def test_a_stop_ends_a_clause_that_waits_for_room(
    engine: Hum, make_desk: Callable[[float], Desk]
) -> None:
    desk = make_desk(0.5)
    thread = threading.Thread(target=desk.worker.handle, args=(Say(1, 0, "x" * 50, True),))
    thread.start()
    until(lambda: desk.seconds() == pytest.approx(0.5))
    desk.worker.take(Stop(1))
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert not any(isinstance(message, PcmEnd) for message in desk.received)
    assert not any(isinstance(message, Synthesised) for message in desk.sent)


def test_an_audio_worker_that_comes_back_is_spoken_to_again(
    engine: Hum, make_desk: Callable[[], Desk], tmp_path: Path
) -> None:
    desk = make_desk()
    link = desk.worker._link
    assert link is not None
    desk.server.close()
    until(lambda: not link.connected.is_set())
    desk.server = PcmServer(
        str(tmp_path / "pcm.sock"),
        lambda _role, message: desk.received.append(message),
        lambda _role, admit: desk.welcome(admit, 5.0),
    )
    desk.server.start()
    until(link.connected.is_set)
    desk.worker.handle(Say(2, 0, "ok", True))
    until(lambda: desk.received[-1:] == [PcmEnd(2, 0, True)])
    assert desk.seconds() == pytest.approx(0.2)


def test_a_model_that_is_missing_is_a_fatal_fault(tmp_path: Path) -> None:
    sent: list[Message] = []
    options = TtsOptions(TtsConfig("kokoro", str(tmp_path)), str(tmp_path / "pcm.sock"))
    with pytest.raises(SystemExit):
        TtsWorker(options, sent.append).start()
    assert isinstance(sent[-1], Fault)
    assert (sent[-1].code, sent[-1].fatal) == ("model-missing", True)


@pytest.mark.parametrize("engine_name", ["kokoro", "matcha", "vits"])
def test_no_files_and_wrong_files_are_errors_before_native_code(
    engine_name: str, tmp_path: Path
) -> None:
    config = TtsConfig(engine_name, str(tmp_path), files={"model": "model.onnx"})
    with pytest.raises(ModelFileMissingError):
        load_synthesiser(config)
    (tmp_path / "model.onnx").write_bytes(b"not a model at all")
    with pytest.raises(ModelFileCorruptError):
        load_synthesiser(config)


@pytest.mark.parametrize(
    ("asked", "used"), [(0.0, 0.5), (-3.0, 0.5), (1.2, 1.2), (9.0, 2.0), (float("nan"), 1.0)]
)
def test_speed_is_kept_within_what_engines_speak(asked: float, used: float) -> None:
    assert clamp_speed(asked) == used
