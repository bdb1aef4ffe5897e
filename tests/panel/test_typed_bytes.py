"""What real terminals send and are, on a pseudo-terminal."""

from __future__ import annotations

import os
import time

import pytest

from tests.panel.pseudo_terminal import OPENED, terminal


def strokes(*keys: str) -> list[str]:
    return [f"{edge} {key}" for key in keys for edge in ("down", "up")]


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        (b"\x1b2", ["A", "D2"]),
        (b"\x1b2\x1b", ["A", "D2", "A"]),
        (b"\x1b\x1b2", ["A", "A", "D2"]),
        (b"\x1bb", ["A", "B"]),
        (b"\x1b\r", ["A", "D"]),
        (b"\x1b\t2", ["A", "B", "D2"]),
        (b"2\x1b34\x1bc", ["D2", "A", "D3", "D4", "A", "C"]),
        (b"\x1b[D2\x1b[C", ["STAR", "D2", "HASH"]),
        (b"\x1b\x1b[D", ["A", "STAR"]),
        # What is told of the terminal, and keys that no pad has, type nothing.
        (b"\x1b[?62;22c2", ["D2"]),
        (b"\x1b[>41;390;0c2", ["D2"]),
        (b"\x1b[?2048;4$y2", ["D2"]),
        (b"\x1b[25;99~2", ["D2"]),
        (b"\x1bOP2", ["D2"]),
    ],
    ids=repr,
)
def test_bytes_that_come_in_one_piece(sent: bytes, keys: list[str]) -> None:
    with terminal("run") as ours:
        ours.read_until(OPENED)
        os.write(ours.master, sent)
        time.sleep(0.25 + 0.11 * len(keys))
        assert ours.keys_until_quit() == strokes(*keys)


@pytest.mark.parametrize("lost", [b"5", b"\x1b[<35;9;5M", b"\x1b[O", b"\x1b[<0;1;1M"], ids=repr)
def test_a_mouse_button_whose_release_got_lost_holds_no_key(lost: bytes) -> None:
    with terminal("run", 140, 50) as ours:
        ours.read_until(OPENED)
        for row in range(36, 50):  # somewhere here is a key
            os.write(ours.master, b"\x1b[<0;3;%dM" % row)
        time.sleep(0.3)
        os.write(ours.master, lost)
        time.sleep(1.0)
        os.write(ours.master, b"5")
        time.sleep(0.5)
        edges = ours.keys_until_quit()
    assert edges[0].startswith("down D")
    assert edges[-2:] == strokes("D5")
    assert len(edges) % 2 == 0


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        ("iso8859-1", "the panel needs a terminal in UTF-8, this one is iso8859-1"),
        ("ascii", "the panel needs a terminal in UTF-8, this one is ascii"),
        ("gb18030", "面板需要 UTF-8 的终端，这里是 gb18030"),
        ("big5", "the panel needs a terminal in UTF-8, this one is big5"),
    ],
)
def test_a_terminal_of_another_encoding_is_told_in_it(encoding: str, line: str) -> None:
    with terminal("run", PYTHONIOENCODING=encoding, PYTHONUTF8="0") as ours:
        assert ours.wait() == 1
        first = ours.output.decode(encoding).splitlines()[0]
    assert first.startswith(line)


@pytest.mark.parametrize("name", ["dumb", "unknown", ""])
def test_a_terminal_that_cannot_place_its_cursor_is_told(name: str) -> None:
    with terminal("run", TERM=name) as ours:
        assert ours.wait() == 1
        assert b"\x1b" not in ours.output
        assert f"TERM={name} 的终端画不了面板" in ours.output.decode()


def test_a_terminal_nobody_described_is_tried() -> None:
    with terminal("run", TERM="xterm-of-next-year") as ours:
        ours.read_until(OPENED)
        assert ours.keys_until_quit() == []
