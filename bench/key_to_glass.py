"""From the edge of a key to the changed byte on the display's wire, in the whole running box.

The box is the real one on modelled chips: their bus takes its wire time for real. A finger presses
the modelled pad; the moment counts from then on, so that polling, debouncing, the input method,
drawing and the wire are all in it. "First" is the end of the first transfer that changes a pixel,
"last" the end of the one after which the glass is as wanted.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from appliance import messages as m
from appliance.app import Appliance
from appliance.box import serve
from appliance.commands.hand import until
from appliance.commands.virtual_box import VirtualBox
from appliance.supervision.team import NAMES, Name
from appliance.workers.supervisor import Status
from appliance.world import World
from drivers.keys import Key
from drivers.virtual.keypad import VirtualKeypad
from drivers.virtual.oled import OledModel
from ui.input.syllables import keys_of
from ui.keymap import Intent

STORY = "写一篇很长的文章，介绍长城的历史和修建过程，越详细越好。"
LONG_STORY = 2000  # tokens
NOBODYS_TURN = 1 << 30  # the conductor drops what belongs to a turn it does not know
PATIENCE = 180.0
SETTLED = 0.06  # seconds without a change after which an update is over
TYPED = "mingtianzaoshangqidianjiaowoqichuang"


@dataclass(slots=True)
class Latencies:
    """Seconds from the acting edge, one for each key that changed the glass.

    `tokens` is what the language model decoded meanwhile, in `seconds`.
    """

    first: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    tokens: int = 0
    seconds: float = 0.0


class Watch:
    """Sits between the bus and the display, and notes when pixels change."""

    def __init__(self, glass: OledModel) -> None:
        self._glass = glass
        self._shown = glass.frame()
        self.first: float | None = None
        self.last: float | None = None

    def write(self, data: bytes) -> None:
        self._glass.write(data)
        now = time.monotonic()
        shown = self._glass.frame()
        if shown != self._shown:
            self._shown = shown
            self.first = self.first or now
            self.last = now

    def read(self, length: int) -> bytes:
        return self._glass.read(length)

    def begin(self) -> None:
        """Forget what has changed so far."""
        self.first = self.last = None


def measure(rounds: int) -> dict[str, Latencies]:
    """Idle, and while the language model decodes on all cores where one is installed.

    A round types a sentence of 36 keys, takes it back key by key, and walks through a menu.
    """
    box = VirtualBox()
    with tempfile.TemporaryDirectory() as scratch, _state_in(scratch), World.open(None) as world:
        world.speak_into_files(Path(scratch), fast=True)
        run = _Run(box, rounds)
        asyncio.run(serve(world, box.make_front, run.play))
    return run.results


@contextlib.contextmanager
def _state_in(directory: str) -> Iterator[None]:
    """The user's own conversations and words are none of a measurement's business."""
    before = os.environ.get("XDG_STATE_HOME")
    os.environ["XDG_STATE_HOME"] = directory
    try:
        yield
    finally:
        if before is None:
            del os.environ["XDG_STATE_HOME"]
        else:
            os.environ["XDG_STATE_HOME"] = before


class _Run:
    def __init__(self, box: VirtualBox, rounds: int) -> None:
        self.results: dict[str, Latencies] = {}
        self._box = box
        self._rounds = rounds
        self._random = random.Random(1)
        self._tokens = 0

    async def play(self, app: Appliance) -> None:
        parts = self._box.parts
        assert parts is not None
        watch = Watch(parts.glass)
        parts.bus.attach(app.settings.integer("display.address"), watch)
        finger = _Finger(parts.pad, watch, self._random)
        await until(lambda: not app.presenter.booting, 10, "the home screen")
        await until(lambda: not _loading(app), PATIENCE, "all engines are loaded")
        self.results["idle"] = await self._keys(app, finger)
        if app.team.ready("llm"):
            self._count_tokens(app)
            ask = m.Ask(NOBODYS_TURN, "", (), STORY, max_tokens=LONG_STORY)
            app.team.send("llm", ask)
            await until(lambda: self._tokens > 0, PATIENCE, "the first token")
            self.results["busy"] = await self._keys(app, finger)
            app.team.send("llm", m.Stop(NOBODYS_TURN))

    def _count_tokens(self, app: Appliance) -> None:
        tell = app.conductor.reports.on_message

        def count(name: Name, message: m.Message) -> None:
            self._tokens += isinstance(message, m.Token)
            tell(name, message)

        app.conductor.reports.on_message = count  # type: ignore[method-assign]

    async def _keys(self, app: Appliance, finger: _Finger) -> Latencies:
        result = Latencies()
        tokens, began = self._tokens, time.monotonic()
        for _ in range(self._rounds):
            for digit in keys_of(TYPED):
                await finger.tap(Key(int(digit)), result)
            for _ in TYPED:
                await finger.tap(Key.A, result)
            app.open(Intent.MAIN_MENU)
            await asyncio.sleep(4 * SETTLED)
            for key in (*[Key.HASH] * 8, *[Key.STAR] * 8):
                await finger.tap(key, result)
            app.pages.close()
            app.changed()
            await asyncio.sleep(4 * SETTLED)
        result.tokens = self._tokens - tokens
        result.seconds = time.monotonic() - began
        return result


class _Finger:
    """Taps keys at moments that have nothing to do with the polling."""

    def __init__(self, pad: VirtualKeypad, watch: Watch, chance: random.Random) -> None:
        self._pad = pad
        self._watch = watch
        self._random = chance

    async def tap(self, key: Key, result: Latencies) -> None:
        """Press, wait until the glass has settled, release, wait until that was read.

        Raises:
            TimeoutError: the key changed nothing on the glass.
        """
        watch = self._watch
        await asyncio.sleep(self._random.uniform(0.05, 0.15))
        watch.begin()
        pressed = time.monotonic()
        self._pad.press(key)
        await until(lambda: watch.first is not None, 2.0, f"{key.name} shows")
        await until(lambda: time.monotonic() - (watch.last or 0.0) > SETTLED, 2.0, "a still glass")
        assert watch.first is not None and watch.last is not None
        result.first.append(watch.first - pressed)
        result.last.append(watch.last - pressed)
        self._pad.release()
        reads = self._pad.reads
        await until(lambda: self._pad.reads >= reads + 3, 2.0, "the release is read")


def _loading(app: Appliance) -> bool:
    return any(app.team.status(name) is Status.STARTING for name in NAMES)
