"""The ASR worker between the audio worker and main, with an engine that counts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from appliance.engines.asr import AsrConfig
from appliance.engines.errors import ServerAwayError
from appliance.messages import (
    Fault,
    Message,
    Partial,
    Pcm,
    PcmEnd,
    Ready,
    Recognise,
    Spot,
    Spotted,
    Stop,
    Transcript,
)
from appliance.workers import asr
from appliance.workers.asr import AsrWorker, Utterances
from appliance.workers.options import AsrOptions
from appliance.workers.pcm import PcmServer
from tests.engines.counter import Counter
from tests.waiting import PATIENCE, until

BLOCK = np.full(1600, 0.1, "<f4").tobytes()


class Desk:
    def __init__(self, tmp_path: Path) -> None:
        self.sent: list[Message] = []
        path = str(tmp_path / "pcm.sock")
        self.server = PcmServer(path, lambda _role, _message: None, lambda _role, admit: admit())
        self.server.start()
        options = AsrOptions(AsrConfig("counter", ""), path, warm_up=False)
        self.worker = AsrWorker(options, self.sent.append)
        self.worker.start()
        until(lambda: "asr" in self.server._clients and self.worker._is_connected())

    def hear(self, turn: int, blocks: int) -> None:
        for _ in range(blocks):
            assert self.server.send("asr", Pcm(turn, 0, 16000, BLOCK))

    def end(self, turn: int, discard: bool = False) -> None:
        assert self.server.send("asr", PcmEnd(turn, 0, True, discard))

    def of(self, kind: type) -> list:
        return [message for message in self.sent if isinstance(message, kind)]


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Counter:
    counter = Counter()
    monkeypatch.setattr(asr, "load_recogniser", lambda _config, _first: counter)
    return counter


@pytest.fixture
def desk(engine: Counter, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.worker.close()
    desk.server.close()


def test_an_utterance_becomes_a_transcript_even_when_its_audio_came_first(
    desk: Desk, engine: Counter
) -> None:
    desk.hear(1, 5)
    desk.end(1)
    desk.worker.handle(Recognise(1, "en"))
    (transcript,) = desk.of(Transcript)
    assert (transcript.turn, transcript.text) == (1, "字字字字字。")
    assert transcript.audio == pytest.approx(0.5)
    assert engine.language == "en"
    assert isinstance(desk.sent[1], Ready)


def test_partials_say_what_of_them_will_stay(desk: Desk) -> None:
    thread = threading.Thread(target=desk.worker.handle, args=(Recognise(1),))
    thread.start()
    desk.hear(1, 2)
    until(lambda: any(m.text == "字字" for m in desk.of(Partial)))
    desk.hear(1, 1)
    until(lambda: any(m.text == "字字字" for m in desk.of(Partial)))
    assert desk.of(Partial)[-1].stable == 2
    desk.end(1)
    thread.join(PATIENCE)
    assert desk.of(Transcript)


def test_a_stop_ends_waiting_for_audio_that_never_comes(desk: Desk) -> None:
    thread = threading.Thread(target=desk.worker.handle, args=(Recognise(1),))
    thread.start()
    desk.worker.take(Stop(1))
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert desk.of(Transcript) == []


def test_a_discarded_utterance_is_an_empty_transcript(desk: Desk) -> None:
    desk.hear(1, 3)
    desk.end(1, discard=True)
    desk.worker.handle(Recognise(1))
    assert [t.text for t in desk.of(Transcript)] == [""]


def test_audio_of_another_turn_is_not_heard(desk: Desk) -> None:
    desk.hear(1, 3)
    desk.hear(2, 1)
    desk.end(2)
    desk.worker.handle(Recognise(2))
    assert [t.text for t in desk.of(Transcript)] == ["字。"]


def test_an_audio_worker_that_stays_away_is_a_fault_of_the_turn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asr, "_LOST_SECONDS", 0.05)
    monkeypatch.setattr(asr, "_POLL_SECONDS", 0.02)
    thread = threading.Thread(target=desk.worker.handle, args=(Recognise(3),))
    thread.start()
    desk.hear(3, 2)
    until(lambda: bool(desk.of(Partial)))
    desk.server.close()
    thread.join(PATIENCE)
    assert [(fault.code, fault.turn) for fault in desk.of(Fault)] == [("device-lost", 3)]


def test_only_the_newest_turns_are_kept() -> None:
    utterances = Utterances()
    for turn in range(10):
        utterances.put(Pcm(turn, 0, 16000, BLOCK))
    assert utterances.take(0, lambda: True, 0.0) == []
    assert utterances.take(8, lambda: True, 0.0) and utterances.take(9, lambda: True, 0.0)


def test_a_model_that_is_missing_is_a_fatal_fault(tmp_path: Path) -> None:
    sent: list[Message] = []
    options = AsrOptions(AsrConfig("whisper", str(tmp_path)), str(tmp_path / "pcm.sock"))
    with pytest.raises(SystemExit):
        AsrWorker(options, sent.append).start()
    assert isinstance(sent[-1], Fault)
    assert (sent[-1].code, sent[-1].fatal) == ("model-missing", True)


def test_the_recogniser_looks_for_the_phrase_where_there_is_no_spotter(
    desk: Desk,
) -> None:
    desk.hear(3, 4)
    desk.end(3)
    desk.worker.handle(Spot(3, "字字字字"))
    (spotted,) = desk.of(Spotted)
    assert (spotted.turn, spotted.text, spotted.score) == (3, "字字字字。", 1.0)


def test_other_words_score_low_and_a_discarded_stretch_nothing(desk: Desk) -> None:
    desk.hear(3, 4)
    desk.end(3)
    desk.worker.handle(Spot(3, "你好小鹿"))
    desk.hear(4, 4)
    desk.end(4, discard=True)
    desk.worker.handle(Spot(4, "字字字字"))
    assert [spotted.score < 0.5 for spotted in desk.of(Spotted)] == [True, True]


def test_a_server_that_goes_away_is_a_fault_of_the_turn_and_the_next_is_heard(
    desk: Desk,
    engine: Counter,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(language: str = "", hot_words: tuple[str, ...] = ()) -> None:
        raise ServerAwayError("unix:/run/asr.sock: nobody answers")

    with monkeypatch.context() as patch:
        patch.setattr(engine, "reset", away)
        desk.worker.handle(Recognise(5))
    (fault,) = desk.of(Fault)
    assert (fault.code, fault.turn, fault.fatal) == ("server-away", 5, False)
    desk.hear(6, 1)
    desk.end(6)
    desk.worker.handle(Recognise(6))
    assert desk.of(Transcript)[-1].text == "字。"
