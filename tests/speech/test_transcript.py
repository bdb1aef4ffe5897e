"""What recognisers write, made fit to be asked."""

from __future__ import annotations

import pytest

from appliance.speech.transcript import collapse_loops, has_loop, is_invented, tidy


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("今天天氣怎麼樣?", "今天天气怎么样？"),
        (" 你好,世界! ", "你好，世界！"),
        ("<|zh|><|NEUTRAL|><|Speech|><|withitn|>你好", "你好"),
        ("Hello, world", "Hello, world"),
    ],
)
def test_text_is_simplified_and_freed_of_tags(written: str, kept: str) -> None:
    assert tidy(written) == kept


@pytest.mark.parametrize(
    ("text", "collapsed"),
    [
        ("今天今天今天今天今天今天很好", "今天很好"),
        ("哈哈哈哈", "哈哈哈哈"),
        ("一二三四五六七", "一二三四五六七"),
        ("谢谢大家" * 6, "谢谢大家"),
    ],
)
def test_a_loop_is_said_once_and_laughter_stays(text: str, collapsed: str) -> None:
    assert collapse_loops(text) == collapsed
    assert has_loop(text) == (text != collapsed)


@pytest.mark.parametrize(
    ("text", "seconds", "level", "invented"),
    [
        ("字幕by索兰娅", 2.0, -40.0, True),
        ("请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", 3.0, -30.0, True),
        ("谢谢观看", 2.0, -30.0, True),
        ("谢谢", 0.9, -70.0, True),
        ("谢谢", 0.9, -25.0, False),
        ("我", 3.0, -20.0, True),
        ("好", 0.9, -20.0, False),
        ("。", 1.0, -20.0, True),
        ("明天早上七点叫我起床", 2.5, -25.0, False),
        ("这么长的一句话不可能在零点几秒的时间里面说完的", 0.5, -25.0, True),
        ("", 1.0, -20.0, True),
    ],
)
def test_what_nobody_said_is_rejected(
    text: str, seconds: float, level: float, invented: bool
) -> None:
    assert is_invented(text, seconds, level) is invented
