"""What recognisers write, made fit to be asked."""

from __future__ import annotations

import pytest

from appliance.speech.transcript import collapse_loops, has_loop, is_invented, said_once, tidy


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
        ("我的密码是0000000000", "我的密码是0000000000"),
        ("打110110110110110", "打110110110110110"),
        ("一二三四五六七", "一二三四五六七"),
        ("密码是八八八八八八八八八八八", "密码是八八八八八八八八八八八"),
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
        ("停", 2.2, -20.0, False),
        ("字幕组解散了", 2.2, -20.0, False),
        ("字幕翻译软件很贵", 2.2, -20.0, False),
        ("感谢您的收看，我们下期再见", 3.0, -20.0, True),
        ("喜欢的话请点赞订阅", 3.0, -20.0, True),
        ("字幕制作：贝尔", 3.0, -20.0, True),
        ("本期视频就到这里，我们下期再见", 3.0, -20.0, True),
        ("好的", 2.4, -30.0, False),
        ("怎么给视频加字幕？", 2.2, -20.0, False),
        ("怎么取消订阅？", 2.2, -20.0, False),
        ("志願者怎麼報名?", 2.2, -20.0, False),
        ("點讚是什麼意思?", 2.2, -20.0, False),
        ("字幕组是什么", 2.2, -20.0, False),
        ("我想当志愿者", 2.2, -20.0, False),
        ("帮我转发给妈妈", 2.2, -20.0, False),
        ("打赏主播的钱能要回来吗", 2.2, -20.0, False),
        ("明镜高悬出自哪里", 2.2, -20.0, False),
        ("how do I subscribe to a newsletter?", 2.2, -20.0, False),
        ("請不吝點讚訂閱轉發打賞支持", 2.2, -20.0, True),
        ("请不吝点赞订阅转发打赏支持", 2.2, -20.0, True),
        ("字幕由志愿者提供", 2.2, -20.0, True),
        ("字幕由Amara.org社区提供", 2.2, -20.0, True),
        ("多謝您收看時局新聞,再會!", 2.2, -20.0, True),
        ("Thank you for watching!", 2.2, -20.0, True),
        ("Please subscribe to my channel.", 2.2, -20.0, True),
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


@pytest.mark.parametrize(
    ("written", "seconds", "said"),
    [
        ("打开荷塘月色打开荷塘月色打开荷塘月", 1.3, "打开荷塘月色"),
        ("打开你是我今生的依靠打开你是我今生的依靠", 2.1, "打开你是我今生的依靠"),
        ("打开去大理打开去大脸打开去大理", 1.5, "打开去大理"),
        ("关灯吧，关灯吧，关灯吧", 0.9, "关灯吧"),
        ("你好你好", 1.0, "你好你好"),
        ("快跑快跑", 0.7, "快跑快跑"),
        ("谢谢谢谢", 0.6, "谢谢谢谢"),
        ("打开荷塘月色打开荷塘月色", 2.6, "打开荷塘月色打开荷塘月色"),
        ("我有的时候说不清楚你们知道吗", 1.3, "我有的时候说不清楚你们知道吗"),
        ("哈哈哈哈哈哈哈哈", 0.8, "哈哈哈哈哈哈哈哈"),
        ("", 1.0, ""),
    ],
)
def test_what_was_written_twice_and_not_said_twice_is_kept_once(
    written: str, seconds: float, said: str
) -> None:
    assert said_once(written, seconds) == said
