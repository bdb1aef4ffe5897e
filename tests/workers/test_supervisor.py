"""Supervising a real child process: start, talk, hang up, kill, refuse, stop."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import msgspec
import pytest

from appliance.messages import (
    Fault,
    Pcm,
    Ping,
    Pong,
    Ready,
    SetThreads,
    Stop,
    Warn,
)
from appliance.workers.channel import Channel, WireError, decode, encode
from appliance.workers.supervisor import Status, Supervisor
from tests.waiting import PATIENCE

WORKER = """
import sys, time, os
import msgspec
from appliance.messages import *
from appliance.workers.host import Worker, run

def niceness():
    return os.getpriority(os.PRIO_PROCESS, 0)  # of this thread, on Linux

class Options(msgspec.Struct, frozen=True):
    refuse: bool = False

class Echo(Worker[Options]):
    def start(self):
        if self.options.refuse:
            self.send(Fault("model-missing", "no model", fatal=True))
            sys.exit(3)
        self.send(Ready("echo", "none", 0.0, {}))
    def urgent(self, message):
        self.send(Warn(f"urgent {type(message).__name__}"))
    def arrived(self, message):
        if isinstance(message, Say) and message.text == "how nice":
            self.send(Warn(f"reading at {niceness()}"))
    def handle(self, message):
        if isinstance(message, Say) and message.text == "compute":
            self.send(Warn("computing"))
            while not self.stale(message.turn):
                time.sleep(0.001)
            self.send(Warn("cancelled"))
        elif isinstance(message, Say) and message.text == "noise":
            os.write(self_fd, b"\\xff\\xff\\xff\\xff")
        elif isinstance(message, Say) and message.text == "how nice":
            self.send(Warn(f"computing at {niceness()}"))
        elif isinstance(message, Say):
            print("said", message.text, file=sys.stderr, flush=True)
            self.send(Warn(message.text))

self_fd = int(sys.argv[sys.argv.index("--fd") + 1])
if __name__ == "__main__":
    sys.exit(run(Echo, Options))
"""


class Options(msgspec.Struct, frozen=True):
    refuse: bool = False


class Boss:
    """A supervisor whose worker's words and states can be waited for."""

    def __init__(self, options=Options, backoff=(0.01,)):
        self.heard = asyncio.Queue()
        self.states = asyncio.Queue()
        self.supervisor = Supervisor(
            "echo",
            "echo_worker",
            options,
            self.heard.put_nowait,
            self.states.put_nowait,
            backoff,
        )

    async def until(self, status):
        while await asyncio.wait_for(self.states.get(), PATIENCE) is not status:
            pass

    async def word(self, kind):
        while not isinstance(message := await asyncio.wait_for(self.heard.get(), PATIENCE), kind):
            pass
        return message


@pytest.fixture
def worker_module(tmp_path, monkeypatch):
    (tmp_path / "echo_worker.py").write_text(WORKER)
    root = Path(__file__).parents[2]
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{root}")


def drive(scenario, **kwargs):
    async def main():
        boss = Boss(**kwargs)
        boss.supervisor.start()
        try:
            await scenario(boss)
        finally:
            await boss.supervisor.stop()

    asyncio.run(main())


def say(text, turn=1):
    from appliance.messages import Say

    return Say(turn, 0, text, True)


def test_messages_travel_both_ways_and_stderr_goes_to_the_log(worker_module, caplog):
    caplog.set_level("INFO")

    async def scenario(boss):
        await boss.until(Status.READY)
        boss.supervisor.send(say("你好"))
        assert (await boss.word(Warn)).detail == "你好"
        await boss.supervisor.stop()

    drive(scenario)
    assert "said 你好" in caplog.text


def test_a_stop_overtakes_the_computation_it_stops(worker_module):
    async def scenario(boss):
        await boss.until(Status.READY)
        boss.supervisor.send(say("compute", turn=5))
        assert (await boss.word(Warn)).detail == "computing"
        boss.supervisor.send(say("stale", turn=5))
        boss.supervisor.send(Stop(5))
        # The reader thread and the one that computes speak in either order.
        words = {(await boss.word(Warn)).detail, (await boss.word(Warn)).detail}
        assert words == {"urgent Stop", "cancelled"}
        boss.supervisor.send(say("next", turn=6))
        assert (await boss.word(Warn)).detail == "next", "the queued word of turn 5 was dropped"

    drive(scenario)


def test_what_computes_is_nicer_than_what_hears_a_stop(worker_module):
    async def scenario(boss):
        await boss.until(Status.READY)
        boss.supervisor.send(say("how nice"))
        words = dict([(await boss.word(Warn)).detail.split(" at ") for _ in range(2)])
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        assert words == {"reading": str(ours), "computing": str(max(0, min(ours + 1, 19)))}

    drive(scenario)


def test_a_killed_worker_is_started_again(worker_module):
    async def scenario(boss):
        await boss.until(Status.READY)
        first = boss.supervisor.pid
        os.kill(first, signal.SIGKILL)
        await boss.until(Status.WAITING)
        await boss.until(Status.READY)
        assert boss.supervisor.pid != first

    drive(scenario)


def test_a_worker_that_writes_nonsense_is_killed_and_started_again(worker_module):
    async def scenario(boss):
        await boss.until(Status.READY)
        boss.supervisor.send(say("noise"))
        await boss.until(Status.WAITING)
        await boss.until(Status.READY)

    drive(scenario)


def test_a_worker_without_a_model_waits_until_it_is_asked_again(worker_module):
    answers = iter([Options(refuse=True), Options()])

    async def scenario(boss):
        await boss.until(Status.REFUSED)
        assert boss.supervisor.fault == Fault("model-missing", "no model", fatal=True)
        assert not boss.supervisor.send(SetThreads(1))
        boss.supervisor.retry()
        await boss.until(Status.READY)

    drive(scenario, options=lambda: next(answers))


def test_a_worker_that_cannot_be_configured_waits_until_it_is_asked_again(worker_module):
    missing = Fault("model-missing", "no model", fatal=True)
    answers = iter([missing, Options()])

    async def scenario(boss):
        await boss.until(Status.REFUSED)
        assert await boss.word(Fault) == missing
        boss.supervisor.retry()
        await boss.until(Status.READY)

    drive(scenario, options=lambda: next(answers))


def test_after_stop_nothing_is_left_running(worker_module):
    async def scenario(boss):
        await boss.until(Status.READY)
        pid = boss.supervisor.pid
        await boss.supervisor.stop()
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

    drive(scenario)


def test_a_worker_dies_with_its_main_process(worker_module, tmp_path):
    ours, theirs = socket.socketpair()
    import subprocess

    process = subprocess.Popen(
        [sys.executable, "-m", "echo_worker", "--fd", str(theirs.fileno()), "--options", "{}"],
        pass_fds=(theirs.fileno(),),
    )
    theirs.close()
    channel = Channel(ours)
    assert isinstance(channel.receive(), Ready)
    channel.send(Ping(7))
    pong = channel.receive()
    assert isinstance(pong, Pong)
    assert pong.nonce == 7
    assert pong.rss_bytes > 1_000_000
    channel.close()
    assert process.wait(PATIENCE) == 0


def test_a_frame_carries_any_message_unchanged():
    message = Pcm(3, 2, 24000, bytes(range(256)))
    assert decode(encode(message)[4:]) == message


@pytest.mark.parametrize("body", [b"", b"\xc1", b"\x93\xa3abc\x01\x02", b"\x90"])
def test_a_body_that_is_no_message_is_refused(body):
    with pytest.raises(WireError):
        decode(body)
