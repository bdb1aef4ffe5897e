"""Conway's game of life on a torus of 64x32 cells, a row an integer."""

from __future__ import annotations

from random import Random

COLUMNS = 64
ROWS = 32
_ROW = (1 << COLUMNS) - 1

Cells = tuple[int, ...]


def seed(random: Random) -> Cells:
    """A sparse random board: a quarter of the cells live."""
    return tuple(random.getrandbits(COLUMNS) & random.getrandbits(COLUMNS) for _ in range(ROWS))


def step(cells: Cells) -> Cells:
    """The next generation: born with three neighbours, alive with two or three."""
    rows = [_sums(row) for row in cells]
    return tuple(
        _next(cells[y], rows[y - 1], rows[y], rows[(y + 1) % len(cells)]) for y in range(len(cells))
    )


def _sums(row: int) -> tuple[int, int]:
    """Living cells among each cell and its two neighbours in the row, as two bit planes."""
    left = row << 1 & _ROW | row >> COLUMNS - 1
    right = row >> 1 | row << COLUMNS - 1 & _ROW
    return left ^ row ^ right, left & row | (left ^ row) & right


def _next(row: int, above: tuple[int, int], own: tuple[int, int], below: tuple[int, int]) -> int:
    """Sum the planes of three rows, the cell itself included: three lives, four stays."""
    ones = above[0] ^ own[0] ^ below[0]
    carry = above[0] & own[0] | (above[0] ^ own[0]) & below[0]
    twos = above[1] ^ own[1] ^ below[1] ^ carry
    # Sums of eight and nine have the same low planes as zero and one: both die.
    fours = (
        (above[1] & own[1])
        ^ (above[1] & below[1])
        ^ (own[1] & below[1])
        ^ (carry & (above[1] ^ own[1] ^ below[1]))
    )
    three = ones & twos & ~fours
    four = ~ones & ~twos & fours
    return (three | four & row) & _ROW
