"""A whole box on virtual parts, driven by a script: the pilot of the end-to-end tests."""

import asyncio
import contextlib
from pathlib import Path

from appliance.box import serve
from appliance.commands.hand import Hand
from appliance.commands.virtual_box import VirtualBox
from appliance.world import World
from drivers.keys import Key
from tests.waiting import until
from ui.input import syllables
from ui.render import render


def keys_of(pinyin):
    """The keys that type it."""
    return [Key(int(key)) for key in syllables.keys_of(pinyin.replace(" ", ""))]


class Rig:
    """What a script sees: the app, a hand on the pad, the glass, and where WAVs go."""

    def __init__(self, app, box, out):
        self.app = app
        self.conductor = app.conductor
        self.hand = Hand(box.parts.pad)
        self.box = box
        self.out = out

    @property
    def history(self):
        """What of this conversation goes into the next prompt."""
        return self.conductor.knowledge.memory.history

    @property
    def glass(self):
        return self.box.parts.glass.frame()

    def shows(self, screen):
        """Whether the glass shows exactly this screen, pixel by pixel."""
        return self.glass == render(screen, self.conductor.language).to_bytes()

    async def until(self, condition, seconds=120):
        deadline = asyncio.get_running_loop().time() + seconds
        while not condition():
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"not within {seconds} s; state {self.app.state}")
            await asyncio.sleep(0.02)


def running(group):
    """Command lines of a process group's members; one that only waits to be reaped runs no more."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            state, _, its_group = (process / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                found.append((process / "cmdline").read_text().replace("\0", " "))
    return found


def until_nothing_runs(group):
    """Wait until a process group is empty: what a killed worker had started ends by itself."""
    until(lambda: not running(group), lambda: running(group))


def run_box(script, out, file_settings=None, options=None):
    """Serve a virtual box while `script(rig)` runs; its result."""
    result = []
    box = VirtualBox(real_time=False)
    with World.open(None) as world:
        world.settings.adopt(file_settings or {})
        world.speak_into_files(out, fast=True)
        if options is not None:
            options(world)

        async def beside(app):
            result.append(await script(Rig(app, box, out)))

        asyncio.run(serve(world, box.make_front, beside))
    return result[0]


__all__ = ["Key", "Rig", "keys_of", "run_box", "until_nothing_runs"]
