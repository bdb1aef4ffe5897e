"""The packed bitmap font: one file, mapped into memory, read in place.

Layout (little endian), version 1:

| bytes | meaning |
|---|---|
| 0 | magic `LORYFONT` |
| 8 | u16 version |
| 10 | u8 height in px, u8 baseline (rows above it) |
| 12 | u8 bytes per column, u8 zero, u16 number of blocks |
| 16 | u32 number of glyphs, u32 file size |
| 24 | u32 CRC-32 of the bytes 0-23 and of table and blocks, u32 CRC-32 of the glyph data |
| 32 | table: 4352 x u16, block of the code points `n << 8`, 0xFFFF for none |
| 8736 | blocks, 40 bytes each: 256-bit presence map, u32 first glyph, u16 glyph size, u16 zero |
| ... | glyphs: u8 advance, i8 left, then columns from the left, bit 0 the top row |

A glyph's place is the number of bits set before its own in the presence map, so a look-up is O(1)
and touches three pages of the file. Opening checks size and index (16 kB at most), not the glyphs;
`PackedFont.verify` checks those.
"""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

MAGIC = b"LORYFONT"
VERSION = 1
_HEADER = struct.Struct("<8sHBBBBHIIII")
_BLOCK = struct.Struct("<32sIHH")
_TABLE_LENGTH = 0x110000 >> 8
_TABLE = struct.Struct(f"<{_TABLE_LENGTH}H")
_NUMBER = struct.Struct("<H")
_NO_BLOCK = 0xFFFF


class FontError(ValueError):
    """A font file that cannot be used: not one, another version, truncated or damaged."""


@dataclass(frozen=True, slots=True)
class Bitmap:
    """One glyph: pen `advance` in px, where its ink starts, its columns (bit 0 is the top row)."""

    advance: int
    left: int
    columns: tuple[int, ...]


def pack(glyphs: Mapping[int, Bitmap], height: int, baseline: int) -> bytes:
    """The file for these glyphs, keyed by code point. Raises FontError for what does not fit."""
    depth = (height + 7) // 8
    blocks: dict[int, list[int]] = {}
    for code in sorted(glyphs):
        blocks.setdefault(code >> 8, []).append(code)
    table = [_NO_BLOCK] * _TABLE_LENGTH
    index, data = [], bytearray()
    start = _HEADER.size + _TABLE.size + _BLOCK.size * len(blocks)
    for number, (high, codes) in enumerate(blocks.items()):
        table[high] = number
        present = sum(1 << (code & 255) for code in codes)
        size = 2 + depth * max(len(glyphs[code].columns) for code in codes)
        index.append(_BLOCK.pack(present.to_bytes(32, "little"), start + len(data), size, 0))
        for code in codes:
            data += _record(code, glyphs[code], height, depth).ljust(size, b"\0")
    body = _TABLE.pack(*table) + b"".join(index)
    fields = (MAGIC, VERSION, height, baseline, depth, 0, len(blocks), len(glyphs))
    size = start + len(data)
    checksum = zlib.crc32(body, zlib.crc32(_HEADER.pack(*fields, size, 0, 0)[:24]))
    return _HEADER.pack(*fields, size, checksum, zlib.crc32(data)) + body + bytes(data)


def _record(code: int, glyph: Bitmap, height: int, depth: int) -> bytes:
    if any(column >> height for column in glyph.columns):
        raise FontError(f"U+{code:04X} is taller than {height} px")
    columns = b"".join(column.to_bytes(depth, "little") for column in glyph.columns)
    try:
        return struct.pack("<Bb", glyph.advance, glyph.left) + columns
    except struct.error as error:
        raise FontError(f"U+{code:04X} is too wide: {error}") from error


class PackedFont:
    """A packed font file, mapped. Look-ups copy one glyph; nothing is parsed ahead.

    Raises FontError when the file is missing, not a packed font, of another version, shorter or
    longer than it says, or when its index is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
                self._check(file)
        except FontError:
            self.close()
            raise
        except (OSError, ValueError) as error:  # ValueError: mmap refuses an empty file
            raise FontError(f"cannot read the font {path.name}: {error}") from error

    def _check(self, file: BinaryIO) -> None:
        """Header and index, read and not mapped: no page of the map is touched before a glyph."""
        name = self.path.name
        header = file.read(_HEADER.size)
        if len(header) < _HEADER.size or not header.startswith(MAGIC):
            raise FontError(f"{name} is not a packed font")
        fields = _HEADER.unpack(header)
        if fields[1] != VERSION:
            raise FontError(f"{name} has version {fields[1]}, this program reads {VERSION}")
        self.height: int = fields[2]
        self.baseline: int = fields[3]
        self._depth: int = fields[4]
        blocks: int = fields[6]
        self.glyph_count: int = fields[7]
        size, index_checksum, self._data_checksum = fields[8:]
        if len(self._map) != size:
            raise FontError(f"{name} is {len(self._map)} bytes long and should be {size}")
        self._data_start = _HEADER.size + _TABLE.size + _BLOCK.size * blocks
        if self._data_start > size:
            raise FontError(f"{name} is damaged: its index is larger than the file")
        index = file.read(self._data_start - _HEADER.size)
        if zlib.crc32(index, zlib.crc32(header[:24])) != index_checksum:
            raise FontError(f"{name} is damaged: the checksum of its index is wrong")

    def close(self) -> None:
        """Unmap the file; no look-up works after it."""
        self._map.close()

    def verify(self) -> None:
        """Check the glyphs too, which reads the whole file. Raises FontError."""
        if zlib.crc32(self._map[self._data_start :]) != self._data_checksum:
            raise FontError(f"{self.path.name} is damaged: the checksum of its glyphs is wrong")

    def __contains__(self, code: int) -> bool:
        return self._offset(code) >= 0

    def __iter__(self) -> Iterator[int]:
        """All code points, in order."""
        for high in range(_TABLE_LENGTH):
            block = self._block(high)
            if block is not None:
                yield from (high << 8 | low for low in range(256) if block[0] >> low & 1)

    def get(self, code: int) -> Bitmap | None:
        """The glyph of a code point, None where the font has none."""
        at = self._offset(code)
        if at < 0:
            return None
        advance, left = struct.unpack_from("<Bb", self._map, at)
        block = self._block(code >> 8)
        assert block is not None
        raw = self._map[at + 2 : at + block[2]]
        step = self._depth
        columns = [int.from_bytes(raw[i : i + step], "little") for i in range(0, len(raw), step)]
        while columns and not columns[-1]:
            columns.pop()
        return Bitmap(advance, left, tuple(columns))

    def advance(self, code: int) -> int | None:
        """The advance of a code point's glyph in px, None where the font has none."""
        at = self._offset(code)
        return None if at < 0 else self._map[at]

    def _block(self, high: int) -> tuple[int, int, int] | None:
        """Presence map, offset of the first glyph and glyph size of 256 code points."""
        if not 0 <= high < _TABLE_LENGTH:
            return None
        (number,) = _NUMBER.unpack_from(self._map, _HEADER.size + 2 * high)
        if number == _NO_BLOCK:
            return None
        at = _HEADER.size + _TABLE.size + _BLOCK.size * number
        present, offset, size, _ = _BLOCK.unpack_from(self._map, at)
        return int.from_bytes(present, "little"), offset, size

    def _offset(self, code: int) -> int:
        block = self._block(code >> 8)
        if block is None:
            return -1
        present, offset, size = block
        bit = 1 << (code & 255)
        if not present & bit:
            return -1
        return offset + (present & (bit - 1)).bit_count() * size
