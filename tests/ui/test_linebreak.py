"""Where lines may begin: UAX #14 and the Chinese prohibitions."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.linebreak import Breaker


def pieces(text: str) -> list[str]:
    """The text cut wherever a line may begin."""
    breaker = Breaker()
    found: list[str] = []
    for char in text:
        if breaker.feed(char) or not found:
            found.append(char)
        else:
            found[-1] += char
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天好", ["今", "天", "好"]),
        ("好，明", ["好，", "明"]),
        ("说：「好！」吧", ["说：", "「好！」", "吧"]),
        ("（见《睡眠》。）后", ["（见", "《睡", "眠》。）", "后"]),
        ("他说“好”了", ["他", "说", "“好”", "了"]),
        ("hello world", ["hello ", "world"]),
        ("用Python写", ["用", "Python", "写"]),
        ("don’t stop", ["don’t ", "stop"]),
        ("约3.14米", ["约", "3.14", "米"]),
        ("1,234.50元", ["1,234.50", "元"]),
        ("$100 50%", ["$100 ", "50%"]),
        ("三％", ["三％"]),
        ("20℃以上", ["20℃", "以", "上"]),
        ("a/b/c", ["a/", "b/", "c"]),
        ("well-known", ["well-", "known"]),
        ("好——对……吧", ["好", "——", "对……", "吧"]),
        ("f(x)和g(y)", ["f(x)", "和", "g(y)"]),
        ("abc（说明）", ["abc", "（说", "明）"]),
        ("いっしょに", ["いっ", "しょ", "に"]),
        ("a\u00a0b c", ["a\u00a0b ", "c"]),
        ("a\u200bb", ["a\u200b", "b"]),
        ("e\u0301e", ["e\u0301e"]),
        ("👨\u200d👩\u200d👧好", ["👨\u200d👩\u200d👧", "好"]),
        ("🇨🇳🇯🇵", ["🇨🇳", "🇯🇵"]),
        ("达·芬奇", ["达·", "芬", "奇"]),
    ],
)
def test_a_line_may_begin_here_and_nowhere_else(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


@given(st.text(alphabet="天a1 （）。，“”—…!/-$%\u0301\u200d\u200b"))
def test_no_line_begins_with_a_closing_or_ends_with_an_opening_mark(text: str) -> None:
    found = pieces(text)
    assert "".join(found) == text
    for before, after in pairwise(found):
        assert after[0] not in "）。，”!/" or before.rstrip(" ").endswith("\u200b")
        assert not before.rstrip(" ").endswith(("（", "“"))
