"""Candidates: as many as two rows hold, numbered for the keys."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import TEXT_WIDTH
from ui.widgets import candidates_that_fit, counter, draw_candidates


def test_the_page_of_the_interaction_drawing_fits() -> None:
    assert candidates_that_fit(["早上", "晚上", "早", "晚", "澡", "造", "枣", "皂", "灶"]) == 9


def test_no_page_has_more_than_nine() -> None:
    assert candidates_that_fit(["a"] * 20) == 9


def test_a_candidate_wider_than_the_glass_is_a_page_of_its_own_row() -> None:
    assert candidates_that_fit(["好" * 20, "好" * 20, "好"]) == 2
    assert candidates_that_fit([]) == 0


@given(st.lists(st.text(alphabet="早上abc，", min_size=1, max_size=12), min_size=1))
def test_what_fits_is_drawn_inside_two_rows(candidates: list[str]) -> None:
    fitting = candidates_that_fit(candidates)
    assert 1 <= fitting <= min(len(candidates), 9)
    frame = Framebuffer()
    draw_candidates(frame, candidates[:fitting], 36)
    assert frame.inked_columns()[1] <= TEXT_WIDTH
    assert not any(frame.pixel(x, y) for x in range(128) for y in (*range(36), *range(60, 64)))


def test_a_counter_of_one_page_says_nothing() -> None:
    assert (counter(1, 1), counter(1, 3)) == ("", "1/3")


def test_clipping_keeps_what_fits_together_with_its_mark() -> None:
    body = font.body()
    assert body.clip("好好好", 36) == "好好好"
    assert body.clip("好好好", 35) == "好好.."
    assert body.clip_head("abc好好好", 35) == "..好好"
    assert body.clip("好" * 100_000, 35) == "好好.."


@given(st.text(max_size=30), st.integers(20, 130))
def test_clipped_text_is_never_wider_than_its_room(text: str, width: int) -> None:
    assert font.body().width(font.body().clip(text, width)) <= width
