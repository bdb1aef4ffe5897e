"""Reading an answer while it streams: what follows, what stays, what is more below."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui import font
from ui.reader import Part, Reader

LINE = "明天早上七点叫我起床"  # ten hanzi: one line


def reader_of(lines: int, question: str = "几点睡？") -> Reader:
    reader = Reader(question)
    reader.append(LINE * lines)
    return reader


def shown(reader: Reader) -> list[str]:
    return [row.line.text if row.line else row.footer for row in reader.visible()]


def test_the_question_is_line_0_and_scrolled_off() -> None:
    reader = reader_of(2)
    assert reader.top == 1
    assert [row.part for row in reader.visible()] == [Part.ANSWER] * 2
    reader.scroll(-1)
    assert reader.visible()[0].part is Part.QUESTION


def test_a_question_that_got_no_answer_stands_on_the_glass() -> None:
    reader = Reader("几点睡？")
    reader.finish()
    assert shown(reader)[0] == "几点睡？"
    reader.scroll(1)
    assert shown(reader)[0] == "几点睡？"


def test_the_view_follows_the_stream() -> None:
    reader = reader_of(4)
    assert not reader.more_below
    reader.append("好" * 30)
    assert reader.top == reader.total - 5
    assert reader.follow and not reader.more_below


def test_scrolling_up_holds_the_view_while_text_streams() -> None:
    reader = reader_of(8)
    reader.scroll(-2)
    before = (reader.top, shown(reader))
    reader.append(LINE * 20)
    assert (reader.top, shown(reader)) == before
    assert not reader.follow and reader.more_below


def test_coming_back_to_the_end_follows_again() -> None:
    reader = reader_of(8)
    reader.scroll(-2)
    reader.scroll(2)
    assert reader.follow
    reader.scroll(-2)
    reader.end()
    reader.append(LINE * 3)
    assert reader.follow and not reader.more_below


def test_a_page_keeps_one_line_in_sight() -> None:
    reader = reader_of(20)
    last = reader.visible()[0]
    reader.page(-1)
    assert reader.visible()[-1] == last
    reader.page(1)
    assert reader.visible()[0] == last


def test_the_footer_is_a_last_line_once_the_answer_is_complete() -> None:
    reader = reader_of(6)
    reader.finish("0.84s · 12.3 tok/s")
    assert reader.finished
    assert reader.visible()[-1].part is Part.FOOTER
    assert shown(reader)[-1] == "0.84s · 12.3 tok/s"


def test_what_was_held_back_as_a_mark_is_shown_at_the_end() -> None:
    reader = Reader()
    reader.append("好*")
    assert shown(reader) == ["好"]
    reader.finish()
    assert shown(reader) == ["好*"]


def test_the_voice_keeps_its_clause_in_view_and_holds_back_the_stream() -> None:
    reader = reader_of(20)
    reader.show((0, 10))
    assert reader.top == 1
    reader.append(LINE * 5)
    assert reader.top == 1 and reader.more_below
    reader.show((60, 80))
    assert reader.top == 1 + 6
    reader.show(None)
    assert not reader.more_below


def test_the_voice_does_not_move_a_view_that_the_user_scrolled() -> None:
    reader = reader_of(20)
    reader.scroll(-3)
    top = reader.top
    reader.show((0, 10))
    assert reader.top == top


def test_a_conversation_is_read_turn_after_turn() -> None:
    reader = Reader()
    for number in range(3):
        reader.ask(f"问题{number}")
        reader.append(f"回答{number}")
        reader.finish()
    reader.scroll(-99)
    assert shown(reader) == ["问题0", "回答0", "问题1", "回答1", "问题2"]
    assert [row.current for row in reader.visible()] == [False] * 4 + [False]
    assert reader.total == 6


def test_the_bar_shows_place_and_share() -> None:
    reader = reader_of(19)  # and a question: 20 lines
    assert reader.bar() == (15 / 20, 5 / 20)
    reader.scroll(-99)
    assert reader.bar() == (0, 5 / 20)


def test_a_large_face_shows_three_lines() -> None:
    reader = Reader(face=font.large())
    reader.append("好" * 50)
    assert reader.rows == 3
    assert len(reader.visible()) == 3


@given(st.lists(st.one_of(st.text(max_size=20), st.integers(-8, 8), st.booleans()), max_size=25))
def test_the_window_never_leaves_the_text(actions: list[str | int | bool]) -> None:
    reader = Reader("问？")
    for action in actions:
        if isinstance(action, bool):
            reader.page(1 if action else -1)
        elif isinstance(action, int):
            reader.scroll(action)
        else:
            reader.append(action)
        assert 0 <= reader.top <= max(reader.total - 1, 0)
        assert 1 <= len(reader.visible()) <= reader.rows
        begin, size = reader.bar()
        assert begin >= 0 and size > 0 and begin + size <= 1 + 1e-9
