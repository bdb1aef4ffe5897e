"""Takes pictures of the front panel as a terminal shows it, over the real app on modelled parts.

python -m docs.panel        writes docs/panel.png (80x24, braille) and docs/panel-wide.png

Cells are drawn with our own fonts, so that no terminal and no installed font has a say.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageDraw
from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment

from appliance.app import Appliance
from appliance.box import serve
from appliance.commands.virtual_box import PanelParts, VirtualBox
from appliance.panel.hardware import PanelHardware, PanelStatus
from appliance.panel.palette import DESK, TEXT
from appliance.panel.terminal import FrontPanel
from appliance.world import World
from fonts.packed import Bitmap, PackedFont

CELL = (8, 16)
SCALE = 2
SHOTS = {
    Path("docs/panel.png"): ((80, 24), "64426"),
    Path("docs/panel-wide.png"): ((140, 50), "64426"),
}
_BRAILLE = range(0x2800, 0x2900)
_BRAILLE_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
_HALVES = {"▀": (0, 8), "▄": (8, 16), "█": (0, 16)}
_FONTS = [PackedFont(Path("fonts") / name) for name in ("large16.bin", "large16-fallback.bin")]


def picture(lines: Sequence[Sequence[Segment]], columns: int) -> Image.Image:
    """The rows of a terminal as an image, 8×16 pixels a cell."""
    size = (columns * CELL[0], len(lines) * CELL[1])
    image = Image.new("RGB", size, DESK)
    draw = ImageDraw.Draw(image)
    for row, segments in enumerate(lines):
        x = 0
        for text, style, _ in segments:
            ink = _rgb(style.color if style else None, TEXT)
            paper = _rgb(style.bgcolor if style else None, DESK)
            for char in text:
                cells = cell_len(char)
                left, top = x * CELL[0], row * CELL[1]
                right, bottom = left + cells * CELL[0] - 1, top + CELL[1] - 1
                draw.rectangle((left, top, right, bottom), paper)
                _draw_cell(draw, char, left, top, cells * CELL[0], ink)
                x += cells
    return image.resize((size[0] * SCALE, size[1] * SCALE), Image.Resampling.NEAREST)


def _rgb(color: Color | None, otherwise: str) -> str:
    if color is None or color.triplet is None:
        return otherwise
    return color.triplet.hex


def _draw_cell(
    draw: ImageDraw.ImageDraw, char: str, left: int, top: int, width: int, ink: str
) -> None:
    if ord(char) in _BRAILLE:
        for bit, (column, row) in enumerate(_BRAILLE_DOTS):
            if ord(char) - _BRAILLE.start >> bit & 1:
                x, y = left + column * 4, top + row * 4
                draw.rectangle((x, y, x + 2, y + 2), ink)
    elif char in _HALVES:
        begin, end = _HALVES[char]
        draw.rectangle((left, top + begin, left + CELL[0] - 1, top + end - 1), ink)
    elif (glyph := _glyph(char)) is not None:
        # Terminals fit wider glyphs, arrows and W among them, into their cell.
        squeeze = min(1.0, width / glyph.advance)
        for column, bits in enumerate(glyph.columns):
            x = left + int((glyph.left + column) * squeeze)
            for row in range(CELL[1]):
                if bits >> row & 1:
                    draw.point((x, top + row), ink)


def _glyph(char: str) -> Bitmap | None:
    found = (font.get(ord(char)) for font in _FONTS)
    return next((glyph for glyph in found if glyph is not None), None)


async def shoot(
    hardware: PanelHardware, status: Callable[[], PanelStatus], size: tuple[int, int], keys: str
) -> Image.Image:
    """Run the panel in a terminal of this size, type, and take the picture."""
    panel = FrontPanel(hardware, status)
    async with panel.run_test(size=size) as pilot:
        await pilot.pause(2)
        await pilot.press(*keys)
        await pilot.pause(2)
        strips = panel.screen._compositor.render_strips()
        return picture([list(strip) for strip in strips], size[0])


def main() -> None:
    for path, (size, keys) in SHOTS.items():
        taken: list[Image.Image] = []
        with tempfile.TemporaryDirectory() as state:
            os.environ["XDG_STATE_HOME"] = state
            with World.open(None) as world:
                world.offer_wav_directory(Path(state))
                box = VirtualBox()

                async def beside(
                    app: Appliance,
                    box: VirtualBox = box,
                    size: tuple[int, int] = size,
                    keys: str = keys,
                    taken: list[Image.Image] = taken,
                ) -> None:
                    assert box.parts is not None
                    panel = PanelParts(app, box.parts, Path("out"))
                    taken.append(await shoot(panel, panel.status, size, keys))

                asyncio.run(serve(world, box.make_front, beside))
        taken[0].quantize(64).save(path, optimize=True)
        print(path)


if __name__ == "__main__":
    main()
