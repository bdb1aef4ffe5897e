"""Frames as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.panel.pixels import FRAME_BYTES, HEIGHT, WIDTH, braille_rows, half_block_rows

# The Unicode Standard, Braille Patterns: the dot numbers of a 2×4 cell and their bits.
DOT_BITS = {
    (0, 0): 0, (0, 1): 1, (0, 2): 2, (1, 0): 3, (1, 1): 4, (1, 2): 5, (0, 3): 6, (1, 3): 7,
}  # fmt: skip


def lit(frame: bytes, x: int, y: int) -> bool:
    return bool(frame[y // 8 * WIDTH + x] >> y % 8 & 1)


def frame_with(*pixels: tuple[int, int]) -> bytes:
    frame = bytearray(FRAME_BYTES)
    for x, y in pixels:
        frame[y // 8 * WIDTH + x] |= 1 << y % 8
    return bytes(frame)


@given(st.randoms(use_true_random=False))
def test_every_pixel_is_one_braille_dot(random: object) -> None:
    frame = random.randbytes(FRAME_BYTES)  # type: ignore[attr-defined]
    rows = braille_rows(frame)
    for y in range(HEIGHT):
        for x in range(WIDTH):
            cell = ord(rows[y // 4][x // 2]) - 0x2800
            assert bool(cell >> DOT_BITS[x % 2, y % 4] & 1) == lit(frame, x, y)


@given(st.randoms(use_true_random=False))
def test_every_pixel_is_one_half_of_a_block(random: object) -> None:
    frame = random.randbytes(FRAME_BYTES)  # type: ignore[attr-defined]
    rows = half_block_rows(frame)
    for y in range(HEIGHT):
        for x in range(WIDTH):
            halves = "▀█" if y % 2 == 0 else "▄█"
            assert (rows[y // 2][x] in halves) == lit(frame, x, y)


def test_the_corners_stand_in_the_corners() -> None:
    rows = braille_rows(frame_with((0, 0), (127, 63)))
    assert (rows[0][0], rows[15][63]) == ("⠁", "⢀")
    assert {cell for row in rows for cell in row} == {"⠀", "⠁", "⢀"}


def test_the_shape_is_64_by_16_and_128_by_32() -> None:
    assert [len(row) for row in braille_rows(bytes(FRAME_BYTES))] == [64] * 16
    assert [len(row) for row in half_block_rows(bytes(FRAME_BYTES))] == [128] * 32


@pytest.mark.parametrize("size", [0, 1023, 1025])
def test_a_frame_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="1024"):
        braille_rows(bytes(size))
