"""The link between audio and the engines: whoever connects in mid-utterance hears it once."""

import threading
import wave
from pathlib import Path

import numpy as np
import pytest

from appliance.audio.options import AudioOptions
from appliance.messages import Listen, Message, Pcm, PcmEnd
from appliance.workers.audio import AudioWorker
from appliance.workers.channel import Channel
from appliance.workers.pcm import PcmClient, PcmServer
from tests.waiting import PATIENCE, until


def test_nothing_is_sent_to_a_newcomer_before_it_is_admitted(tmp_path: Path) -> None:
    before: list[bool] = []
    after: list[bool] = []
    done = threading.Event()

    def on_connect(role: str, admit: object) -> None:
        before.append(server.send("asr", PcmEnd(1, 0, True)))
        admit()  # type: ignore[operator]
        after.append(server.send("asr", PcmEnd(2, 0, True)))
        done.set()

    path = str(tmp_path / "pcm.sock")
    server = PcmServer(path, lambda _role, _message: None, on_connect)
    server.start()
    heard: list[Message] = []
    client = PcmClient(path, "asr", heard.append, lambda: None)
    assert done.wait(PATIENCE)
    client.close()
    server.close()
    assert (before, after) == ([False], [True])


def test_a_recogniser_that_connects_at_any_moment_hears_every_sample_once(tmp_path: Path) -> None:
    samples = (8000 * np.sin(np.arange(5 * 16000) / 7)).astype("<i2")
    with wave.open(str(tmp_path / "tone.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16000)
        out.writeframes(samples.tobytes())
    path = str(tmp_path / "pcm.sock")
    worker = AudioWorker(AudioOptions(path, sink="none", capture=False), lambda _message: None)
    worker.start()
    try:
        for turn in range(1, 21):
            heard: list[Message] = []
            ended = threading.Event()

            def take(message: Message, heard: list[Message] = heard) -> None:
                heard.append(message)
                # Who connects before the round begins is told of the one before it, too.
                if isinstance(message, PcmEnd) and message.turn == turn:  # noqa: B023
                    ended.set()  # noqa: B023 - used within this round only

            listen = Listen(turn, endpoint=False, wav=str(tmp_path / "tone.wav"), fast=True)
            feeder = threading.Thread(target=worker.handle, args=(listen,))
            feeder.start()
            client = PcmClient(path, "asr", take, lambda: None)
            feeder.join()
            assert ended.wait(PATIENCE)
            client.close()
            mine = [m for m in heard if isinstance(m, Pcm) and m.turn == turn]
            assert sum(len(m.samples) // 4 for m in mine) == len(samples)
            assert sum(isinstance(m, PcmEnd) and m.turn == turn for m in heard) == 1
    finally:
        worker.close()


def test_who_is_admitted_while_the_server_closes_is_let_go(tmp_path: Path) -> None:
    def on_connect(_role: str, admit: object) -> None:
        server.close()
        admit()  # type: ignore[operator]

    path = str(tmp_path / "pcm.sock")
    server = PcmServer(path, lambda _role, _message: None, on_connect)
    server.start()
    lost = threading.Event()
    client = PcmClient(path, "asr", lambda _message: None, lost.set)
    assert lost.wait(PATIENCE)
    client.close()


def test_a_client_closed_while_it_connects_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = PcmClient._connect

    def close_meanwhile(client: PcmClient) -> Channel | None:
        channel = connect(client)
        client.close()
        return channel

    monkeypatch.setattr(PcmClient, "_connect", close_meanwhile)
    path = str(tmp_path / "pcm.sock")
    came = threading.Event()

    def on_connect(_role: str, admit: object) -> None:
        admit()  # type: ignore[operator]
        came.set()

    server = PcmServer(path, lambda _role, _message: None, on_connect)
    server.start()
    PcmClient(path, "asr", lambda _message: None, lambda: None)
    assert came.wait(PATIENCE)
    until(lambda: not server._clients)
    server.close()
