"""Fits glyphs that are taller or wider than the line they stand in.

Ink that fits is moved, not changed. Taller ink loses rows by merging the two neighbours that
differ least (a seam, not a scale), which keeps strokes one pixel thin.
"""

from __future__ import annotations

from fonts.packed import Bitmap


def fit_height(glyph: Bitmap, height: int, shift: int) -> Bitmap:
    """The glyph moved up by `shift` rows (two baselines apart), its ink inside `height` rows."""
    rows = _transpose(list(glyph.columns))
    inked = [i for i, row in enumerate(rows) if row]
    if not inked:
        return glyph
    ink = _merge(rows[inked[0] : inked[-1] + 1], height)
    top = min(max(inked[0] - shift, 0), height - len(ink))
    columns = _transpose([0] * top + ink)
    columns += [0] * (len(glyph.columns) - len(columns))
    return Bitmap(glyph.advance, glyph.left, tuple(columns))


def fit_width(glyph: Bitmap, width: int) -> Bitmap:
    """A glyph wider than `width` brought onto a cell of that width; others unchanged."""
    if glyph.advance <= width:
        return glyph
    columns = list(glyph.columns)
    inked = [i for i, column in enumerate(columns) if column]
    ink = _merge(columns[inked[0] : inked[-1] + 1], width - 1) if inked else []
    return Bitmap(width, 0, tuple([0] * ((width - len(ink)) // 2) + ink))


def _transpose(lines: list[int]) -> list[int]:
    length = max(lines, default=0).bit_length()
    return [sum((line >> i & 1) << j for j, line in enumerate(lines)) for i in range(length)]


def _merge(lines: list[int], limit: int) -> list[int]:
    """Merge neighbours until at most `limit` lines are left."""
    lines = list(lines)
    last = -2  # where another pair is as good, do not thin the same place twice
    while len(lines) > limit:
        best = min(
            range(len(lines) - 1),
            key=lambda i: (lines[i] ^ lines[i + 1]).bit_count() * 4 + 3 * (abs(i - last) < 2),
        )
        lines[best : best + 2] = [lines[best] | lines[best + 1]]
        last = best
    return lines
