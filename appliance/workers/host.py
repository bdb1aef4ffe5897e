"""The worker's side: a reader thread that never blocks, and a main thread that computes.

Messages on a stream cannot overtake one another, so the reader thread takes them off at once,
acts on *system* messages there and then (a stop sets the abort flag while the engine computes) and
queues the rest for the main thread.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import queue
import signal
import socket
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from appliance.messages import Message, Ping, Pong, SetThreads, Shutdown, Stop
from appliance.workers.channel import Channel

Options = TypeVar("Options", bound=msgspec.Struct)


class Worker(ABC, Generic[Options]):
    """One engine in its own process.

    `niceness` is what the threads that compute are nicer by, and at least 0: where main was given
    a priority of its own they have none. An engine that keeps every core busy then never
    makes a key, the display or the sound wait for its time slice; the reader thread, which acts on
    a stop, is not nice. What engines get of the cores is `supervision.compute`'s to say, not this.
    """

    niceness = 1

    def __init__(self, options: Options, send: Callable[[Message], None]) -> None:
        self.options = options
        self._send = send
        self._stopped_turn = -1
        self._working = True
        self._progress = time.monotonic()
        self.waiting: Callable[[], bool] = lambda: False  # whether messages are queued

    def send(self, message: Message) -> None:
        """Tell main. That something can be told is progress."""
        self.beat()
        self._send(message)

    def beat(self) -> None:
        """The work goes on; for engines that are silent for longer than a step should last."""
        self._progress = time.monotonic()

    def work(self, working: bool) -> None:
        """The main thread takes a message, or waits for the next one."""
        self.beat()
        self._working = working

    @property
    def stuck(self) -> float:
        """Seconds of work without progress."""
        return time.monotonic() - self._progress if self._working else 0.0

    def start(self) -> None:
        """Load the engine. Send Loading, then Ready, or a fatal Fault. Runs first, main thread."""

    @abstractmethod
    def handle(self, message: Message) -> None:
        """Act on a message, in order, on the main thread."""

    def urgent(self, message: Message) -> None:
        """Act on Stop or SetThreads on the reader thread. Must not block."""

    def arrived(self, message: Message) -> None:
        """A message was queued: reader thread. Must not block."""

    def idle(self) -> None:
        """Nothing is queued: main thread. Return soon once `waiting()` turns true."""

    def stale(self, turn: int) -> bool:
        """Whether this turn was stopped."""
        return turn <= self._stopped_turn

    def close(self) -> None:
        """Free what must be freed before the process ends."""

    def take(self, message: Message) -> None:
        """Reader thread: remember a stop, then let the worker act on it."""
        if isinstance(message, Stop):
            self._stopped_turn = max(self._stopped_turn, message.turn)
        self.urgent(message)


def resident_bytes() -> int:
    """Resident set of this process (Linux; 0 where /proc is missing)."""
    try:
        fields = Path("/proc/self/statm").read_text().split()
    except OSError:
        return 0
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def _read(
    channel: Channel, worker: Worker[Options], inbox: queue.SimpleQueue[Message | None]
) -> None:
    while True:
        message = channel.receive()
        match message:
            case None:
                # Main is gone: nothing this process could still do is wanted by anybody.
                os._exit(0)
            case Ping(nonce):
                channel.send(Pong(nonce, resident_bytes(), worker.stuck))
            case Shutdown():
                inbox.put(None)
                worker.arrived(message)
            case Stop() | SetThreads():
                worker.take(message)
                inbox.put(message)
            case _:
                inbox.put(message)
                worker.arrived(message)


def _work(worker: Worker[Options], inbox: queue.SimpleQueue[Message | None]) -> None:
    worker.start()
    while True:
        worker.work(False)
        if inbox.empty():
            worker.idle()
        message = inbox.get()
        if message is None:
            return
        worker.work(True)
        turn = getattr(message, "turn", None)
        if turn is not None and not isinstance(message, Stop) and worker.stale(turn):
            continue
        worker.handle(message)


def _end_with_thread(died: threading.ExceptHookArgs) -> None:
    """A worker whose thread died would look well and do nothing: end it, so that it is replaced."""
    threading.__excepthook__(died)
    sys.stderr.flush()
    os._exit(70)  # EX_SOFTWARE of sysexits.h


def run(
    worker_type: Callable[[Options, Callable[[Message], None]], Worker[Options]],
    options_type: type[Options],
    argv: list[str] | None = None,
) -> int:
    """Entry point of a worker process."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--options", required=True)
    arguments = parser.parse_args(argv)
    faulthandler.enable(sys.stderr)
    # Ctrl-C in a terminal reaches the whole group; only main decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.excepthook = _end_with_thread
    channel = Channel(socket.socket(fileno=arguments.fd))
    options = msgspec.json.decode(arguments.options, type=options_type)
    worker = worker_type(options, channel.send)
    inbox: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
    worker.waiting = lambda: not inbox.empty()
    threading.Thread(target=_read, args=(channel, worker, inbox), daemon=True).start()
    if worker.niceness:  # this thread, and those it starts from now on
        own = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, 0, max(0, own + worker.niceness))
    try:
        _work(worker, inbox)
    except BrokenPipeError:
        return 0
    finally:
        worker.close()
    return 0
