"""Marks of the model are taken out while the text streams; what is no mark stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.markup import Block, Markup, Piece


def shown(source: str, step: int = 1) -> list[Piece]:
    markup = Markup()
    pieces = []
    for start in range(0, len(source), step):
        pieces += markup.feed(source[start : start + step])
    return [*pieces, *markup.finish()]


def plain(source: str) -> str:
    return "".join(piece.char for piece in shown(source))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**早睡**很重要", "早睡很重要"),
        ("*斜* ***都***", "斜 都"),
        ("2*3=6，2**3=8，a * b", "2*3=6，2**3=8，a * b"),
        ("用 `pip*` 装", "用 pip* 装"),
        ("C#和#标签", "C#和#标签"),
        ("-5度", "-5度"),
        ("3.14和12", "3.14和12"),
        ("C:\\new \\*a\\*", "C:\\new *a*"),
        ("\n\n你好\n\n\n再见\n", "你好\n再见"),
        ("甲\r\n乙", "甲\n乙"),
        ("| a | b |\n|---|:-:|\n| 1 | 2 |  ", "a | b \n1 | 2 "),
        ("| 甲 | **乙** |", "甲 | 乙 "),
        ("| 甲 | a\\|b |\n后|面|", "甲 | a|b \n后|面|"),
        ("||", "||"),
        ("**没关上\n下一行**", "没关上\n下一行**"),
        ("```py\na = '*'\n\n```\n后", "\na = '*'\n后"),
        ("- ", "- "),
        ("**", "**"),
    ],
)
def test_marks_go_and_text_stays(source: str, expected: str) -> None:
    assert plain(source) == expected


@pytest.mark.parametrize(
    ("source", "block", "text"),
    [
        ("## 标题", Block.HEADING, "标题"),
        ("- 一条", Block.ITEM, "一条"),
        ("* 一条", Block.ITEM, "一条"),
        ("  * 一条", Block.SUBITEM, "一条"),
        ("12) 一条", Block.NUMBERED, "12) 一条"),
        ("> 引用", Block.QUOTE, "引用"),
        ("---", Block.RULE, " "),
        ("* * *", Block.RULE, " "),
    ],
)
def test_a_line_begins_a_block(source: str, block: Block, text: str) -> None:
    first, *rest = shown(source)
    assert first == Piece("\n", first.offset, block)
    assert "".join(piece.char for piece in rest) == text


sources = st.text(alphabet="字a1 *`#->.\\|\n\r~", max_size=60)


@given(sources, st.integers(1, 7))
def test_the_size_of_the_pieces_does_not_matter(source: str, step: int) -> None:
    assert shown(source, step) == shown(source, len(source) or 1)


@given(sources)
def test_what_is_shown_is_the_source_in_order(source: str) -> None:
    pieces = [piece for piece in shown(source) if piece.char != "\n"]
    offsets = [piece.offset for piece in pieces]
    assert offsets == sorted(set(offsets))
    for piece in pieces:
        assert source[piece.offset] == piece.char or piece.char == " "


@given(st.text(alphabet="字abc。，1 \n"))
def test_letters_are_never_lost(source: str) -> None:
    assert "".join(plain(source).split()) == "".join(source.split())
