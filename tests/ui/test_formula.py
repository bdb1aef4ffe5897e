"""TeX in sums becomes signs; what is no TeX stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.formula import Formulas
from ui.markup import Markup


def plain(source: str, step: int = 1) -> str:
    markup, formulas = Markup(), Formulas()
    pieces = []
    for start in range(0, len(source), step):
        pieces += formulas.feed(markup.feed(source[start : start + step]))
    pieces += formulas.feed(markup.finish())
    pieces += formulas.finish()
    return "".join(piece.char for piece in pieces)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"3 \times 4 = 12", "3 × 4 = 12"),
        (r"2\pi r", "2π r"),
        (r"\frac{1}{2}", "1/2"),
        (r"\frac{a+b}{\sqrt{2}}。", "a+b/√(2)。"),
        (r"\( x \leq \infty \)", "( x ≤ ∞ )"),
        (r"\left( \text{面积} \right)", "( 面积 )"),
        (r"\boxed{7}", "7"),
        (r"5 \, \text{cm}", "5  cm"),
        (r"x^{2} 和 {a}", "x^{2} 和 {a}"),
        (r"C:\times", r"C:\times"),
        (r"\unknown{x}", r"\unknown{x}"),
        (r"\frac", ""),
        (r"\tim", r"\tim"),
        ("```\n\\times {x}\n```", "\n\\times {x}"),
        (r"末尾\times", "末尾×"),
        ("}", "}"),
    ],
)
def test_commands_of_sums_become_signs_and_the_rest_stays(source: str, expected: str) -> None:
    assert plain(source) == expected


parts = st.sampled_from([*"字a{}\\ :\n", "\\frac", "\\pi", "\\sqrt{"])
sources = st.lists(parts, max_size=30).map("".join)


@given(sources, st.integers(1, 7))
def test_the_size_of_the_pieces_does_not_matter(source: str, step: int) -> None:
    assert plain(source, step) == plain(source, len(source) or 1)


@given(st.text(alphabet="字a{}[]() :\n"))
def test_without_a_backslash_nothing_changes(source: str) -> None:
    markup = Markup()
    pieces = [*markup.feed(source), *markup.finish()]
    assert [*Formulas().feed(pieces)] == pieces
