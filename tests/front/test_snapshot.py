"""Pictures of the glass."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from PIL import Image

from appliance.front.snapshot import GLASS_BORDER, save_gif, save_png, to_image

LIT, DARK = (216, 246, 255), (6, 20, 28)


def test_every_pixel_is_a_square_of_the_scale() -> None:
    frame = Random(3).randbytes(1024)
    image = to_image(frame, scale=3).convert("RGB")
    assert image.size == ((128 + 2 * GLASS_BORDER) * 3, (64 + 2 * GLASS_BORDER) * 3)
    for y in range(64):
        for x in range(128):
            expected = LIT if frame[y // 8 * 128 + x] >> y % 8 & 1 else DARK
            left, top = (x + GLASS_BORDER) * 3, (y + GLASS_BORDER) * 3
            assert image.getpixel((left, top)) == image.getpixel((left + 2, top + 2)) == expected


def test_a_border_of_dark_glass_surrounds_the_pixels() -> None:
    image = to_image(bytes([255]) * 1024, scale=1).convert("RGB")
    corners = [(0, 0), (GLASS_BORDER - 1, 20), (image.width - 1, image.height - 1)]
    assert [image.getpixel(corner) for corner in corners] == [DARK] * 3
    assert image.getpixel((GLASS_BORDER, GLASS_BORDER)) == LIT


def test_a_png_reads_back_as_it_was_drawn(tmp_path: Path) -> None:
    frame = Random(4).randbytes(1024)
    save_png(frame, tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as read:
        assert read.convert("RGB").tobytes() == to_image(frame, 4).convert("RGB").tobytes()


def test_a_gif_keeps_frames_and_durations_and_merges_equal_neighbours(tmp_path: Path) -> None:
    one, two = Random(5).randbytes(1024), Random(6).randbytes(1024)
    save_gif([(one, 0.5), (one, 0.25), (two, 0.1), (one, 0.001)], tmp_path / "a.gif", scale=1)
    with Image.open(tmp_path / "a.gif") as gif:
        seen = []
        for index in range(gif.n_frames):
            gif.seek(index)
            seen.append((gif.convert("RGB").tobytes(), gif.info["duration"]))
        assert gif.info["loop"] == 0
    pictures = [to_image(frame, 1).convert("RGB").tobytes() for frame in (one, two, one)]
    assert seen == list(zip(pictures, [750, 100, 20], strict=True))


def test_bad_input_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1024"):
        to_image(bytes(10))
    with pytest.raises(ValueError, match="scale"):
        to_image(bytes(1024), scale=0)
    with pytest.raises(ValueError, match="at least one"):
        save_gif([], tmp_path / "none.gif")
