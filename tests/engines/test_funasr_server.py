"""FunASR's runtime server, both dialects: partials, segments, hot words, the end, and the rest."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from numpy.typing import NDArray
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, unix_serve

from appliance.engines import asr_funasr_server
from appliance.engines.asr import RATE, AsrConfig, Recogniser
from appliance.engines.asr_funasr_server import FunAsrServer
from appliance.engines.errors import ServerAwayError
from appliance.engines.recognisers import load_recogniser
from tests.engines.fake_funasr import SECOND, FakeServer
from tests.waiting import until

DIALECTS = ("cpp", "python")
COUNT = SECOND // 2
SPEECH: NDArray[np.float32] = (0.3 * np.sin(np.arange(COUNT) * 0.2)).astype(np.float32)
PAUSE: NDArray[np.float32] = np.zeros(COUNT, np.float32)

Make = Callable[..., tuple[FakeServer, Recogniser]]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    servers: list[FakeServer] = []

    def connected(dialect: str, **options: bool) -> tuple[FakeServer, Recogniser]:
        path = tmp_path / f"{len(servers)}.sock"
        servers.append(FakeServer(path, dialect, **options))
        config = AsrConfig(f"funasr-server-{dialect}", "", server=f"unix:{path}")
        return servers[-1], load_recogniser(config)

    yield connected
    for server in servers:
        server.close()


def say(recogniser: Recogniser, *seconds: NDArray[np.float32]) -> None:
    for second in seconds:
        for start in range(0, COUNT, 1600):
            recogniser.accept(second[start : start + 1600], RATE)


def shown(recogniser: Recogniser, wanted: str) -> None:
    """Wait until the partial becomes this; the server answers on its own thread."""
    until(lambda: recogniser.partial() == wanted)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_words_come_as_one_speaks_and_a_segment_replaces_them(make: Make, dialect: str) -> None:
    _, recogniser = make(dialect)
    recogniser.reset()
    say(recogniser, SPEECH)
    shown(recogniser, "今天")
    say(recogniser, SPEECH, PAUSE, SPEECH)
    shown(recogniser, "今天天气，今天")
    assert recogniser.finish() == "今天天气，今天。"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_utterance_that_ends_in_a_pause_is_complete_too(make: Make, dialect: str) -> None:
    _, recogniser = make(dialect)
    recogniser.reset()
    say(recogniser, SPEECH, PAUSE)
    assert recogniser.finish() == "今天，"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_said_is_an_empty_text(make: Make, dialect: str) -> None:
    _, recogniser = make(dialect)
    recogniser.reset()
    say(recogniser, PAUSE)
    assert recogniser.finish() == ""


def test_an_older_python_server_that_falls_silent_at_the_end_is_not_waited_for(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.engines.asr_funasr_server.PythonServer.quiet_seconds", 0.05)
    _, recogniser = make("python", acknowledges=False)
    recogniser.reset()
    say(recogniser, SPEECH, PAUSE)
    shown(recogniser, "今天，")  # else a busy server may itself be silent for so short a time
    assert recogniser.finish() == "今天，"


def test_hot_words_are_written_as_each_server_reads_them(make: Make) -> None:
    words = ("小鹿", "广州")
    for dialect, expected in (("cpp", {"小鹿": 20, "广州": 20}), ("python", "小鹿 广州")):
        server, recogniser = make(dialect)
        recogniser.reset("zh", words)
        recogniser.finish()
        written = server.hellos[-1]["hotwords"]
        assert (json.loads(written) if dialect == "cpp" else written) == expected


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_hello_asks_for_two_passes_and_audio_goes_in_frames_of_60_ms(
    make: Make, dialect: str
) -> None:
    server, recogniser = make(dialect)
    recogniser.reset()
    say(recogniser, SPEECH)
    recogniser.finish()
    hello = server.hellos[-1]
    assert (hello["mode"], hello["chunk_size"], hello["audio_fs"]) == ("2pass", [5, 10, 5], 16000)
    assert max(server.frame_lengths) == 1920


@pytest.mark.parametrize("dialect", DIALECTS)
def test_utterances_do_not_leak_into_one_another(make: Make, dialect: str) -> None:
    _, recogniser = make(dialect)
    recogniser.reset()
    say(recogniser, SPEECH, SPEECH)
    recogniser.reset()
    say(recogniser, SPEECH)
    assert recogniser.finish() == "今天。"


def test_a_server_that_goes_away_in_mid_utterance_is_said_and_the_next_one_works(
    make: Make,
) -> None:
    server, recogniser = make("cpp")
    server.break_after = 5
    recogniser.reset()
    with pytest.raises(ServerAwayError):
        for _ in range(500):
            say(recogniser, SPEECH)
            recogniser.partial()
    server.break_after = -1
    recogniser.reset()
    say(recogniser, SPEECH)
    assert recogniser.finish() == "今天。"


def test_nobody_at_the_address_is_said_when_the_engine_is_loaded(tmp_path: Path) -> None:
    config = AsrConfig("funasr-server-cpp", "", server=f"unix:{tmp_path / 'nobody.sock'}")
    with pytest.raises(ServerAwayError, match=r"nobody\.sock"):
        load_recogniser(config)


@pytest.mark.parametrize("address", ["", "unix:", "http://here", "ws://[", "nonsense"])
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(ServerAwayError):
        load_recogniser(AsrConfig("funasr-server-cpp", "", server=address))


def test_a_stranger_on_the_socket_is_no_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.engines.asr_funasr_server._OPEN_SECONDS", 0.5)
    path = tmp_path / "stranger.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stranger:
        stranger.bind(str(path))
        stranger.listen()
        threading.Thread(target=_answer_nonsense, args=(stranger,), daemon=True).start()
        with pytest.raises(ServerAwayError):
            load_recogniser(AsrConfig("funasr-server-cpp", "", server=f"unix:{path}"))


def test_a_stranger_that_hangs_up_while_we_greet_it_is_no_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_args: object, **_options: object) -> NoReturn:
        raise AssertionError  # what websockets does in that race, about once in a hundred

    monkeypatch.setattr("websockets.sync.client.unix_connect", stumble)
    with pytest.raises(ServerAwayError):
        load_recogniser(AsrConfig("funasr-server-cpp", "", server=f"unix:{tmp_path / 'x.sock'}"))


def _answer_nonsense(stranger: socket.socket) -> None:
    connection, _ = stranger.accept()
    with connection:
        connection.sendall(b"220 mail.example ESMTP\r\n\r\n")


@pytest.mark.parametrize(
    "raw", ["", "[]", "no json", '{"text": 3}', "\ud83d".encode("utf-8", "surrogatepass")]
)
def test_replies_that_are_no_replies_are_an_error_and_not_a_crash(raw: str | bytes) -> None:
    class Line:
        def recv(self, timeout: float) -> str | bytes:
            return raw

        def close(self) -> None:
            pass

    recogniser = FunAsrServer.__new__(FunAsrServer)
    recogniser._address, recogniser._socket = "unix:x", Line()
    recogniser._begin()
    with pytest.raises(ServerAwayError, match="no FunASR server"):
        recogniser.partial()


class Script:
    """A server that says its lines: `first` at once, `last` when the end was told."""

    def __init__(self, path: Path, first: list[object], last: list[object]) -> None:
        self._first, self._last = first, last
        self._server = unix_serve(self._serve, str(path), subprotocols=["binary"])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()

    def _serve(self, connection: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            connection.recv()
            for line in self._first:
                connection.send(json.dumps(line))
            while not isinstance(connection.recv(), str):
                pass
            for line in self._last:
                connection.send(json.dumps(line))
            connection.recv()  # until the box hangs up


def online(text: object, **more: object) -> dict[str, object]:
    return {"mode": "2pass-online", "text": text, "is_final": False, **more}


def offline(text: object, **more: object) -> dict[str, object]:
    return {"mode": "2pass-offline", "text": text, "is_final": False, **more}


MOODS = [
    ([offline("，大家好")], [offline("。还有一件事", is_final=True)], "大家好。还有一件事"),
    ([online("大家好")], [], "大家好"),
    (
        [online(None), {"mode": None, "text": "啊", "is_final": None}, online("你好")],
        [offline("你好。", is_final=True)],
        "啊你好。",
    ),
    (
        [online("今天"), online(" 天气"), online(" 怎么样")],
        [offline("天气怎么样。", is_final=True)],
        "今天天气怎么样。",
    ),
    (
        [online("大家好"), online("还有"), offline("大家好，"), online("一件事")],
        [offline("还有一件事。", is_final=True)],
        "大家好，还有一件事。",
    ),
    ([online("大家号")], [offline("大家好。", is_final=True)], "大家好。"),
    ([online("how"), online(" are you")], [offline("How are you?", is_final=True)], "How are you?"),
]


@pytest.mark.parametrize(("first", "last", "heard"), MOODS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_server_s_moods_cost_no_words(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    dialect: str,
    first: list[object],
    last: list[object],
    heard: str,
) -> None:
    monkeypatch.setattr("appliance.engines.asr_funasr_server._OUTSTANDING_SECONDS", 0.3)
    monkeypatch.setattr("appliance.engines.asr_funasr_server.PythonServer.quiet_seconds", 0.3)
    server = Script(tmp_path / "script.sock", first, last)
    config = AsrConfig(f"funasr-server-{dialect}", "", server=f"unix:{tmp_path / 'script.sock'}")
    recogniser = load_recogniser(config)
    recogniser.reset()
    say(recogniser, SPEECH)
    said = [str(line["text"]) for line in first if isinstance(line, dict) and line["text"]]
    until(lambda: not said or len(recogniser.partial()) > 0)
    assert recogniser.finish() == heard
    server.close()


def test_an_answer_that_never_comes_is_not_waited_for_long() -> None:
    assert asr_funasr_server._OUTSTANDING_SECONDS <= 3.0
