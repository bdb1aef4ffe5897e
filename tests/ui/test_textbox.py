"""The memo of a layout never shows in what is laid out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui import font
from ui.layout import Layout
from ui.textbox import TextBox, common_prefix, position, window

texts = st.text(alphabet="明天好。，「」（）ab 12.\n", max_size=60)


@given(texts, texts)
def test_the_common_prefix_is_the_longest(one: str, other: str) -> None:
    length = common_prefix(one, other)
    assert one[:length] == other[:length]
    assert one[length : length + 1] != other[length : length + 1] or length == len(one)


@given(st.lists(texts, min_size=1, max_size=6), texts)
def test_a_text_box_lays_out_as_if_it_were_new(history: list[str], prefix: str) -> None:
    box = TextBox()
    for text in history:
        layout = box.layout_of(prefix + text)
        fresh = Layout(font.body())
        fresh.append(prefix + text)
        assert [layout[n] for n in range(len(layout))] == [fresh[n] for n in range(len(fresh))]


def test_the_caret_after_a_full_line_stands_on_the_next() -> None:
    layout = Layout(font.body())
    layout.append("明天早上七点叫我起床")
    assert position(layout, 10) == (1, 0)
    assert position(layout, 9) == (0, 108)
    assert position(layout, 0) == (0, 0)


def test_the_window_keeps_a_line_visible() -> None:
    assert window(3, 10, 0) == 0
    assert window(3, 10, 9) == 7
