"""Typefaces: chains of packed fonts that end in a visible box, with a cache of placed glyphs.

`body()` (12 px), `large()` (16 px), `tiny()` (7 px) and `clock()` (24 px) are opened at their first
use and kept; the files are mapped, so that only the glyphs really used cost memory.
"""

from __future__ import annotations

import logging
import unicodedata
from bisect import bisect_right
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from fonts.packed import Bitmap, FontError, PackedFont
from ui.framebuffer import Framebuffer, Image

__all__ = ["Face", "FontError", "Glyph", "body", "clock", "large", "tiny"]

log = logging.getLogger(__name__)

CACHE_LIMIT = 2048  # glyphs a face; about 0.5 MB when full
# Never drawn: controls, formats (joiners, bidi, tags), line and paragraph separators.
_INVISIBLE = {"Cc", "Cf", "Zl", "Zp"}
_MARKS = {"Mn", "Me"}
_SKIN_TONES = range(0x1F3FB, 0x1F400)  # they colour the emoji before them


class Glyph(NamedTuple):
    """A picture and its metrics in px. `left` is where the ink starts, seen from the pen.

    `combining` glyphs have no advance and are centred over the one before them.
    """

    image: Image
    advance: int
    left: int
    combining: bool


class Face:
    """A line height, a baseline, and glyphs from the first font of the chain that has them.

    A code point that no font has is drawn as a box with its number, and logged once.
    """

    def __init__(self, *chain: PackedFont) -> None:
        self.height = chain[0].height
        self.baseline = chain[0].baseline
        self._chain = chain
        self._cache: dict[str, Glyph] = {}
        self._logged: set[str] = set()

    def glyph(self, char: str) -> Glyph:
        """The glyph of one character; every character has one, lone surrogates too."""
        found = self._cache.get(char)
        if found is None:
            if len(self._cache) >= CACHE_LIMIT:
                self._cache.clear()
            found = self._cache[char] = self._find(char)
        return found

    def has(self, char: str) -> bool:
        """Whether a font of the chain draws the character (or it is meant to be invisible)."""
        return _is_invisible(char) or any(ord(char) in font for font in self._chain)

    def width(self, text: str) -> int:
        """Sum of the advances, in px."""
        return sum(map(self._advance, text))

    def _advance(self, char: str) -> int:
        """That of its glyph; of a hanzi without decoding it: many more are measured than drawn."""
        if char not in self._cache and unicodedata.category(char) == "Lo":
            for font in self._chain:
                advance = font.advance(ord(char))
                if advance is not None:
                    return advance
        return self.glyph(char).advance

    def clip(self, text: str, width: int, mark: str = "..") -> str:
        """The text, or as much of its head as fits `width` px together with `mark`."""
        pens: list[int] = []
        pen = 0
        for char in text:
            pen += self.glyph(char).advance
            if pen > width:  # a long text costs no more than what is shown of it
                room = width - self.width(mark)
                return text[: bisect_right(pens, room)].rstrip() + mark
            pens.append(pen)
        return text

    def clip_head(self, text: str, width: int, mark: str = "..") -> str:
        """Like `clip`, but what does not fit is taken from the head."""
        return self.clip(text[::-1], width, mark)[::-1]

    def draw(self, frame: Framebuffer, text: str, x: int, y: int) -> int:
        """Draw one line with its top at y; returns the pen position after it."""
        before = x
        for char in text:
            glyph = self.glyph(char)
            if glyph.combining:
                frame.draw(glyph.image, (before + x - glyph.image.width) // 2, y)
                continue
            frame.draw(glyph.image, x + glyph.left, y)
            before, x = x, x + glyph.advance
        return x

    def _find(self, char: str) -> Glyph:
        if _is_invisible(char):
            return Glyph(Image(0, 0, self.height), 0, 0, False)
        code = ord(char)
        for font in self._chain:
            bitmap = font.get(code)
            if bitmap is not None:
                mark = unicodedata.category(char) in _MARKS
                return self._glyph(bitmap, combining=mark)
        if char not in self._logged:
            self._logged.add(char)
            log.warning("no glyph for U+%04X", code)
        return self._glyph(_box(code, self.height), combining=False)

    def _glyph(self, bitmap: Bitmap, *, combining: bool) -> Glyph:
        image = Image.from_columns(bitmap.columns, self.height)
        return Glyph(image, 0 if combining else bitmap.advance, bitmap.left, combining)


def _is_invisible(char: str) -> bool:
    return (
        unicodedata.category(char) in _INVISIBLE
        or 0xFE00 <= ord(char) <= 0xFE0F  # variation selectors
        or 0xE0100 <= ord(char) <= 0xE01EF
        or ord(char) in _SKIN_TONES
    )


# Hexadecimal digits of 3x5 px, a digit of this list a row from the top, its bit 2 on the left.
_DIGITS = (
    *("75557", "26227", "71747", "71717", "55711", "74717", "74757", "71122"),
    *("75757", "75717", "25755", "65656", "34443", "65556", "74647", "74644"),
)


def _box(code: int, height: int) -> Bitmap:
    """The number of a code point in two rows of digits between two bars."""
    number = f"{code:04X}" if code <= 0xFFFF else f"{code:06X}"
    half = len(number) // 2
    bar = (1 << min(height, 11)) - 1
    columns = [bar, 0]
    for upper, lower in zip(number[:half], number[half:], strict=True):
        for bit in (2, 1, 0):
            columns.append(_column(upper, bit) | _column(lower, bit) << 6)
        columns.append(0)
    return Bitmap(len(columns) + 2, 0, (*columns, bar))


def _column(digit: str, bit: int) -> int:
    return sum((int(row) >> bit & 1) << y for y, row in enumerate(_DIGITS[int(digit, 16)]))


def _open(name: str) -> PackedFont:
    return PackedFont(Path(str(files("fonts").joinpath(name))))


@cache
def body() -> Face:
    """12 px, the text. Raises FontError when a font file is damaged or missing."""
    return Face(_open("body12.bin"), _open("body12-fallback.bin"))


@cache
def large() -> Face:
    """16 px. Raises FontError."""
    return Face(_open("large16.bin"), _open("large16-fallback.bin"))


@cache
def tiny() -> Face:
    """5 px capitals in 7 rows, ASCII and a few signs: counters, units. Raises FontError."""
    return Face(_open("tiny.bin"))


@cache
def clock() -> Face:
    """24 px digits. Raises FontError."""
    return Face(_open("clock.bin"))
