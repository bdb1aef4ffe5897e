"""The idle screen's game of life."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ui.life import COLUMNS, ROWS, Cells, seed, step


def slow_step(cells: Cells) -> Cells:
    """The rule as it is told: counted cell by cell."""

    def alive(x: int, y: int) -> int:
        return cells[y % ROWS] >> (x % COLUMNS) & 1

    def next_cell(x: int, y: int) -> bool:
        around = sum(alive(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy)
        return around == 3 or (around == 2 and bool(alive(x, y)))

    return tuple(sum(next_cell(x, y) << x for x in range(COLUMNS)) for y in range(ROWS))


@given(st.integers(0, 1000), st.booleans())
def test_a_step_follows_the_rule(number: int, dense: bool) -> None:
    cells = seed(Random(number))
    if dense:
        cells = tuple(~row & ((1 << COLUMNS) - 1) for row in cells)
    assert step(cells) == slow_step(cells)


def test_a_glider_crosses_the_edge() -> None:
    cells = [0] * ROWS
    cells[0], cells[1], cells[2] = 0b010, 0b100, 0b111
    board: Cells = tuple(cells)
    for _ in range(4 * COLUMNS):
        board = step(board)
    assert sum(row.bit_count() for row in board) == 5
