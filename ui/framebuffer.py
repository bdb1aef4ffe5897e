"""The frame: 128x64 pixels in one integer.

Column x is the 64 bits from bit 64*x on, row 0 the lowest, so that a glyph of any height is placed
with one shift and one OR, and the SSD1306's page layout falls out of `int.to_bytes`: byte
`8*x + p` is column x of page p. Drawing clips at all four edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

WIDTH = 128
HEIGHT = 64
PAGES = HEIGHT // 8
SIZE = WIDTH * PAGES  # bytes

_COLUMN = (1 << HEIGHT) - 1
_ALL = (1 << WIDTH * HEIGHT) - 1
_BITS = bytes(b"01"[byte & 1] for byte in range(256))


@lru_cache(maxsize=512)
def _block(width: int, height: int) -> int:
    """A filled rectangle at the origin; `width` and `height` at least 1."""
    return _repeat((1 << height) - 1, width)


@lru_cache(maxsize=512)
def _repeat(column: int, width: int) -> int:
    """The same column `width` times."""
    return sum(column << HEIGHT * x for x in range(width))


@dataclass(frozen=True, slots=True)
class Image:
    """A small picture in the same layout as the frame: `bits`, and its size in px."""

    bits: int
    width: int
    height: int

    @classmethod
    def from_columns(cls, columns: tuple[int, ...], height: int) -> Image:
        """Columns from the left, bit 0 the top row."""
        bits = sum(column << HEIGHT * x for x, column in enumerate(columns))
        return cls(bits, len(columns), height)


class Framebuffer:
    """A mutable 1-bit frame, dark when made. Coordinates in px from the top left."""

    __slots__ = ("bits",)

    def __init__(self, bits: int = 0) -> None:
        self.bits = bits

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Framebuffer) and self.bits == other.bits

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def from_bytes(cls, pages: bytes) -> Framebuffer:
        """The inverse of `to_bytes`. Raises ValueError unless there are 1024 bytes."""
        if len(pages) != SIZE:
            raise ValueError(f"a frame has {SIZE} bytes, not {len(pages)}")
        columns = bytearray(SIZE)
        for page in range(PAGES):
            columns[page::PAGES] = pages[page * WIDTH : (page + 1) * WIDTH]
        return cls(int.from_bytes(columns, "little"))

    def to_bytes(self) -> bytes:
        """1024 bytes in SSD1306 page layout: page by page, a byte is 8 rows, the LSB on top."""
        raw = self.bits.to_bytes(SIZE, "little")
        return b"".join(raw[page::PAGES] for page in range(PAGES))

    def to_rows(self) -> tuple[bytes, ...]:
        """64 rows of 16 bytes, the leftmost pixel the highest bit; joined, a packed bitmap."""
        return tuple(
            int(
                (self.bits >> y).to_bytes(SIZE, "little")[:: HEIGHT // 8].translate(_BITS), 2
            ).to_bytes(WIDTH // 8, "big")
            for y in range(HEIGHT)
        )

    def pixel(self, x: int, y: int) -> bool:
        """Whether the pixel is lit; dark outside the frame."""
        inside = 0 <= x < WIDTH and 0 <= y < HEIGHT
        return inside and bool(self.bits >> (HEIGHT * x + y) & 1)

    def inked_columns(self) -> tuple[int, int]:
        """The half-open range of columns that have a lit pixel; (0, 0) for a dark frame."""
        if not self.bits:
            return 0, 0
        first = ((self.bits & -self.bits).bit_length() - 1) // HEIGHT
        return first, (self.bits.bit_length() - 1) // HEIGHT + 1

    def inked_rows(self) -> tuple[int, int]:
        """The half-open range of rows that have a lit pixel; (0, 0) for a dark frame."""
        column, left = 0, self.bits
        while left:
            column |= left & _COLUMN
            left >>= HEIGHT
        return (column & -column).bit_length() - 1 if column else 0, column.bit_length()

    def copy(self) -> Framebuffer:
        return Framebuffer(self.bits)

    def shifted(self, right: int, down: int) -> Framebuffer:
        """A copy moved by so many pixels; what leaves the frame is lost, what enters is dark."""
        return Framebuffer(_place(self.bits, WIDTH, HEIGHT, right, down))

    # ------------------------------------------------------------ drawing

    def draw(self, image: Image, x: int, y: int) -> None:
        """Light the picture's lit pixels; its dark ones change nothing."""
        self.bits |= _place(image.bits, image.width, image.height, x, y)

    def erase(self, image: Image, x: int, y: int) -> None:
        """Darken where the picture is lit."""
        self.bits &= ~_place(image.bits, image.width, image.height, x, y)

    def fill(self, x: int, y: int, width: int, height: int) -> None:
        self.bits |= _rectangle(x, y, width, height)

    def clear(self, x: int, y: int, width: int, height: int) -> None:
        self.bits &= ~_rectangle(x, y, width, height)

    def invert(self, x: int, y: int, width: int, height: int) -> None:
        self.bits ^= _rectangle(x, y, width, height)

    def hline(self, x: int, y: int, length: int) -> None:
        self.fill(x, y, length, 1)

    def vline(self, x: int, y: int, length: int) -> None:
        self.fill(x, y, 1, length)

    def dots(self, x: int, y: int, length: int, step: int = 2) -> None:
        """A dotted horizontal line; dots lie on a fixed grid, so that neighbours join."""
        start = -(-x // step) * step
        for column in range(max(start, 0), min(x + length, WIDTH), step):
            if 0 <= y < HEIGHT:
                self.bits |= 1 << (HEIGHT * column + y)

    def frame(self, x: int, y: int, width: int, height: int) -> None:
        """The outline of a rectangle, 1 px."""
        self.hline(x, y, width)
        self.hline(x, y + height - 1, width)
        self.vline(x, y, height)
        self.vline(x + width - 1, y, height)


def _rectangle(x: int, y: int, width: int, height: int) -> int:
    right, bottom = min(x + width, WIDTH), min(y + height, HEIGHT)
    x, y = max(x, 0), max(y, 0)
    if right <= x or bottom <= y:
        return 0
    return _block(right - x, bottom - y) << (HEIGHT * x + y)


def _place(bits: int, width: int, height: int, x: int, y: int) -> int:
    """The bits of a picture moved to (x, y), what falls outside the frame cut off."""
    if y < 0 or y + height > HEIGHT:
        if not bits or y <= -height or y >= HEIGHT:
            return 0
        top, bottom = max(-y, 0), min(height, HEIGHT - y)
        bits &= _repeat(((1 << (bottom - top)) - 1) << top, width)
    if x <= -width or x >= WIDTH:
        return 0
    shift = HEIGHT * x + y
    return (bits << shift if shift >= 0 else bits >> -shift) & _ALL
