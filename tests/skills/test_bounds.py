"""Whatever is said, however long: no skill fails on it, and each looks only so far."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.skills.registry import Skills
from appliance.skills.skill import Said

NOW = datetime(2026, 11, 24, 8, 30)
SIGNS = "一 1 半 9: 再 加 ( 3+ 的 a at 7"
WORDS = "一点 每周一 提醒 叫我 把闹钟 根号 还是 选一个 购物清单 音量 明天 过 还剩"
PIECES = f"{SIGNS} {WORDS}".split(" ")


@pytest.fixture(scope="module")
def skills() -> Iterator[Skills]:
    failed: list[str] = []
    made = Skills(failed.append)
    yield made
    assert failed == []


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("around", ["{}", "提醒我{}", "remind me to {} at 7"])
def test_ten_thousand_characters_are_looked_at_and_passed(
    skills: Skills, piece: str, around: str
) -> None:
    text = around.format((piece * 10_000)[:10_000])
    for heard in (False, True):
        claim = skills.claim(Said(text, now=NOW, heard=heard))
        assert claim is None or len(claim.text) <= 200


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
@settings(max_examples=150, deadline=None)
def test_nothing_that_is_said_makes_a_skill_fail(skills: Skills, text: str) -> None:
    for heard in (False, True):
        claim = skills.claim(Said(text, now=NOW, heard=heard))
        assert claim is None or claim.said_back or claim.reply
