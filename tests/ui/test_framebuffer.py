"""The frame: drawing clips at the edges, and the bytes are the SSD1306's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.framebuffer import HEIGHT, SIZE, WIDTH, Framebuffer, Image

coordinates = st.integers(-140, 140)
images = st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=20).map(
    lambda columns: Image.from_columns(tuple(columns), 16)
)
frames = st.binary(min_size=SIZE, max_size=SIZE).map(Framebuffer.from_bytes)


def lit(frame: Framebuffer) -> set[tuple[int, int]]:
    rows = frame.to_rows()
    return {
        (x, y) for y in range(HEIGHT) for x in range(WIDTH) if rows[y][x // 8] >> (7 - x % 8) & 1
    }


def lit_of(image: Image, x: int, y: int) -> set[tuple[int, int]]:
    return {
        (x + dx, y + dy)
        for dx in range(image.width)
        for dy in range(image.height)
        if image.bits >> (HEIGHT * dx + dy) & 1 and 0 <= x + dx < WIDTH and 0 <= y + dy < HEIGHT
    }


def test_a_pixel_is_one_bit_of_its_page_byte() -> None:
    frame = Framebuffer()
    frame.fill(5, 18, 1, 1)
    expected = bytearray(SIZE)
    expected[2 * WIDTH + 5] = 1 << 2  # page 2 holds rows 16-23, the LSB is its top row
    assert frame.to_bytes() == bytes(expected)


@given(frames)
def test_bytes_give_the_frame_back(frame: Framebuffer) -> None:
    assert Framebuffer.from_bytes(frame.to_bytes()) == frame


@given(frames)
def test_rows_and_pixels_agree(frame: Framebuffer) -> None:
    assert lit(frame) == {(x, y) for x in range(WIDTH) for y in range(HEIGHT) if frame.pixel(x, y)}


def test_a_frame_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="1024 bytes, not 10"):
        Framebuffer.from_bytes(bytes(10))


@given(images, coordinates, coordinates)
def test_drawing_lights_what_is_inside(image: Image, x: int, y: int) -> None:
    frame = Framebuffer()
    frame.draw(image, x, y)
    assert lit(frame) == lit_of(image, x, y)


@given(images, coordinates, coordinates)
def test_erasing_darkens_what_drawing_lights(image: Image, x: int, y: int) -> None:
    frame = Framebuffer()
    frame.fill(0, 0, WIDTH, HEIGHT)
    frame.erase(image, x, y)
    everything = {(x, y) for x in range(WIDTH) for y in range(HEIGHT)}
    assert lit(frame) == everything - lit_of(image, x, y)


@given(coordinates, coordinates, st.integers(-5, 300), st.integers(-5, 300))
def test_rectangles_clip_and_inverting_twice_changes_nothing(
    x: int, y: int, width: int, height: int
) -> None:
    inside = {
        (px, py)
        for px in range(max(x, 0), min(x + width, WIDTH))
        for py in range(max(y, 0), min(y + height, HEIGHT))
    }
    frame = Framebuffer()
    frame.fill(x, y, width, height)
    assert lit(frame) == inside
    frame.invert(x, y, width, height)
    assert frame == Framebuffer()
    frame.fill(0, 0, WIDTH, HEIGHT)
    frame.clear(x, y, width, height)
    assert len(lit(frame)) == WIDTH * HEIGHT - len(inside)


def test_a_copy_is_apart() -> None:
    frame = Framebuffer()
    other = frame.copy()
    other.fill(0, 0, 1, 1)
    assert frame != other


def test_inked_columns_bound_the_lit_ones() -> None:
    frame = Framebuffer()
    assert frame.inked_columns() == (0, 0)
    frame.fill(7, 60, 3, 2)
    assert frame.inked_columns() == (7, 10)


def test_inked_rows_bound_the_lit_ones() -> None:
    frame = Framebuffer()
    assert frame.inked_rows() == (0, 0)
    frame.fill(7, 30, 3, 2)
    frame.fill(90, 33, 1, 1)
    assert frame.inked_rows() == (30, 34)
