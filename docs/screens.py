"""All screens on one picture: `python -m docs.screens [-o docs/screens.png]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image, ImageDraw

from tests.ui.scenes import SCENES
from ui import font
from ui.framebuffer import HEIGHT, WIDTH, Framebuffer
from ui.render import render
from ui.strings import Language

SCALE = 2
COLUMNS = 5
MARGIN = 12
LABEL = 18
BACKGROUND, BEZEL, LIT = (24, 26, 30), (0, 0, 0), (190, 230, 255)


def to_image(frame: Framebuffer) -> Image.Image:
    """The frame as a 1-bit picture, lit pixels white."""
    return Image.frombytes("1", (WIDTH, HEIGHT), b"".join(frame.to_rows()))


def sheet(language: Language) -> Image.Image:
    """Every scene in one language, with its name above it."""
    width, height = WIDTH * SCALE + MARGIN, HEIGHT * SCALE + MARGIN + LABEL
    rows = -(-len(SCENES) // COLUMNS)
    picture = Image.new("RGB", (width * COLUMNS + MARGIN, height * rows + MARGIN), BACKGROUND)
    for number, (name, scene) in enumerate(SCENES.items()):
        x = MARGIN + number % COLUMNS * width
        y = MARGIN + number // COLUMNS * height
        _label(picture, name, x, y)
        glass = to_image(render(scene(language), language))
        glass = glass.resize((WIDTH * SCALE, HEIGHT * SCALE), Image.Resampling.NEAREST)
        picture.paste(
            BEZEL, (x - 2, y + LABEL - 2, x + glass.width + 2, y + LABEL + glass.height + 2)
        )
        picture.paste(LIT, (x, y + LABEL), glass)
    return picture


def _label(picture: Image.Image, name: str, x: int, y: int) -> None:
    strip = Framebuffer()
    font.body().draw(strip, name, 0, 0)
    ImageDraw.Draw(picture).bitmap((x, y), to_image(strip).convert("L"), fill=(150, 155, 165))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/screens.png"))
    output = parser.parse_args().output
    for language in Language:
        suffix = "" if language is Language.ZH else f"-{language.value}"
        path = output.with_stem(output.stem + suffix)
        sheet(language).save(path, optimize=True)
        print(path)


if __name__ == "__main__":
    main()
