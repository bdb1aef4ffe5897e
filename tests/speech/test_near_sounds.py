"""What passes for the wake phrase, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.speech.near_sounds import Syllable, distance, match, syllables

PHRASE = "你好小鹿"


@pytest.mark.parametrize(
    "heard",
    [
        "你好小鹿",
        "你好，小路。",
        "李好小鹿",  # n / l
        "你好小怒",
        "你好啊小鹿",
        "嗯，你好小鹿，今天天气怎么样？",
        "倪浩晓璐",
        "你好 小鹿",
        "您好小鹿",
    ],
)
def test_the_phrase_however_it_is_spelt_or_slurred(heard: str) -> None:
    assert match(PHRASE, heard).score >= 0.8


@pytest.mark.parametrize(
    "heard",
    [
        "",
        "你好",
        "小鹿",
        "你好世界",
        "今天天气怎么样",
        "这个多少钱",
        "OK",
        "12345",
        "他好像老了",
        "你好吗",
        "你好小鸟",
        "你好，小李",
        "你好小度",
        "你好小虎",
        "你好小爱",
        "你好小娜",
        "你好老鹿",
    ],
)
def test_other_speech_is_not_the_phrase(heard: str) -> None:
    assert match(PHRASE, heard).score < 0.75


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("你", "里"),
        ("诗", "思"),
        ("知", "资"),
        ("吃", "次"),
        ("新", "星"),
        ("森", "生"),
        ("山", "商"),
        ("飞", "黑"),
    ],
)
def test_near_sounds_cost_little(one: str, other: str) -> None:
    assert 0 < distance(syllables(one)[0], syllables(other)[0]) <= 0.2


@pytest.mark.parametrize(
    ("heard", "rest"),
    [
        ("你好小鹿，今天几号？", "今天几号？"),
        ("嗯你好小路3点了吗", "3点了吗"),
        ("你好小鹿。", ""),
        ("你好小鹿", ""),
    ],
)
def test_what_follows_the_phrase_can_be_asked(heard: str, rest: str) -> None:
    assert match(PHRASE, heard).rest == rest


def test_readings_follow_the_phrase_and_skip_what_is_no_hanzi() -> None:
    assert syllables("重庆A1，女") == [
        Syllable("ch", "ong"),
        Syllable("q", "ing"),
        Syllable("n", "v"),
    ]


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_score_is_a_score_whatever_was_heard(phrase: str, heard: str) -> None:
    found = match(phrase, heard)
    assert 0.0 <= found.score <= 1.0
    assert heard.endswith(found.rest)


@given(st.text("你好小鹿今天几号", min_size=1, max_size=8), st.text("一二三", max_size=4))
def test_the_phrase_itself_scores_one_wherever_it_stands(phrase: str, around: str) -> None:
    assert match(phrase, around + phrase + around).score == pytest.approx(1.0)


@pytest.mark.parametrize(("phrase", "heard"), [("天猫精灵", "天猫精明"), ("小爱同学", "小艾同桌")])
def test_a_longer_phrase_with_one_other_syllable_is_another_one(phrase: str, heard: str) -> None:
    assert match(phrase, heard).score < 0.8
    assert match(phrase, phrase).score == 1.0
