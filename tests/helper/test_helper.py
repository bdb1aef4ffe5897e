"""The root helper: a fixed list of words, from the box and from root only, each answered."""

from __future__ import annotations

import errno
import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.helper import kernel_clock, server
from appliance.helper.client import Helper
from appliance.helper.words import LONGEST, SetClock, WakeAt, Word, WordError, line_of, parse

MOMENT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
AT = int(MOMENT.timestamp())

Serve = Callable[..., Helper]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """A helper's server on a thread, and a box's end of it."""
    path = tmp_path / "helper.sock"
    threads: list[threading.Thread] = []
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def start(do: server.Perform, users: set[int] | None = None) -> Helper:
        allowed = {os.getuid()} if users is None else users
        thread = threading.Thread(target=server.serve, args=(listener, allowed, do, 0.3))
        thread.start()
        threads.append(thread)
        return Helper(path)

    yield start
    for thread in threads:
        thread.join()
    listener.close()


def raw(helper: Helper, data: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as asked:
        asked.settimeout(10)
        asked.connect(str(helper._path))
        asked.sendall(data)
        asked.shutdown(socket.SHUT_WR)
        return asked.recv(200)


def test_what_the_box_asks_is_done(serve: Serve) -> None:
    done: list[Word] = []
    helper = serve(done.append)
    assert helper.there
    assert helper.set_clock(MOMENT) and helper.wake_at(MOMENT) and helper.wake_at(None)
    assert done == [SetClock(AT), WakeAt(AT), WakeAt(None)]


def test_a_no_of_the_kernel_is_told_and_the_helper_stays(serve: Serve) -> None:
    def refuse(_: Word) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    helper = serve(refuse)
    assert not helper.wake_at(MOMENT)
    assert raw(helper, line_of(WakeAt(AT))) == b"no: Invalid argument\n"


def test_another_user_is_refused_whatever_he_says(serve: Serve) -> None:
    done: list[Word] = []
    helper = serve(done.append, users={os.getuid() + 1})
    assert not helper.set_clock(MOMENT)
    assert done == []


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"set-clock\n",
        b"set-clock \n",
        b"set-clock -1\n",
        b"set-clock 0\n",
        b"set-clock 1e9\n",
        b"set-clock 99999999999\n",
        b"set-clock 1764563055 1764563055\n",
        b"SET-CLOCK 1764563055\n",
        b"mount /dev/sda1\n",
        b"set-clock " + b"9" * 5000,
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_word_is_refused_and_does_nothing(serve: Serve, line: bytes) -> None:
    done: list[Word] = []
    helper = serve(done.append)
    try:
        answer = raw(helper, line)
    except (ConnectionResetError, BrokenPipeError):
        answer = b""  # it hung up on more than a line
    assert not answer.startswith(b"ok")
    assert done == []


def test_a_box_that_says_nothing_keeps_no_other_waiting(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.05)
    helper = serve(lambda word: None)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(helper._path))
        assert helper.set_clock(MOMENT)


def test_where_there_is_no_helper_the_box_is_told_no_at_once(tmp_path: Path) -> None:
    helper = Helper(tmp_path / "none.sock")
    assert not helper.there
    assert not helper.set_clock(MOMENT)


@given(st.one_of(st.none(), st.integers(1704067200, 7258118399)))
def test_every_word_comes_over_the_wire_as_it_was_meant(at: int | None) -> None:
    words: list[Word] = [WakeAt(at)] + ([SetClock(at)] if at is not None else [])
    for word in words:
        line = line_of(word)
        assert len(line) <= LONGEST
        assert parse(line.rstrip(b"\n")) == word


@given(st.binary(max_size=80))
def test_no_bytes_make_the_parser_do_anything_but_refuse(line: bytes) -> None:
    try:
        word = parse(line)
    except WordError:
        return
    assert line_of(word) == line + b"\n" or line.split(b" ")[1].startswith(b"0")


def test_the_chip_is_told_the_time_as_the_kernel_lays_it_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chip = tmp_path / "rtc0"
    chip.touch()
    told: list[tuple[int, bytes]] = []
    monkeypatch.setattr(
        kernel_clock.fcntl, "ioctl", lambda _, request, data: told.append((request, data))
    )
    clock: list[tuple[int, float]] = []
    monkeypatch.setattr(kernel_clock.time, "clock_settime", lambda *args: clock.append(args))
    kernel_clock.set_clock(AT, chip)
    kernel_clock.wake_at(AT, chip)
    kernel_clock.wake_at(None, chip)
    assert clock == [(0, AT)]
    assert [request for request, _ in told] == [0x4024700A, 0x4028700F, 0x4028700F]
    assert struct.unpack("=9i", told[0][1])[:6] == (0, 30, 8, 24, 10, 126)
    assert told[1][1][:2] == b"\x01\x00" and told[1][1][4:] == told[0][1]
    assert told[2][1][:2] == b"\x00\x00"


def test_a_board_without_a_chip_still_has_its_clock_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock: list[int] = []
    monkeypatch.setattr(kernel_clock.time, "clock_settime", lambda _, at: clock.append(at))
    kernel_clock.set_clock(AT, tmp_path / "rtc0")
    assert clock == [AT]
    with pytest.raises(OSError):
        kernel_clock.wake_at(AT, tmp_path / "rtc0")


def test_it_is_started_by_its_socket_only() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "appliance.helper"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "lory-helper.socket" in done.stderr
