"""The panel in a window, on a display server of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import traceback
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from appliance.panel.hardware import PanelError, PanelStatus
from drivers.keys import Key
from tests.waiting import PATIENCE

pytest.importorskip("tkinter", reason="Python without tkinter (Debian: python3-tk)")

from appliance.panel.window import Window, key_stroke, ppm, run_window

Edge = tuple[str, Key]


class Hardware:
    def __init__(self) -> None:
        self.shown = Random(7).randbytes(1024)
        self.edges: list[Edge] = []
        self.fed: list[Path] = []

    def frame(self) -> bytes:
        return self.shown

    def press(self, key: Key) -> None:
        self.edges.append(("down", key))

    def release(self, key: Key) -> None:
        self.edges.append(("up", key))

    def feed_wav(self, path: Path) -> None:
        if path.suffix != ".wav":
            raise ValueError(f"{path.name}: not a WAV file")
        self.fed.append(path)


def test_a_ppm_holds_every_pixel() -> None:
    frame = Random(1).randbytes(1024)
    head, pixels = ppm(frame, 2).split(b"255\n", 1)
    assert head == b"P6 256 128 "
    for y in range(64):
        for x in range(128):
            lit = frame[y // 8 * 128 + x] >> y % 8 & 1
            at = ((2 * y + 1) * 256 + 2 * x + 1) * 3
            assert pixels[at : at + 3] == (b"\xd8\xf6\xff" if lit else b"\x06\x14\x1c")


@pytest.mark.parametrize(
    ("keysym", "character", "state", "expected"),
    [
        ("Escape", "\x1b", 0, (Key.A, False)),
        ("ISO_Left_Tab", "", 1, (Key.B, True)),
        ("Return", "\r", 0, (Key.D, False)),
        ("Return", "\r", 1, (Key.D, True)),
        ("Left", "", 0, (Key.STAR, False)),
        ("space", " ", 0, (Key.D, False)),
        ("5", "5", 0, (Key.D5, False)),
        ("percent", "%", 1, (Key.D5, True)),
        ("KP_5", "5", 0, (Key.D5, False)),
        ("F1", "", 0, None),
    ],
)
def test_tk_keys(keysym: str, character: str, state: int, expected: object) -> None:
    assert key_stroke(keysym, character, state) == expected


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("no Xvfb on this machine: the window is not tried")
    told, ours = os.pipe()
    child = subprocess.Popen(
        [server, "-displayfd", str(ours), "-screen", "0", "1024x800x24", "-nolisten", "tcp"],
        pass_fds=[ours],
        stderr=subprocess.DEVNULL,
    )
    os.close(ours)
    with os.fdopen(told, encoding="ascii") as stream:
        number = stream.readline().strip()
    monkeypatch.setenv("DISPLAY", f":{number}")
    yield
    child.terminate()
    child.wait()


def use(hardware: Hardware, script: Callable[[Window], Awaitable[None]], end: list[Edge]) -> None:
    """Run `script` on a window in a child, close it, and compare what the pad saw with `end`.

    A child: Xlib ends its process when the display server goes away.
    """

    async def main() -> None:
        window = Window(hardware, PanelStatus)
        running = asyncio.create_task(window.run())
        await until(lambda: window.root.winfo_viewable() == 1)
        window.root.focus_force()
        await script(window)
        window.close()
        assert await running == 0
        assert hardware.edges == end

    child = os.fork()
    if child == 0:
        try:
            asyncio.run(asyncio.wait_for(main(), PATIENCE))
        except BaseException:  # noqa: BLE001 - the child must never return into pytest
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, "see the traceback of the child"


async def until(happened: Callable[[], bool]) -> None:
    while not happened():  # `use` does not wait for ever
        await asyncio.sleep(0.02)


@pytest.mark.usefixtures("display")
def test_a_key_is_down_as_long_as_it_is_held() -> None:
    hardware = Hardware()

    async def script(window: Window) -> None:
        window.root.event_generate("<KeyPress-2>")
        await until(lambda: hardware.edges == [("down", Key.D2)])
        # X11 repeats a held key as release and press.
        for _ in range(5):
            window.root.event_generate("<KeyRelease-2>")
            window.root.event_generate("<KeyPress-2>")
        await asyncio.sleep(0.1)
        assert hardware.edges == [("down", Key.D2)]
        assert window.player.down is Key.D2
        window.root.event_generate("<KeyRelease-2>")
        await until(lambda: len(hardware.edges) == 2)

    use(hardware, script, [("down", Key.D2), ("up", Key.D2)])


@pytest.mark.usefixtures("display")
def test_the_mouse_holds_a_key_and_it_lights_up() -> None:
    hardware = Hardware()

    async def script(window: Window) -> None:
        cap = window.caps[Key.D]
        dark = cap.cget("bg")
        cap.event_generate("<ButtonPress-1>")
        await until(lambda: hardware.edges == [("down", Key.D)])
        assert cap.cget("bg") != dark
        cap.event_generate("<ButtonRelease-1>")
        await until(lambda: hardware.edges == [("down", Key.D), ("up", Key.D)])
        assert cap.cget("bg") == dark

    use(hardware, script, [("down", Key.D), ("up", Key.D)])


@pytest.mark.usefixtures("display")
def test_closing_the_window_releases_what_is_down() -> None:
    hardware = Hardware()

    async def script(window: Window) -> None:
        window.root.event_generate("<KeyPress-space>")
        await until(lambda: hardware.edges == [("down", Key.D)])

    use(hardware, script, [("down", Key.D), ("up", Key.D)])


@pytest.mark.usefixtures("display")
def test_a_file_is_fed_or_the_reason_is_shown() -> None:
    hardware = Hardware()

    async def script(window: Window) -> None:
        window.feed(Path("a.wav"))
        window.feed(Path("a.txt"))
        await until(lambda: "a.txt: not a WAV file" in window.status.cget("text"))
        assert hardware.fed == [Path("a.wav")]

    use(hardware, script, [])


def test_without_a_display_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(PanelError, match="no window"):
        asyncio.run(run_window(Hardware(), PanelStatus))
