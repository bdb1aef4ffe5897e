"""What was heard is put right where it sounds like a word of ours, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.understanding.heard import LONGEST, restored
from appliance.understanding.sounds import near, sounds

HEARD = [
    ("看看我的脑中", "看看我的闹钟"),
    ("定势两个小时", "定时两个小时"),
    ("班校时候提醒我关火", "半小时后提醒我关火"),
    ("山调明天早上的闹钟", "删掉明天早上的闹钟"),
    ("一刻中后叫我", "一刻钟后叫我"),
    ("每天早上6.50教我", "每天早上6:50叫我"),
    ("再试5分钟", "再睡五分钟"),
]


@pytest.mark.parametrize(("heard", "said"), HEARD)
def test_homophones_and_near_sounds_of_our_words_are_put_right(heard: str, said: str) -> None:
    assert said in restored(heard)


@pytest.mark.parametrize("text", ["明天早上七点叫我起床", "hello", "", "好" * (LONGEST + 1)])
def test_what_needs_nothing_is_taken_as_it_is(text: str) -> None:
    assert restored(text) == (text,)


def test_a_rare_reading_is_not_looked_for() -> None:
    known = sounds()
    assert known is not None
    assert known.of("期") == {"qi"}
    assert known.of("觉") == {"jue", "jiao"}


@pytest.mark.parametrize(
    ("one", "other"), [("zhong", "zong"), ("nao", "lao"), ("xing", "xin"), ("ju", "ji")]
)
def test_near_sounds_share_a_key(one: str, other: str) -> None:
    assert near(one) == near(other)


@given(st.text(max_size=80))
def test_whatever_was_heard_it_keeps_its_length(text: str) -> None:
    for one in restored(text):
        assert len(one) <= len(text)
