"""On a real pseudo-terminal: however the panel ends, the terminal is as it was before."""

from __future__ import annotations

import os
import signal

import pytest

from tests.panel.pseudo_terminal import OPENED, terminal


@pytest.mark.parametrize("key", [b"\x03", b"\x11"])
def test_ctrl_c_and_ctrl_q_quit(key: bytes) -> None:
    with terminal("run") as ours:
        ours.read_until(OPENED)
        os.write(ours.master, key)
        assert ours.wait() == 0
        assert ours.is_restored


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it(number: signal.Signals) -> None:
    with terminal("run") as ours:
        ours.read_until(OPENED)
        ours.child.send_signal(number)
        assert ours.wait() == 128 + number
        assert ours.is_restored


def test_an_error_ends_it_and_is_told() -> None:
    with terminal("error") as ours:
        ours.read_until(OPENED)
        os.write(ours.master, b"2")
        assert ours.wait() == 3
        assert ours.is_restored
        assert b"RuntimeError: boom" in ours.output


def test_a_cancelled_task_stays_cancelled() -> None:
    with terminal("cancel") as ours:
        ours.read_until(OPENED)
        ours.child.send_signal(signal.SIGUSR1)
        assert ours.wait() == 4
        assert ours.is_restored


def test_a_small_terminal_is_told_before_anything_is_drawn() -> None:
    with terminal("run", 60, 20) as ours:
        assert ours.wait() == 1
        assert ours.output.decode().splitlines()[0] == "终端太小：需要 64×22，现在 60×20"
