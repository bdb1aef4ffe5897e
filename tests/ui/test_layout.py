"""Text becomes lines of 120 px that a reader would break at the same places."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import font
from ui.framebuffer import Framebuffer
from ui.layout import HANG, TEXT_WIDTH, Layout, draw_lines
from ui.markup import Block

CLOSING = "、。，．：；！？」』】〕〉》）］｝”…)]!?,.:;/"
OPENING = "「『【〔〈《（［｛“(["
mixed = st.text(
    alphabet=st.one_of(
        st.sampled_from("明天好吗。，！？「」（）“”……——《》abcXYZ 0123.5%-/:\n\t"),
        st.sampled_from("é한あ👍🏽\u0301\u200b\u200d\u202e\ufe0f\ufffe\x00\u3000"),
        st.characters(),
    ),
    max_size=120,
)


def layout_of(text: str, *, hang: int = 0, markup: bool = False, step: int = 0) -> Layout:
    layout = Layout(font.body(), hang=hang, markup=markup)
    for start in range(0, len(text), step or max(len(text), 1)):
        layout.append(text[start : start + (step or len(text))])
    layout.finish()
    return layout


def lines(text: str, *, hang: int = 0, markup: bool = False) -> list[str]:
    layout = layout_of(text, hang=hang, markup=markup)
    return [layout[number].text for number in range(len(layout))]


# ---------------------------------------------------------------- what must always hold


@given(mixed, st.booleans(), st.booleans())
def test_the_lines_joined_are_the_whole_source(text: str, markup: bool, hang: bool) -> None:
    layout = layout_of(text, hang=HANG if hang else 0, markup=markup)
    found = [layout[number] for number in range(len(layout))]
    assert found[0].start == 0 and found[-1].end == len(text)
    assert "".join(text[line.start : line.end] for line in found) == text
    for line in found:
        assert all(line.start <= offset < line.end for offset in line.offsets)


@given(mixed, st.booleans())
def test_plain_text_shows_every_character_but_line_ends(text: str, hang: bool) -> None:
    shown = "".join(lines(text, hang=HANG if hang else 0))
    for end in "\n\v\f\x85\u2028\u2029":
        text = text.replace(end, "")
    assert shown == text


@given(mixed, st.booleans())
def test_no_ink_leaves_the_text_columns_and_the_hanging_ones(text: str, hang: bool) -> None:
    layout = layout_of(text, hang=HANG if hang else 0, markup=True)
    limit = TEXT_WIDTH + (HANG if hang else 0)
    for number in range(len(layout)):
        frame = Framebuffer()
        draw_lines(layout, frame, number, 1)
        assert frame.inked_columns()[1] <= limit
        assert layout[number].right <= TEXT_WIDTH


@given(mixed, st.integers(1, 9), st.booleans())
def test_the_size_of_the_pieces_does_not_matter(text: str, step: int, markup: bool) -> None:
    whole, pieces = layout_of(text, markup=markup), layout_of(text, markup=markup, step=step)
    assert [whole[n] for n in range(len(whole))] == [pieces[n] for n in range(len(pieces))]


@given(mixed, mixed)
def test_appending_never_touches_a_closed_line(text: str, more: str) -> None:
    layout = layout_of(text, hang=HANG)
    before = [layout[number] for number in range(len(layout) - 1)]
    layout.append(more)
    assert [layout[number] for number in range(len(before))] == before


@given(st.text(alphabet="明天ab 。，！「」（）“”", min_size=1, max_size=80))
def test_no_line_begins_with_a_closing_or_ends_with_an_opening_mark(text: str) -> None:
    found = lines(text, hang=HANG)
    # A run of marks longer than a line must be broken somewhere; such texts say nothing.
    if max(map(len, _runs(text))) > 7:
        return
    for before, after in pairwise(found):
        assert after[0] not in CLOSING
        assert not before.rstrip(" ").endswith(tuple(OPENING))


def _runs(text: str) -> list[str]:
    """Stretches between places where breaking is always allowed (two hanzi)."""
    runs, last = [""], ""
    for char in text:
        if char in "明天" and last in "明天" and last:
            runs.append("")
        runs[-1] += char
        last = char
    return runs


@given(mixed, st.data())
def test_rewinding_and_appending_again_gives_the_same_lines(text: str, data: st.DataObject) -> None:
    text = text.replace("\u200d", "").replace("\u0301", "")  # emergency breaks inside clusters
    layout = Layout(font.body())
    layout.append(text)
    expected = [layout[number] for number in range(len(layout))]
    start = layout.rewind(data.draw(st.integers(0, len(text))))
    layout.append(text[start:])
    assert [layout[number] for number in range(len(layout))] == expected


# ---------------------------------------------------------------- typography


def test_ten_hanzi_make_a_line() -> None:
    assert lines("明天早上七点叫我起床好") == ["明天早上七点叫我起床", "好"]


def test_a_closing_mark_without_room_hangs_in_the_gutter() -> None:
    text = "明天早上七点叫我起床，好"
    assert lines(text, hang=HANG) == ["明天早上七点叫我起床，", "好"]
    assert layout_of(text, hang=HANG)[0].xs[-1] >= TEXT_WIDTH - 3


def test_without_a_gutter_the_last_hanzi_goes_down_with_its_mark() -> None:
    assert lines("明天早上七点叫我起床，好") == ["明天早上七点叫我起", "床，好"]


def test_only_one_mark_hangs() -> None:
    assert lines("明天早上七点叫我起床。」好", hang=HANG) == ["明天早上七点叫我起", "床。」好"]


def test_a_mark_at_the_end_of_the_line_is_squeezed_into_half_a_cell() -> None:
    assert lines("Ab明天早上七点叫我。好") == ["Ab明天早上七点叫我。", "好"]


def test_two_marks_in_a_row_lose_the_empty_half_between_them() -> None:
    layout = layout_of("好。」吗")
    assert [b - a for a, b in pairwise(layout[0].xs)][1] <= 8
    assert layout[0].right == 12 + 6 + 12 + 12


def test_an_opening_mark_at_a_line_start_loses_its_empty_half() -> None:
    layout = layout_of("「你好」")
    assert layout[0].right == 6 + 24 + 12
    frame = Framebuffer()
    draw_lines(layout, frame, 0, 1)
    assert frame.inked_columns()[0] < 6


def test_words_and_numbers_stay_whole_where_they_fit() -> None:
    assert lines("请用Python写一个goodbye程序") == ["请用Python写一个", "goodbye程序"]
    assert lines("价格大约是每件一二3.14元") == ["价格大约是每件一二", "3.14元"]


def test_a_word_longer_than_the_line_is_broken_where_it_must_be() -> None:
    first, second = lines("Donaudampfschifffahrtsgesellschaft")
    assert first + second == "Donaudampfschifffahrtsgesellschaft"
    assert font.body().width(first) > TEXT_WIDTH - 12


def test_a_url_breaks_after_its_slashes() -> None:
    found = lines("https://example.com/a/very/long/path/index.html")
    assert all(line.endswith("/") for line in found[:-1])


def test_spaces_stay_at_the_end_of_the_line_they_follow() -> None:
    assert lines("明天早上七点叫我起床 好") == ["明天早上七点叫我起床 ", "好"]


def test_a_tab_goes_to_the_next_stop() -> None:
    assert layout_of("a\tb")[0].xs[2] == 24


def test_a_newline_at_the_end_opens_an_empty_line() -> None:
    assert lines("好\n") == ["好", ""]


def test_combining_marks_stand_on_what_is_before_them() -> None:
    line = layout_of("me\u0301a")[0]
    body = font.body()
    assert line.right == body.width("mea")
    assert body.width("m") <= line.xs[2] < body.width("me")


def test_blocks_of_markup_are_drawn_plainly() -> None:
    layout = layout_of("# 题\n- 一二三四五六七八九十\n1. 甲\n```\nx\n```\n> 引\n---", markup=True)
    found = [layout[number] for number in range(len(layout))]
    assert [(line.block, line.text, line.first) for line in found] == [
        (Block.HEADING, "题", True),
        (Block.ITEM, "一二三四五六七八九", True),
        (Block.ITEM, "十", False),
        (Block.NUMBERED, "1. 甲", True),
        (Block.CODE, "x", True),
        (Block.QUOTE, "引", True),
        (Block.RULE, " ", True),
    ]
    assert found[2].xs[0] == found[1].xs[0] == 8


def test_the_extent_of_source_characters_is_where_they_are_drawn() -> None:
    source = "**早睡**很好"
    line = layout_of(source, markup=True)[0]
    assert line.extent(2, 4) == (0, 24)
    assert line.extent(source.index("很"), len(source)) == (24, 48)
    assert line.extent(0, 2) is None


def test_line_of_finds_the_line_of_an_offset() -> None:
    layout = layout_of("明天早上七点叫我起床好\n吗")
    assert [layout.line_of(offset) for offset in (0, 9, 10, 11, 12, 13)] == [0, 0, 1, 1, 2, 2]
    with pytest.raises(IndexError):
        layout[3]


def test_the_work_of_appending_does_not_grow_with_the_text() -> None:
    """Counted, not timed: glyph look-ups per appended character stay the same."""
    calls = 0
    face = font.body()

    class Counting(font.Face):
        def glyph(self, char: str) -> font.Glyph:
            nonlocal calls
            calls += 1
            return face.glyph(char)

    counting = Counting.__new__(Counting)
    counting.height, counting.baseline = face.height, face.baseline
    layout = Layout(counting, hang=HANG, markup=True)
    sentence = "明早七点的话，今晚十一点前睡比较好。Put it away, 好吗？"
    costs = []
    for _ in range(400):
        before = calls
        layout.append(sentence)
        costs.append(calls - before)
    assert layout.length > 10_000
    assert max(costs[200:]) <= max(costs[:20])
