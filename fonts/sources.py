"""Readers of the font sources: X11 PCF, GNU Unifont's HEX, and OpenType drawn at its pixel size.

PCF: "The X11 Portable Compiled Format" (libXfont; fontforge.org/docs/techref/pcf-format).
HEX: unifoundry.com/unifont, one `CODE:BITMAP` a line, 8 or 16 pixels wide, 16 rows.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from fonts.packed import Bitmap, FontError

_METRICS, _BITMAPS, _ENCODINGS = 1 << 2, 1 << 3, 1 << 5
_COMPRESSED = 0x100
_BIG_BYTES, _BIG_BITS = 1 << 2, 1 << 3


def read_pcf(path: Path, baseline: int) -> dict[int, Bitmap]:
    """All glyphs by encoding, placed so that their baseline is under row `baseline - 1`.

    Raises FontError when the file is not PCF.
    """
    data = path.read_bytes()
    if data[:4] != b"\x01fcp":
        raise FontError(f"{path.name} is not a PCF font")
    tables = {}
    for number in range(struct.unpack_from("<I", data, 4)[0]):
        kind, _, _, offset = struct.unpack_from("<4I", data, 8 + 16 * number)
        tables[kind] = offset
    metrics = _read_metrics(data, tables[_METRICS])
    at = tables[_BITMAPS]
    form, order = _format(data, at)
    count = struct.unpack_from(f"{order}I", data, at + 4)[0]
    offsets = struct.unpack_from(f"{order}{count}I", data, at + 8)
    first = at + 8 + 4 * count + 16
    glyphs = {}
    for code, index in _read_encodings(data, tables[_ENCODINGS]):
        left, right, advance, ascent, descent = metrics[index]
        rows = _rows(data, first + offsets[index], form, right - left, ascent + descent)
        glyphs[code] = _bitmap(rows, right - left, advance, left, baseline - ascent)
    return glyphs


def _format(data: bytes, at: int) -> tuple[int, str]:
    form = struct.unpack_from("<I", data, at)[0]
    return form, ">" if form & _BIG_BYTES else "<"


def _read_metrics(data: bytes, at: int) -> list[tuple[int, ...]]:
    """(left, right, advance, ascent, descent) of each glyph."""
    form, order = _format(data, at)
    if form & _COMPRESSED:
        count = struct.unpack_from(f"{order}H", data, at + 4)[0]
        raw = data[at + 6 : at + 6 + 5 * count]
        return [tuple(byte - 0x80 for byte in raw[i : i + 5]) for i in range(0, len(raw), 5)]
    count = struct.unpack_from(f"{order}I", data, at + 4)[0]
    return [struct.unpack_from(f"{order}5h", data, at + 8 + 12 * i) for i in range(count)]


def _read_encodings(data: bytes, at: int) -> Iterable[tuple[int, int]]:
    """(code point, glyph index) of every encoded glyph."""
    _, order = _format(data, at)
    low0, low1, high0, high1, _ = struct.unpack_from(f"{order}5H", data, at + 4)
    width = low1 - low0 + 1
    indices = struct.unpack_from(f"{order}{width * (high1 - high0 + 1)}H", data, at + 14)
    for place, index in enumerate(indices):
        if index != 0xFFFF:
            yield (high0 + place // width) << 8 | (low0 + place % width), index


def _rows(data: bytes, at: int, form: int, width: int, height: int) -> list[int]:
    """Rows of a PCF bitmap as integers of `width` bits, the leftmost pixel the highest bit."""
    unit = 1 << (form & 3)
    stride = -(-((width + 7) // 8) // unit) * unit
    rows = []
    for row in range(height):
        raw = data[at + row * stride : at + (row + 1) * stride]
        if not form & _BIG_BITS:
            raw = bytes(int(f"{byte:08b}"[::-1], 2) for byte in raw)
        rows.append(int.from_bytes(raw, "big") >> (8 * stride - width))
    return rows


def _bitmap(rows: list[int], width: int, advance: int, left: int, top: int) -> Bitmap:
    columns = []
    for x in range(width):
        bits = sum((row >> (width - 1 - x) & 1) << y for y, row in enumerate(rows))
        columns.append(bits << top if top >= 0 else bits >> -top)
    return Bitmap(advance, left, tuple(columns))


def read_hex(path: Path) -> dict[int, Bitmap]:
    """All glyphs of a Unifont HEX file, 16 rows each. Raises FontError for a bad line."""
    glyphs = {}
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), 1):
        code, _, digits = line.partition(":")
        if len(digits) not in (32, 64):
            raise FontError(f"{path.name}, line {number}: neither 8 nor 16 pixels wide")
        step = len(digits) // 16
        rows = [int(digits[i : i + step], 16) for i in range(0, len(digits), step)]
        glyphs[int(code, 16)] = _bitmap(rows, 4 * step, 4 * step, 0, 0)
    return glyphs


def read_combining(path: Path) -> set[int]:
    """The code points that Unifont's list of combining offsets names."""
    lines = path.read_text(encoding="ascii").split()
    return {int(line.partition(":")[0], 16) for line in lines}


def read_opentype(path: Path, codes: Iterable[int]) -> dict[int, Bitmap]:
    """Those of `codes` that the font has, drawn at 16 px, where Unifont's outlines are pixels."""
    font = ImageFont.truetype(str(path), 16)
    missing = _draw(font, "\U0010fffd")
    glyphs = {}
    for code in codes:
        image = _draw(font, chr(code))
        if image.getbbox() is None or image.tobytes() == missing.tobytes():
            continue
        pixels = image.load()
        assert pixels is not None
        columns = tuple(sum(bool(pixels[x, y]) << y for y in range(16)) for x in range(image.width))
        glyphs[code] = Bitmap(round(font.getlength(chr(code))), 0, columns)
    return glyphs


def _draw(font: ImageFont.FreeTypeFont, char: str) -> Image.Image:
    image = Image.new("1", (16, 16))
    canvas = ImageDraw.Draw(image)
    canvas.fontmode = "1"
    canvas.text((0, 0), char, font=font, fill=1)
    return image
