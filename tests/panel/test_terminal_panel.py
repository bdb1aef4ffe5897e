"""The panel as the user sees it, driven by textual's pilot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Literal

import pytest
from textual.pilot import Pilot

from appliance.panel import terminal
from appliance.panel.hardware import PanelError, PanelStatus
from appliance.panel.pixels import FRAME_BYTES, braille_rows, half_block_rows
from appliance.panel.terminal import FrontPanel, run_panel
from drivers.keys import Key
from tests.waiting import PATIENCE

Script = Callable[[FrontPanel, Pilot[int]], Awaitable[None]]


class Hardware:
    """Remembers what was pressed."""

    def __init__(self) -> None:
        self.shown = Random(7).randbytes(FRAME_BYTES)
        self.edges: list[tuple[str, Key]] = []
        self.fed: list[Path] = []
        self.moved = asyncio.Event()

    def frame(self) -> bytes:
        return self.shown

    def press(self, key: Key) -> None:
        self.edges.append(("down", key))
        self.moved.set()

    def release(self, key: Key) -> None:
        self.edges.append(("up", key))
        self.moved.set()

    def feed_wav(self, path: Path) -> None:
        if path.suffix != ".wav":
            raise ValueError(f"{path.name}: not a WAV file")
        self.fed.append(path)

    async def until(self, count: int) -> list[tuple[str, Key]]:
        while len(self.edges) < count:
            self.moved.clear()
            await asyncio.wait_for(self.moved.wait(), PATIENCE)
        return self.edges


def drive(
    hardware: Hardware,
    script: Script,
    size: tuple[int, int] = (80, 24),
    status: Callable[[], PanelStatus] = PanelStatus,
) -> FrontPanel:
    async def main() -> FrontPanel:
        panel = FrontPanel(hardware, status)
        async with panel.run_test(size=size) as pilot:
            await pilot.pause()
            await script(panel, pilot)
        return panel

    return asyncio.run(main())


def screen_of(panel: FrontPanel) -> list[str]:
    return [strip.text for strip in panel.screen._compositor.render_strips()]


async def shown(panel: FrontPanel, pilot: Pilot[int], text: str) -> str:
    """Wait until `text` stands on the screen."""
    deadline = time.monotonic() + PATIENCE
    while text not in (screen := "\n".join(screen_of(panel))):
        assert time.monotonic() < deadline, f"{text!r} never appeared in\n{screen}"
        await pilot.pause(0.02)
    return screen


def test_80_by_24_shows_the_frame_in_braille_dot_by_dot() -> None:
    hardware = Hardware()
    rows = braille_rows(hardware.shown)

    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        await shown(panel, pilot, rows[0])
        assert [line.strip() for line in screen_of(panel)[1:17]] == [f"│{row}│" for row in rows]

    drive(hardware, script)


def test_140_by_50_shows_real_pixels() -> None:
    hardware = Hardware()
    rows = half_block_rows(hardware.shown)

    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        await shown(panel, pilot, rows[0])
        lines = screen_of(panel)[1:33]
        assert [line[line.index("│") + 1 :][:128] for line in lines] == rows

    drive(hardware, script, (140, 50))


def test_a_new_frame_replaces_the_old_one() -> None:
    hardware = Hardware()

    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        await shown(panel, pilot, braille_rows(hardware.shown)[3])
        hardware.shown = Random(8).randbytes(FRAME_BYTES)
        screen = await shown(panel, pilot, braille_rows(hardware.shown)[3])
        assert all(row in screen for row in braille_rows(hardware.shown))

    drive(hardware, script)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(80, 24), (64, 22), (140, 50)])
def test_pad_legend_and_status_are_on_the_screen(size: tuple[int, int], language: str) -> None:
    status = PanelStatus(
        language="zh" if language == "zh" else "en",
        provisioning="llama.cpp 41/86",
        fraction=0.5,
        sink="out/*.wav",
        wire_bytes=1_234_567,
    )

    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        screen = await shown(panel, pilot, "50% llama.cpp 41/86")
        for text in ("2", "wxyz", "Esc", "Enter=D", "out/*.wav", "1.2 MB"):
            assert text in screen
        assert ("长按" if language == "zh" else "Shift+key=long") in screen

    drive(Hardware(), script, size, lambda: status)


def test_pc_keys_press_the_pad_in_order() -> None:
    hardware = Hardware()

    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        await pilot.press("6", "6", "tab", "escape", "left", "enter", "c")
        await hardware.until(14)

    drive(hardware, script)
    keys = [Key.D6, Key.D6, Key.B, Key.A, Key.STAR, Key.D, Key.C]
    assert hardware.edges == [(edge, key) for key in keys for edge in ("down", "up")]


def test_space_holds_d_until_space() -> None:
    hardware = Hardware()

    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        await pilot.press("space")
        await hardware.until(1)
        await shown(panel, pilot, "说话中")
        assert hardware.edges == [("down", Key.D)]
        await pilot.press("space")
        await hardware.until(2)

    drive(hardware, script)
    assert hardware.edges == [("down", Key.D), ("up", Key.D)]


@pytest.mark.parametrize("talk", ["long", "tap"])
def test_where_silence_ends_the_talk_space_leaves_no_key_down(
    talk: Literal["long", "tap"],
) -> None:
    hardware = Hardware()

    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        await pilot.press("space")
        await hardware.until(2)

    drive(hardware, script, status=lambda: PanelStatus(talk=talk))
    assert hardware.edges == [("down", Key.D), ("up", Key.D)]


@pytest.mark.parametrize("size", [(80, 24), (170, 40)])
def test_the_mouse_holds_the_key_under_it(size: tuple[int, int]) -> None:
    hardware = Hardware()

    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        # The last key of the last row is D.
        pad = panel.pad.size
        at = (pad.width - 3, pad.height - pad.height // 4)
        await pilot.mouse_down(panel.pad, at)
        await hardware.until(1)
        await pilot.pause(0.2)
        assert hardware.edges == [("down", Key.D)]
        assert panel.player.down is Key.D
        await pilot.mouse_up(panel.pad, at)
        await hardware.until(2)

    drive(hardware, script, size)
    assert hardware.edges == [("down", Key.D), ("up", Key.D)]


def test_every_key_can_be_hit_with_the_mouse() -> None:
    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        size = panel.pad.size
        hit = {panel.pad.key_at(x, y) for x in range(size.width) for y in range(size.height)}
        assert hit == {*Key, None}

    for size in ((64, 22), (100, 30), (170, 40)):
        drive(Hardware(), script, size)


def test_a_key_lights_up_while_it_is_down() -> None:
    hardware = Hardware()

    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        dark = panel.pad.render_line(3)
        await pilot.press("space")
        await hardware.until(1)
        assert panel.pad.render_line(3) != dark

    drive(hardware, script)


def test_a_terminal_made_too_small_says_so_and_recovers() -> None:
    hardware = Hardware()

    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        await pilot.resize_terminal(50, 15)
        await shown(panel, pilot, "终端太小：需要 64×22，现在 50×15")
        await pilot.press("2")  # keys still work
        await hardware.until(2)
        await pilot.resize_terminal(1, 1)
        await pilot.resize_terminal(80, 24)
        await shown(panel, pilot, braille_rows(hardware.shown)[5])

    drive(hardware, script)


def test_g_changes_between_braille_and_half_blocks() -> None:
    hardware = Hardware()

    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        await shown(panel, pilot, half_block_rows(hardware.shown)[9])
        await pilot.press("g")
        await shown(panel, pilot, braille_rows(hardware.shown)[9])
        await pilot.press("g")
        await shown(panel, pilot, half_block_rows(hardware.shown)[9])

    drive(hardware, script, (140, 50))


def test_w_asks_for_a_wav_and_feeds_it(tmp_path: Path) -> None:
    hardware = Hardware()
    wav = tmp_path / "question.wav"

    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        await pilot.press("w")
        await pilot.pause()
        panel.screen.query_one("Input").value = str(wav)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await shown(panel, pilot, "question.wav")

    drive(hardware, script)
    assert hardware.fed == [wav]
    assert hardware.edges == []


def test_a_file_that_is_no_wav_is_a_line_on_the_screen() -> None:
    hardware = Hardware()

    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        await pilot.press("w", *"a.txt", "enter")
        await shown(panel, pilot, "a.txt: not a WAV file")

    drive(hardware, script)


def test_escape_leaves_the_prompt_and_presses_nothing() -> None:
    hardware = Hardware()

    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        await pilot.press("w", "2", "escape")
        await pilot.pause()
        await pilot.press("3")
        await hardware.until(2)

    drive(hardware, script)
    assert hardware.edges == [("down", Key.D3), ("up", Key.D3)]


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
def test_quitting_releases_what_is_down(key: str) -> None:
    hardware = Hardware()

    async def script(panel: FrontPanel, pilot: Pilot[int]) -> None:
        await pilot.press("space")
        await hardware.until(1)
        await pilot.press(key)

    panel = drive(hardware, script)
    assert not panel.is_running
    assert hardware.edges == [("down", Key.D), ("up", Key.D)]


def test_without_a_terminal_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/null").open() as nothing:
        monkeypatch.setattr(terminal.sys, "__stdin__", nothing)
        with pytest.raises(PanelError, match="lory demo"):
            asyncio.run(run_panel(Hardware(), PanelStatus))
