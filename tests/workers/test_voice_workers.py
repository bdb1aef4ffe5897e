"""The three voice workers as processes, with the default models: speak, listen, die, come back."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from appliance import paths
from appliance.configuration.settings import Settings
from appliance.messages import (
    ClauseStarted,
    Listen,
    Message,
    Ping,
    PlaybackDone,
    Pong,
    Ready,
    Recognise,
    Say,
    Shutdown,
    SpeechEnded,
    Stop,
    Transcript,
)
from appliance.models.catalogue_file import read_catalogue
from appliance.models.errors import ModelError
from appliance.models.store import Store
from appliance.supervision.roster import Roster
from appliance.supervision.worker_options import WorkerOptions
from appliance.workers.channel import Channel
from bench.cer import errors
from tests.waiting import PATIENCE

pytestmark = pytest.mark.models

M = TypeVar("M", bound=Message)


class Process:
    """A worker and main's end of its channel."""

    def __init__(self, module: str, options: msgspec.Struct) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", f"appliance.workers.{module}"),
                    *("--fd", str(theirs.fileno())),
                    *("--options", msgspec.json.encode(options).decode()),
                ],
                pass_fds=[theirs.fileno()],
            )
        self._channel = Channel(ours)
        self._received: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while (message := self._channel.receive()) is not None:
            self._received.put(message)
        self._received.put(None)

    def send(self, message: Message) -> None:
        self._channel.send(message)

    def wait(self, kind: type[M], turn: int | None = None) -> M:
        """The next message of a kind (and turn); others are dropped."""
        deadline = time.monotonic() + PATIENCE
        while True:
            message = self._received.get(timeout=max(0.1, deadline - time.monotonic()))
            assert message is not None, "the worker died"
            if isinstance(message, kind) and turn in (None, getattr(message, "turn", None)):
                return message

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._channel.close()


class Voice:
    """Audio into files as fast as they come, TTS and ASR."""

    def __init__(self, tmp_path: Path) -> None:
        settings = Settings()
        roster = Roster(settings, read_catalogue(), Store(paths.default_root()))
        self.options = WorkerOptions(settings, roster, tmp_path, tmp_path)
        self.options.speak_into_files(tmp_path / "out", fast=True)
        try:
            self.audio = Process("audio", self.options.audio())
            self.tts = Process("tts", self.options.tts())
            self.asr = Process("asr", self.options.asr())
        except ModelError as error:
            self.audio.close()
            pytest.skip(str(error))
        for worker in (self.audio, self.tts, self.asr):
            worker.wait(Ready)

    def say(self, turn: int, *clauses: str) -> None:
        for number, text in enumerate(clauses):
            self.tts.send(Say(turn, number, text, last=number == len(clauses) - 1))

    def close(self) -> None:
        for worker in (self.audio, self.tts, self.asr):
            worker.close()


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    # A Unix socket's path is short: pytest's own directories may not be.
    voice = Voice(tmp_path_factory.mktemp("v"))
    yield voice
    voice.close()


def test_what_is_said_is_written_and_what_is_written_is_heard(voice: Voice) -> None:
    voice.say(1, "今天天气很好，", "我们一起去公园散步吧。", "")
    assert voice.audio.wait(ClauseStarted).clause == 0
    done = voice.audio.wait(PlaybackDone)
    assert not done.stopped
    voice.asr.send(Recognise(2))
    voice.audio.send(Listen(2, endpoint=False, wav=done.wav, fast=True))
    assert voice.audio.wait(SpeechEnded).heard
    transcript = voice.asr.wait(Transcript)
    assert errors("今天天气很好，我们一起去公园散步吧。", transcript.text).rate <= 0.2
    assert transcript.audio > 2.0


def test_a_stopped_turn_is_not_spoken_and_the_next_one_is(voice: Voice) -> None:
    voice.say(11, "这一句话没有人想听完，" * 4, "")
    for worker in (voice.tts, voice.audio):
        worker.send(Stop(11))
    voice.say(12, "好的。")
    assert voice.audio.wait(PlaybackDone, turn=12) == PlaybackDone(
        12,
        False,
        wav=str(voice.options.wav_directory / "answer-0012.wav"),  # type: ignore[operator]
    )


def test_a_synthesiser_killed_in_mid_clause_is_replaced_and_speaks_again(voice: Voice) -> None:
    voice.say(21, "这一句很长的话在中间被打断了，因为有人把语音合成的进程杀掉了。")
    os.kill(voice.tts.process.pid, signal.SIGKILL)
    voice.tts.close()
    voice.audio.send(Ping(1))
    assert voice.audio.wait(Pong).nonce == 1
    voice.audio.send(Stop(21))
    voice.tts = Process("tts", voice.options.tts())
    voice.tts.wait(Ready)
    voice.say(22, "我回来了。")
    assert not voice.audio.wait(PlaybackDone, turn=22).stopped


def test_an_audio_worker_that_was_killed_is_found_again(voice: Voice) -> None:
    voice.audio.process.kill()
    voice.audio.close()
    voice.audio = Process("audio", voice.options.audio())
    voice.audio.wait(Ready)
    voice.say(31, "又听见了。")
    assert not voice.audio.wait(PlaybackDone, turn=31).stopped


def test_all_end_when_asked(voice: Voice) -> None:
    for worker in (voice.audio, voice.tts, voice.asr):
        worker.send(Shutdown())
        assert worker.process.wait(PATIENCE) == 0
