"""Frames of the glass as PNG and GIF files: for people, never on the box's own way to the glass.

A frame is 1024 bytes in page layout: page-major, a byte is 8 rows of a column, LSB on top.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING

from appliance.panel.pixels import FRAME_BYTES, HEIGHT, WIDTH

if TYPE_CHECKING:
    from PIL.Image import Image

GLASS_BORDER = 4  # pixels of the glass around the lit area, as on the real module

_GLASS = (6, 20, 28)
_PIXEL = (216, 246, 255)
_MIN_GIF_SECONDS = 0.02  # viewers show anything shorter at 0.1 s


def to_image(frame: bytes, scale: int = 4) -> Image:
    """The glass with a dark border, `scale` image pixels per OLED pixel, in two colours.

    Raises ValueError when `frame` is not 1024 bytes or `scale` is below 1.
    """
    from PIL import Image  # only who takes pictures needs pillow

    if len(frame) != FRAME_BYTES:
        raise ValueError(f"a frame has {FRAME_BYTES} bytes, not {len(frame)}")
    if scale < 1:
        raise ValueError(f"scale must be at least 1, not {scale}")
    image = Image.new("P", (WIDTH + 2 * GLASS_BORDER, HEIGHT + 2 * GLASS_BORDER))
    image.putpalette([*_GLASS, *_PIXEL])
    lit = Image.frombytes("P", (WIDTH, HEIGHT), _unpack(frame))
    image.paste(lit, (GLASS_BORDER, GLASS_BORDER))
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def save_png(frame: bytes, path: Path | IO[bytes], scale: int = 4) -> None:
    """Write one frame. Raises OSError, or ValueError as `to_image` does."""
    to_image(frame, scale).save(path, "PNG", optimize=True)


def save_gif(frames: Iterable[tuple[bytes, float]], path: Path | IO[bytes], scale: int = 4) -> None:
    """Write (frame, seconds) pairs as a GIF that runs for ever.

    Equal neighbours become one. Raises OSError, or ValueError for no frames or a bad one.
    """
    merged = _merge(frames)
    if not merged:
        raise ValueError("a GIF needs at least one frame")
    images = [to_image(frame, scale) for frame, _ in merged]
    durations = [round(max(seconds, _MIN_GIF_SECONDS) * 1000) for _, seconds in merged]
    images[0].save(
        path,
        "GIF",
        save_all=True,
        append_images=images[1:],
        duration=durations,
        loop=0,
        optimize=False,
    )


def _unpack(frame: bytes) -> bytes:
    """One byte, 0 or 1, per pixel, row by row."""
    rows = bytearray(WIDTH * HEIGHT)
    for page in range(HEIGHT // 8):
        columns = frame[page * WIDTH : (page + 1) * WIDTH]
        for bit in range(8):
            start = (page * 8 + bit) * WIDTH
            rows[start : start + WIDTH] = bytes(column >> bit & 1 for column in columns)
    return bytes(rows)


def _merge(frames: Iterable[tuple[bytes, float]]) -> list[tuple[bytes, float]]:
    merged: list[tuple[bytes, float]] = []
    for frame, seconds in frames:
        if merged and merged[-1][0] == frame:
            merged[-1] = (frame, merged[-1][1] + seconds)
        else:
            merged.append((frame, seconds))
    return merged
