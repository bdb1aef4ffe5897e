"""Which rectangles to send: all that has changed, for the fewest bytes on the wire.

Pages that changed are cut into bands of neighbouring pages and each band into rectangles of
columns; a dynamic program weighs every rectangle's area against the addressing commands of the
chip. Controllers with page addressing only have bands of one page.
"""

from __future__ import annotations

import re

from drivers.addressing import PAGES, WIDTH, Addressing, Rect

_UNREACHABLE = 1 << 30
_CHANGED = re.compile(rb"[^\0]+")

Run = tuple[int, int]  # first and last changed column of a page


def runs_of(changed: bytes) -> list[Run]:
    """Those of one page, non-zero where it changed."""
    return [(match.start(), match.end() - 1) for match in _CHANGED.finditer(changed)]


def whole(addressing: Addressing) -> list[Rect]:
    """The glass, in as few rectangles as the chip allows."""
    if addressing.tall:
        return [Rect(0, WIDTH - 1, 0, PAGES - 1)]
    return [Rect(0, WIDTH - 1, page, page) for page in range(PAGES)]


def cover(runs: list[list[Run]], addressing: Addressing) -> list[Rect]:
    """Rectangles over all runs: the cheapest split of the pages into bands."""
    best: list[tuple[int, list[Rect]]] = [(0, [])]
    for end in range(1, PAGES + 1):
        if not runs[end - 1]:
            best.append(best[end - 1])
            continue
        options = []
        for start in range(end - 1, -1, -1):
            if end - start > 1 and not addressing.tall:
                break
            if not runs[start]:
                continue  # a band that begins with an unchanged page is a shorter band
            cost, rects = _band(runs, start, end, addressing)
            before, earlier = best[start]
            options.append((before + cost, earlier + rects))
        best.append(min(options, key=lambda option: option[0]))
    return best[PAGES][1]


def _band(
    runs: list[list[Run]], start: int, end: int, addressing: Addressing
) -> tuple[int, list[Rect]]:
    """The cheapest rectangles over pages `start` to `end` - 1, taken together."""
    seek, step = addressing.seek_bytes, addressing.step_bytes
    blocks = _blocks(runs, start, end)
    costs = [0]
    cuts: list[tuple[int, int, int]] = []  # first block of the last rectangle, its pages
    for last, (_, right, _, _) in enumerate(blocks):
        best, cut = _UNREACHABLE, (last, start, end - 1)
        top, bottom = PAGES, -1
        for first in range(last, -1, -1):
            left, _, block_top, block_bottom = blocks[first]
            top, bottom = min(top, block_top), max(bottom, block_bottom)
            area = (right - left + 1) * (bottom - top + 1)
            if area >= best:
                break  # wider only costs more
            is_full = top == start and bottom == end - 1
            cost = costs[first] + (step if first and is_full else seek) + area
            if cost < best:
                best, cut = cost, (first, top, bottom)
        costs.append(best)
        cuts.append(cut)
    rects: list[Rect] = []
    position = len(blocks)
    while position:
        right = blocks[position - 1][1]
        position, top, bottom = cuts[position - 1]
        rects.append(Rect(blocks[position][0], right, top, bottom))
    return costs[-1], rects[::-1]


def _blocks(runs: list[list[Run]], start: int, end: int) -> list[tuple[int, int, int, int]]:
    """Runs of a band whose columns overlap, joined: (left, right, top, bottom) in order."""
    blocks: list[tuple[int, int, int, int]] = []
    flat = [(*run, page) for page in range(start, end) for run in runs[page]]
    for left, right, page in sorted(flat):
        if blocks and left <= blocks[-1][1]:
            first, last, top, bottom = blocks[-1]
            blocks[-1] = (first, max(last, right), min(top, page), max(bottom, page))
        else:
            blocks.append((left, right, page, page))
    return blocks
