"""The panel's parts fit every terminal that is large enough, and never overlap."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.panel.arrange import MIN_HEIGHT, MIN_WIDTH, Arrangement, Box, GlassMode, arrange


def boxes(found: Arrangement) -> list[Box]:
    return [found.glass, found.pad, found.legend, found.status]


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@given(
    st.integers(MIN_WIDTH, 400), st.integers(MIN_HEIGHT, 120), st.sampled_from([None, *GlassMode])
)
def test_all_parts_are_inside_and_apart(width: int, height: int, wanted: GlassMode | None) -> None:
    found = arrange(width, height, wanted)
    assert found is not None
    for box in boxes(found):
        assert box.x >= 0 and box.y >= 0 and box.width > 0 and box.height > 0
        assert box.x + box.width <= width and box.y + box.height <= height
    assert not any(overlap(one, other) for one, other in combinations(boxes(found), 2))
    assert found.pad.height >= 4
    frame = 2 if found.framed else 0
    assert found.glass[2:] == (found.mode.columns + frame, found.mode.rows + frame)


@given(st.integers(0, 300), st.integers(0, 100))
def test_too_small_is_said_and_nothing_else_is(width: int, height: int) -> None:
    assert (arrange(width, height) is None) == (width < MIN_WIDTH or height < MIN_HEIGHT)


@pytest.mark.parametrize(
    ("size", "mode"),
    [
        ((80, 24), GlassMode.BRAILLE),
        ((120, 40), GlassMode.BRAILLE),
        ((140, 50), GlassMode.HALF_BLOCKS),
        ((170, 40), GlassMode.HALF_BLOCKS),
    ],
)
def test_half_blocks_wherever_they_fit(size: tuple[int, int], mode: GlassMode) -> None:
    found = arrange(*size)
    assert found is not None and found.mode is mode


def test_the_mode_that_is_asked_for_is_used_if_it_fits() -> None:
    large, small = arrange(200, 60, GlassMode.BRAILLE), arrange(80, 24, GlassMode.HALF_BLOCKS)
    assert large is not None and large.mode is GlassMode.BRAILLE
    assert small is not None and small.mode is GlassMode.BRAILLE


def test_the_frame_is_drawn_in_80_by_24() -> None:
    found = arrange(80, 24)
    assert found is not None and found.framed
