"""Main's side of a worker: start, talk, ask for health, kill, and start again with back-off."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections.abc import Callable, Sequence
from enum import Enum

import msgspec

from appliance.messages import Fault, Message, Ping, Pong, Ready, Shutdown
from appliance.workers.channel import HEADER_BYTES, WireError, decode, encode, frame_length
from appliance.workers.deaths import Death, Deaths, how_it_ended
from appliance.workers.pulse import PING_SECONDS, Pulse

BACKOFF_SECONDS = (0.5, 1.0, 2.0, 5.0, 15.0, 60.0)
HEALTHY_SECONDS = 60.0
SHUTDOWN_SECONDS = 2.0
CRASHED_SECONDS = 300.0  # until one more try: memory that others took comes back
_LONGEST_LOG_LINE = 4096

ARRIVING = "arriving"
"""Code of the fault that `options` gives while what the worker needs is being installed."""
_WAIT_FOR_USER = (
    "model-missing",
    "model-corrupt",
    "engine-missing",
    "engine-foreign",
    "template-refused",
)


class Status(Enum):
    """What main knows of a worker."""

    STOPPED = "stopped"
    STARTING = "starting"  # the process runs, the engine loads
    READY = "ready"
    WAITING = "waiting"  # died; back-off until the next start
    REFUSED = "refused"  # cannot work as configured, or crashes in every way; waits until `retry`
    AWAITED = "awaited"  # what it needs is being installed; waits until `retry`


class Supervisor:
    """Keeps one worker process alive.

    `on_message` gets everything the worker says, Ping traffic aside; `on_status` is told of every
    change. Both run on the event loop. `options` is asked at every start; where it gives a Fault
    instead, nothing is started. `leaner` is asked when it died the same way three times in a row,
    and each time after: True where `options` gives something leaner from now on.
    """

    def __init__(
        self,
        name: str,
        module: str,
        options: Callable[[], msgspec.Struct | Fault],
        on_message: Callable[[Message], None],
        on_status: Callable[[Status], None],
        backoff: Sequence[float] = BACKOFF_SECONDS,
        leaner: Callable[[Death], bool] = lambda death: False,
    ) -> None:
        self.name = name
        self.status = Status.STOPPED
        self.fault: Fault | None = None
        self.rss_bytes = 0
        self._module = module
        self._options = options
        self._on_message = on_message
        self._on_status = on_status
        self._backoff = backoff
        self._leaner = leaner
        self._failures = 0
        self._deaths = Deaths()
        self._ready_at: float | None = None
        self._killed = ""  # why main ended the process, where it did
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None
        self._wanted = asyncio.Event()
        self._started_with: msgspec.Struct | None = None
        self._pulse = Pulse(0.0)
        self._ending = False
        self._log = logging.getLogger(f"lory.{name}")

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Run from now on, until `stop`."""
        self._ending = False
        self._wanted.set()
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._keep(), name=self.name)

    def retry(self) -> None:
        """Try again at once what was refused or waits, with the options of now.

        What crashed again and again is refused again when it does so once more.
        """
        self._failures = 0
        self._wanted.set()

    def restart(self) -> None:
        """Kill the process and start it with the options of now: a cancelled load, a new model."""
        self._failures = 0
        self._deaths.forget()
        self._killed = "restarted"
        self.kill()
        self._wanted.set()

    @property
    def crashed(self) -> bool:
        """Whether it is refused because it crashed in every way there is."""
        return self.status is Status.REFUSED and self._deaths.row > 0

    @property
    def outdated(self) -> bool:
        """Whether it works, and would be started differently now."""
        if self.status is not Status.READY:
            return False
        options = self._options()
        return not isinstance(options, Fault) and options != self._started_with

    def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    def send(self, message: Message) -> bool:
        """Queue a message; False when no process runs. Never blocks."""
        if self._writer is None or self._writer.is_closing():
            return False
        self._writer.write(encode(message))
        return True

    async def stop(self) -> None:
        """End the process, gently first; nothing of it is left running."""
        self._ending = True
        self.send(Shutdown())
        if self._process is not None and self._process.returncode is None:
            try:
                await asyncio.wait_for(self._process.wait(), SHUTDOWN_SECONDS)
            except TimeoutError:
                self.kill()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        self._set(Status.STOPPED)

    # ------------------------------------------------------------ the keeper

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._wanted.wait()
            began = loop.time()
            try:
                await self._run_once()
            except OSError as error:  # no memory for one more process, say
                self._log.error("cannot be started: %s", error)
            finally:
                self.kill()
                self._writer = None
            if loop.time() - began > HEALTHY_SECONDS:
                self._failures = 0
            await self._pause()

    async def _pause(self) -> None:
        if self.fault is not None and self.fault.fatal and self.fault.code in _WAIT_FOR_USER:
            self._deaths.forget()
            self._wanted.clear()
            self._set(Status.REFUSED)
            return
        if self.fault is not None and self.fault.code == ARRIVING:
            self._wanted.clear()
            self._set(Status.AWAITED)
            return
        if self._crashes():
            delay = CRASHED_SECONDS
            status = Status.REFUSED
        else:
            delay = self._backoff[min(self._failures, len(self._backoff) - 1)]
            self._failures += 1
            status = Status.WAITING
        self._wanted.clear()
        self._set(status)
        try:
            await asyncio.wait_for(self._wanted.wait(), delay)
        except TimeoutError:
            self._wanted.set()

    def _crashes(self) -> bool:
        """Whether the process that just ended did so like those before it, and all ways are tried.

        The fault then says so.
        """
        death = self._death()
        if death is None:
            return False
        now = asyncio.get_running_loop().time()
        if not self._deaths.add(death, now - (self._ready_at or now)):
            return False
        self._log.error("died %d times the same way: %s", self._deaths.row, death)
        if self._leaner(death):
            self._failures = 0
            return False
        code = "out-of-memory" if death.for_memory else f"{self.name}-crashes"
        detail = f"the {self.name} worker died again and again: {death}; see lory doctor"
        self._take(Fault(code, detail, fatal=True))
        return True

    def _death(self) -> Death | None:
        """Of the process that ended; None where there was none, or main wanted it to end."""
        if self._ending or self._killed == "restarted" or self._process is None:
            return None
        if self.fault is not None and self.fault.fatal:
            how = self.fault.code
        else:
            how = self._killed or how_it_ended(self._process.returncode or 0)
        return Death("load" if self._ready_at is None else "work", how)

    async def _run_once(self) -> None:
        self.fault = None
        self._process = self._ready_at = None
        self._killed = ""
        options = self._options()
        if isinstance(options, Fault):
            self._take(options)
            return
        self._started_with = options
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                self._module,
                "--fd",
                str(theirs.fileno()),
                "--options",
                msgspec.json.encode(options).decode(),
                pass_fds=(theirs.fileno(),),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
        reader, self._writer = await asyncio.open_unix_connection(sock=ours)
        self._pulse = Pulse(asyncio.get_running_loop().time())
        self._set(Status.STARTING)
        log = asyncio.create_task(self._copy_log(self._process))
        health = asyncio.create_task(self._ask_health())
        try:
            await self._receive(reader)
            level = logging.INFO if self._ending else logging.WARNING
            self._log.log(level, "worker ended: exit status %s", await self._process.wait())
        finally:
            health.cancel()
            self.kill()
            await self._process.wait()
            self._writer.close()
            await log

    async def _receive(self, reader: asyncio.StreamReader) -> None:
        while True:
            try:
                header = await reader.readexactly(HEADER_BYTES)
                message = decode(await reader.readexactly(frame_length(header)))
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            except WireError as error:
                self._log.error("killed: it wrote nonsense: %s", error)
                self._killed = "nonsense"
                return
            self._take(message)

    def _take(self, message: Message) -> None:
        if isinstance(message, Pong):
            self._pulse.pong(asyncio.get_running_loop().time(), message.stuck)
            self.rss_bytes = message.rss_bytes
            return
        if isinstance(message, Ready):
            self._ready_at = asyncio.get_running_loop().time()
            self._set(Status.READY)
        elif isinstance(message, Fault):
            level = logging.INFO if message.code == ARRIVING else logging.ERROR
            self._log.log(level, "%s: %s", message.code, message.detail)
            self.fault = message
        # Not called from here: a mistake in the listener must not end the keeper.
        asyncio.get_running_loop().call_soon(self._on_message, message)

    async def _ask_health(self) -> None:
        loop = asyncio.get_running_loop()
        nonce = 0
        while True:
            self.send(Ping(nonce))
            nonce += 1
            await asyncio.sleep(PING_SECONDS)
            if failure := self._pulse.failure(loop.time()):
                self._log.error("killed: %s", failure)
                self._killed = "hang"
                self.kill()

    async def _copy_log(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        unfinished = b""
        while chunk := await process.stderr.read(4096):
            *lines, unfinished = (unfinished + chunk).split(b"\n")
            for line in lines:
                self._log.info("%s", line.decode("utf-8", "replace"))
            if len(unfinished) > _LONGEST_LOG_LINE:
                self._log.info("%s", unfinished.decode("utf-8", "replace"))
                unfinished = b""
        if unfinished:
            self._log.info("%s", unfinished.decode("utf-8", "replace"))

    def _set(self, status: Status) -> None:
        if status is not self.status:
            self.status = status
            asyncio.get_running_loop().call_soon(self._on_status, status)
