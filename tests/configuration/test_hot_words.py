"""Hot words between whatever people write between words."""

from __future__ import annotations

import pytest

from appliance.configuration.hot_words import split_hot_words


@pytest.mark.parametrize(
    "line",
    [
        "小鹿，广州",
        "小鹿、广州",
        "小鹿,广州",
        " 小鹿 广州 ",
        "小鹿;广州；",
        "小鹿|广州",
        "小鹿\n广州",
        "小鹿。广州",
        "“小鹿”“广州”",
        "小鹿､广州",
        "[小鹿] <广州>",
    ],
)
def test_two_hot_words_are_two(line: str) -> None:
    assert split_hot_words(line) == ("小鹿", "广州")


def test_none_and_the_same_twice() -> None:
    assert split_hot_words("") == split_hot_words(" ，、") == ()
    assert split_hot_words("小鹿,小鹿") == ("小鹿",)


def test_signs_that_stand_in_words_part_none() -> None:
    assert split_hot_words("C++,AT&T，阿尔伯特·爱因斯坦 Wi-Fi") == (
        "C++",
        "AT&T",
        "阿尔伯特·爱因斯坦",
        "Wi-Fi",
    )
