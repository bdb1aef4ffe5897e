"""`lory panel`: the same firmware on modelled parts, with a front panel on this PC."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

from appliance.app import Appliance
from appliance.box import serve
from appliance.commands.provisioning import Installer
from appliance.configuration.settings import Settings
from appliance.dialogue.talk import Talk
from appliance.errors import CommandError
from appliance.front.hardware import Front, OnKey, VirtualParts, virtual_front
from appliance.panel.hardware import PanelError, PanelHardware, PanelStatus
from appliance.world import World
from drivers.keys import Key
from ui.keymap import State

RunPanel = Callable[[PanelHardware, Callable[[], PanelStatus]], Awaitable[int]]


class VirtualBox:
    """Keeps hold of the modelled chips, for whoever shows and presses them."""

    def __init__(self, real_time: bool = True) -> None:
        self.parts: VirtualParts | None = None
        self.front: Front | None = None
        self._real_time = real_time

    def make_front(self, settings: Settings, on_key: OnKey) -> Front:
        self.front, self.parts = virtual_front(settings, on_key, self._real_time)
        return self.front


class PanelParts:
    """The panel's view of a running virtual box."""

    def __init__(self, app: Appliance, parts: VirtualParts, out: Path) -> None:
        self._app = app
        self._parts = parts
        self._out = out
        self._frames = 0
        self._last = b""

    def frame(self) -> bytes:
        """What the glass shows."""
        frame = self._parts.glass.frame()
        if frame == self._last:
            return self._last
        self._last = frame
        self._frames += 1
        return frame

    def press(self, key: Key) -> None:
        self._parts.pad.press(key)

    def release(self, key: Key) -> None:
        self._parts.pad.release()

    def feed_wav(self, path: Path) -> None:
        """Let the box hear a file. Raises OSError or ValueError with a clear line."""
        try:
            # Imported here: numpy may still be being installed behind the panel.
            from appliance.sound.wav import WavError, read_wav
        except ImportError as error:
            raise ValueError(self._app.conductor.teller.say("fault.arriving")) from error
        try:
            read_wav(path)
        except WavError as error:
            raise ValueError(str(error)) from error
        self._app.conductor.talk(path.resolve())

    def status(self) -> PanelStatus:
        """What stands under the glass."""
        conductor = self._app.conductor
        sink = conductor.mouth.devices.sink
        provisioning = self._app.provisioning
        where = conductor.teller.say(f"panel.sink-{sink}", where=self._out)
        return PanelStatus(
            language=conductor.language.value,
            provisioning=provisioning.text,
            fraction=provisioning.fraction if provisioning.text else None,
            sink=where,
            wire_bytes=self._parts.bus.bytes_on_wire,
            talk=self._talk(),
        )

    def _talk(self) -> Literal["hold", "long", "tap"]:
        if self._app.conductor.ear.talk_key is Talk.HOLD:
            return "hold"
        return "tap" if self._app.state is State.HANDS_FREE else "long"


def run_panel_box(config: Path | None, out: Path, provision: bool, window: bool) -> int:
    """`lory panel`."""
    run_panel = _window() if window else _terminal()
    _log_to(out / "lory.log")
    with World.open(config) as world:
        world.offer_wav_directory(out)
        box = VirtualBox()
        installer = Installer(world) if provision else None
        status = 0

        async def beside(app: Appliance) -> None:
            nonlocal status
            assert box.parts is not None
            work = asyncio.create_task(installer.run(app)) if installer is not None else None
            panel = PanelParts(app, box.parts, out)
            try:
                status = await run_panel(panel, panel.status)
            finally:
                if work is not None:
                    work.cancel()
                    await asyncio.wait([work])

        try:
            asyncio.run(serve(world, box.make_front, beside))
        except PanelError as error:
            raise CommandError(str(error)) from error
    return status


def _terminal() -> RunPanel:
    try:
        from appliance.panel.terminal import run_panel
    except ImportError as error:
        raise CommandError(
            f"the panel needs more packages: pip install 'lory[panel]' ({error})"
        ) from error
    return run_panel


def _window() -> RunPanel:
    try:
        from appliance.panel.window import run_window
    except ImportError as error:
        raise CommandError(f"no window here: {error}") from error
    return run_window


def _log_to(path: Path) -> None:
    """The terminal is the panel's: what would be logged there goes to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
