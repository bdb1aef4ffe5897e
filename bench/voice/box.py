"""A whole box on virtual parts and a virtual sound card, driven by a script."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from appliance.app import Appliance
from appliance.box import serve
from appliance.commands.hand import Hand
from appliance.commands.virtual_box import VirtualBox
from appliance.configuration.settings import Value
from appliance.world import World

T = TypeVar("T")

_PATIENCE = 120.0
_AUDIBLE = 0.001
_SOUND = Path(__file__).parent / "sound"


class SpeakerLog:
    """What the virtual card played: (monotonic time at the speaker, peak) per 20 ms."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def sounding(self, after: float) -> list[float]:
        """Times of the blocks with sound in them, later than `after`."""
        found = []
        for line in self._path.read_text().splitlines():
            left, _, peak = line.partition(" ")
            if peak and float(peak) > _AUDIBLE and float(left) > after:
                found.append(float(left))
        return found


class Box:
    """What a script drives."""

    def __init__(self, app: Appliance, virtual: VirtualBox, log: SpeakerLog) -> None:
        assert virtual.parts is not None
        self.app = app
        self.conductor = app.conductor
        self.pad = virtual.parts.pad
        self.hand = Hand(virtual.parts.pad)
        self.speaker = log

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to become true.

        Raises:
            TimeoutError: it did not.
        """
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        while not condition():
            if asyncio.get_running_loop().time() > deadline:
                raise TimeoutError(f"stuck in {self.app.state}")
            await asyncio.sleep(0.005)

    async def ready(self) -> None:
        """All engines loaded, the start-up picture gone."""
        team = self.app.team
        names = ("audio", "asr", "tts", "llm")
        await self.until(lambda: all(team.ready(name) for name in names))  # type: ignore[arg-type]
        await self.until(lambda: not self.app.presenter.booting)


def run_box(script: Callable[[Box], Awaitable[T]], settings: dict[str, Value]) -> T:
    """Serve a box while `script` runs; its result."""
    result: list[T] = []
    virtual = VirtualBox()
    with tempfile.TemporaryDirectory(prefix="lory-bench-") as directory:
        log = Path(directory) / "speaker.log"
        log.touch()
        os.environ["LORY_VIRTUAL_SPEAKER"] = str(log)
        os.environ["XDG_STATE_HOME"] = directory
        path = os.environ.get("PYTHONPATH", "")
        os.environ["PYTHONPATH"] = os.pathsep.join([str(_SOUND), *([path] if path else [])])
        try:
            with World.open(None) as world:
                world.settings.adopt(settings)

                async def beside(app: Appliance) -> None:
                    result.append(await script(Box(app, virtual, SpeakerLog(log))))

                asyncio.run(serve(world, virtual.make_front, beside))
        finally:
            os.environ["PYTHONPATH"] = path
    return result[0]
