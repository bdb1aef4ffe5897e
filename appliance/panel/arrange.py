"""Where the parts of the panel stand in a terminal of a given size. Units are cells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class GlassMode(Enum):
    """How pixels become cells; the value is (columns, rows) of the glass."""

    BRAILLE = (64, 16)
    HALF_BLOCKS = (128, 32)

    @property
    def columns(self) -> int:
        return self.value[0]

    @property
    def rows(self) -> int:
        return self.value[1]


class Box(NamedTuple):
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The glass with its frame (if `framed`), the pad, the legend, and two rows of status."""

    mode: GlassMode
    framed: bool
    glass: Box
    pad: Box
    legend: Box
    status: Box


MIN_WIDTH = 64
MIN_HEIGHT = 22
STATUS_ROWS = 2
PAD_ROWS = 4

_KEY_GAPS = 3  # between the four columns of keys
_NARROW_KEY, _WIDE_KEY = 7, 12
_KEY_HEIGHT = 3
_LEGEND_ROWS = 5  # beneath, where the pad stands beside the glass
_GUTTER = 2


def arrange(width: int, height: int, wanted: GlassMode | None = None) -> Arrangement | None:
    """The best arrangement, or None: the terminal is too small.

    `wanted` is taken where it fits; without it half blocks are preferred, being real pixels.
    """
    modes = [GlassMode.HALF_BLOCKS, GlassMode.BRAILLE]
    if wanted is not None:
        modes.sort(key=lambda mode: mode is not wanted)
    for mode in modes:
        found = _beside(mode, width, height) or _beneath(mode, width, height)
        if found is not None:
            return found
    return None


def _beside(mode: GlassMode, width: int, height: int) -> Arrangement | None:
    """The pad to the right of the glass, the legend beneath both."""
    columns, rows = mode.columns + 2, mode.rows + 2
    room = width - columns - 2 * _GUTTER
    pad_width = 4 * min(_WIDE_KEY, (room - _KEY_GAPS) // 4) + _KEY_GAPS
    if pad_width < 4 * _NARROW_KEY + _KEY_GAPS or height < rows + STATUS_ROWS + 2:
        return None
    used = columns + _GUTTER + pad_width
    left = (width - used) // 2
    legend_rows = min(_LEGEND_ROWS, height - rows - STATUS_ROWS)
    return Arrangement(
        mode,
        True,
        Box(left, 0, columns, rows),
        Box(left + columns + _GUTTER, 1, pad_width, rows - 2),
        Box(left, rows, used, legend_rows),
        Box(left, rows + legend_rows, used, STATUS_ROWS),
    )


def _beneath(mode: GlassMode, width: int, height: int) -> Arrangement | None:
    """The pad under the glass, the legend to its right."""
    if width < mode.columns or height < mode.rows + PAD_ROWS + STATUS_ROWS:
        return None
    framed = width >= mode.columns + 2 and height >= mode.rows + 2 + PAD_ROWS + STATUS_ROWS
    frame = 2 if framed else 0
    columns, rows = mode.columns + frame, mode.rows + frame
    # A narrow glass in a wider terminal leaves the legend the terminal's width.
    used = min(width, max(columns, 100))
    left = (width - used) // 2
    pad_rows = PAD_ROWS * max(1, min(_KEY_HEIGHT, (height - rows - STATUS_ROWS) // PAD_ROWS))
    key = _NARROW_KEY if used < MIN_WIDTH + 40 else _WIDE_KEY
    pad_width = 4 * key + _KEY_GAPS
    return Arrangement(
        mode,
        framed,
        Box(left + (used - columns) // 2, 0, columns, rows),
        Box(left, rows, pad_width, pad_rows),
        Box(left + pad_width + _GUTTER, rows, used - pad_width - _GUTTER, pad_rows),
        Box(left, rows + pad_rows, used, STATUS_ROWS),
    )
