"""The service console on a serial line: what one asks a box without network, screen or keys.

Whoever holds the cable may press keys, so it is off until `console.device` names a port.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator

from appliance import __version__
from appliance.configuration.settings import Settings
from appliance.dialogue.situation import Situation
from appliance.front.watched_glass import WatchedGlass
from appliance.health import machine
from appliance.pages.shell import Shell
from appliance.panel.pixels import braille_rows
from appliance.supervision.team import NAMES, Name
from drivers.console import Command, Console, ConsoleError
from drivers.keys import Edge, Key, KeyEvent

log = logging.getLogger("lory.console")

RETRY_SECONDS = 5.0
KEPT_LINES = 200
_SHOWN_LINES = 20
_PAD = "0123456789ABCD*#"  # in the order of their codes


class LogTail(logging.Handler):
    """Keeps the last lines of the log."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: deque[str] = deque(maxlen=KEPT_LINES)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.extend(self.format(record).splitlines())


class Service:
    """The commands. Their docstrings' first lines are what `help` prints."""

    def __init__(
        self,
        app: Shell,
        glass: WatchedGlass,
        parts: Callable[[], dict[str, bool]],
        tail: LogTail,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._glass = glass
        self._parts = parts
        self._tail = tail
        self._clock = clock
        self._started = clock()

    @property
    def commands(self) -> dict[str, Command]:
        """By name, for `drivers.console.Console`."""
        return {
            "status": self.status,
            "log": self.log,
            "glass": self.glass,
            "key": self.key,
        }

    def status(self, words: list[str]) -> str:
        """version, uptime, parts, what goes on, workers, memory, temperature"""
        now = self._app.conductor.view()
        lines = [f"lory {__version__}, up {self._clock() - self._started:.0f} s"]
        for name, present in self._parts().items():
            lines.append(f"{name.rpartition('.')[2]}: {'present' if present else 'missing'}")
        lines.append(f"dialogue: {now.input.name.lower()}, {now.turn.name.lower()}")
        lines += [f"{name}: {self._worker(name, now)}" for name in NAMES]
        if memory := machine.memory():
            lines.append(f"memory: {memory.available >> 20} of {memory.total >> 20} MB available")
        if temperatures := machine.temperatures():
            lines.append(f"temperature: {temperatures[0].celsius:.0f} C")
        return "\n".join(lines)

    def _worker(self, name: Name, now: Situation) -> str:
        member = self._app.team.members[name]
        fault = f", {member.fault.code}: {member.fault.detail}" if member.fault else ""
        return f"{now.engines[name].status.value}, {member.rss_bytes >> 20} MB{fault}"

    def log(self, words: list[str]) -> str:
        """the last 20 lines of the log, or `log N`"""
        count = words[0] if words else str(_SHOWN_LINES)
        if not count.isdecimal() or len(count) > len(str(KEPT_LINES)):
            raise ConsoleError(f"not a number of lines: {count}")
        return "\n".join(list(self._tail.lines)[-int(count) :] if int(count) else [])

    def glass(self, words: list[str]) -> str:
        """what the display shows, in braille: 64 columns, 16 rows"""
        return "\n".join(braille_rows(self._glass.picture))

    def key(self, words: list[str]) -> str:
        """press keys: `key 6 4 D`; with + long: `key C+`"""
        if not words:
            raise ConsoleError("which key? 0-9 A B C D * #, with + a long press")
        for key, is_long in [_named(word) for word in words]:
            for edge in (Edge.PRESS, *([Edge.LONG] if is_long else []), Edge.RELEASE):
                self._app.on_key(KeyEvent(key, edge, self._clock()))
        return ""


def _named(word: str) -> tuple[Key, bool]:
    name = word.removesuffix("+").upper()
    if len(name) != 1 or name not in _PAD:
        raise ConsoleError(f"no key {word!r}; there are 0-9 A B C D * #, with + a long press")
    return Key(_PAD.index(name)), word.endswith("+")


@contextlib.asynccontextmanager
async def service_console(
    settings: Settings,
    app: Shell,
    glass: WatchedGlass,
    parts: Callable[[], dict[str, bool]],
) -> AsyncIterator[None]:
    """Serve on the port the settings name, whenever it is there; nothing if they name none."""
    device = settings.text("console.device")
    if not device:
        yield
        return
    with _log_kept() as tail:
        service = Service(app, glass, parts, tail)
        keeper = asyncio.create_task(
            _keep(device, settings.integer("console.baud"), service.commands),
            name="service console",
        )
        try:
            yield
        finally:
            keeper.cancel()
            await asyncio.wait([keeper])


async def _keep(device: str, baud: int, commands: dict[str, Command]) -> None:
    """Open the port, again after it was lost: a USB adapter comes and goes."""
    told = False
    while True:
        try:
            console = Console(device, commands, baud)
        except OSError as error:
            if not told:
                log.warning("no service console: %s", error)
            told = True
        else:
            log.info("service console on %s", device)
            told = False
            await _serve(console)
        await asyncio.sleep(RETRY_SECONDS)


async def _serve(console: Console) -> None:
    """Until the line is lost, or for ever."""
    console.serve(asyncio.get_running_loop())
    try:
        while not console.lost:
            await asyncio.sleep(RETRY_SECONDS)
    finally:
        console.close()


@contextlib.contextmanager
def _log_kept() -> Iterator[LogTail]:
    tail = LogTail()
    root = logging.getLogger()
    root.addHandler(tail)
    try:
        yield tail
    finally:
        root.removeHandler(tail)
