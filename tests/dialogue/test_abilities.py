"""What the box cannot do is recognised, and talk about it is left to the model."""

from __future__ import annotations

from datetime import datetime

import pytest

from appliance.dialogue.abilities import UNABLE, honest_answer

NOON = datetime(2026, 11, 23, 12, 5)

ASKED = {
    "alarm": [
        "明天早上七点叫我起床",
        "帮我定个闹钟",
        "定一个明早六点半的闹钟",
        "设个七点的闹钟",
        "取消闹钟",
        "把闹钟关了",
        "六点叫醒我",
        "下午三点提醒我开会",
        "到时候提醒我一下",
        "记得叫我吃药",
        "Set an alarm for 7 am",
        "wake me up at six",
        "Remind me to call mom",
        "please cancel my alarms",
    ],
    "timer": [
        "计时五分钟",
        "开始倒计时",
        "十分钟后叫我",
        "设一个三分钟的定时器",
        "半个小时后提醒我关火",
        "set a timer for ten minutes",
        "start a countdown",
        "remind me in 10 minutes",
    ],
    "weather": [
        "今天天气怎么样",
        "明天会下雨吗",
        "北京现在多少度",
        "外面冷吗",
        "查一下天气",
        "周末天气如何",
        "今天要带伞吗",
        "天气预报",
        "What's the weather like today?",
        "will it rain tomorrow",
        "Is it going to snow",
    ],
    "news": [
        "今天有什么新闻",
        "播一下新闻",
        "最新的新闻",
        "给我读新闻",
        "现在的股价是多少",
        "今天的汇率",
        "what's the latest news",
        "read me the news",
    ],
    "call": [
        "打电话给妈妈",
        "给张三打个电话",
        "给老王发短信",
        "打110",
        "拨打10086",
        "发条微信给她",
        "Call my mother",
        "send a message to Bob",
        "please call Anna",
    ],
    "music": [
        "放一首歌",
        "播放音乐",
        "我想听周杰伦的歌",
        "来点轻音乐",
        "给我唱首歌吧",
        "听收音机",
        "下一首",
        "play some music",
        "Play me a jazz song",
        "can you sing a song",
    ],
    "home": [
        "打开客厅的灯",
        "关灯",
        "帮我把空调关了",
        "把空调温度调到26度",
        "开一下电视",
        "请关掉卧室的风扇",
        "把窗帘拉上",
        "turn on the lights",
        "Please turn off the living room lamp",
        "switch the tv off",
    ],
}

LEFT_TO_THE_MODEL = [
    "闹钟是谁发明的",
    "闹钟的英文怎么说",
    "为什么早上听到闹钟很难受",
    "怎么在苹果手机上设闹钟",
    "讲一个关于闹钟的故事",
    "天气这个词怎么写",
    "天气预报的原理是什么",
    "为什么会下雨",
    "用天气写一首诗",
    "电话是谁发明的",
    "打电话用英语怎么说",
    "新闻是什么意思",
    "写一段打电话的对话",
    "北京和纽约的时差是几个小时",
    "一个小时有多少分钟",
    "现在完成时怎么用",
    "他叫我老师是什么意思",
    "孩子不肯叫我妈妈怎么办",
    "时间是什么",
    "今天我很高兴",
    "今天是我的生日",
    "中秋节是几月几日",
    "水在多少度沸腾",
    "太阳表面温度有多少度",
    "番茄炒蛋要炒几分钟",
    "煮鸡蛋几分钟",
    "中国的首都是哪里",
    "晚上几点睡觉比较好",
    "你叫什么名字",
    "Who invented the alarm clock?",
    "What is the weather made of, explain",
    "Write a story about a phone call",
    "How do I set an alarm on a phone, how does it work",
    "call it a day means what",
    "what is a timer in python",
    "What is the capital of France?",
    "how long is a day on Mars",
    "听音乐有什么好处",
    "推荐几首好听的歌",
    "这首歌是谁唱的",
    "我喜欢听音乐",
    "音乐的起源是什么",
    "贝多芬写过哪些曲子",
    "开灯睡觉好吗，对身体有影响吗",
    "为什么要随手关灯",
    "空调开多少度最省电",
    "电视是谁发明的",
    "冬天开空调好还是开暖气好",
    "红灯停绿灯行是什么意思",
    "怎么把空调关了",
    "What is jazz music?",
    "How do lights turn on?",
    "play a game with me",
    "who sings this song",
]


def kind_of(text: str) -> str | None:
    answer = honest_answer(text, "zh", NOON)
    found = [ability.name for ability in UNABLE if ability.answers["zh"] == answer]
    return found[0] if found else None


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in ASKED.items() for text in texts]
)
def test_a_request_that_cannot_be_fulfilled_is_recognised(kind: str, text: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize("text", LEFT_TO_THE_MODEL)
def test_a_question_that_only_mentions_it_goes_to_the_model(text: str) -> None:
    assert honest_answer(text, "zh", NOON) is None
    assert honest_answer(text, "zh", None) is None


@pytest.mark.parametrize(
    "text",
    ["现在几点", "现在几点了？", "几点了", "请问现在是几点", "what time is it", "What's the time?"],
)
def test_the_time_is_told_from_the_clock_and_never_guessed(text: str) -> None:
    assert honest_answer(text, "zh", NOON) == "现在是12点5分。"
    unset = honest_answer(text, "zh", None)
    assert unset is not None and "不知道" in unset


@pytest.mark.parametrize(
    "text",
    ["今天几号", "今天是星期几？", "今天几月几号", "今天是什么日子", "what's the date today"],
)
def test_the_date_is_told_from_the_clock_and_never_guessed(text: str) -> None:
    assert honest_answer(text, "zh", NOON) == "今天是2026年11月23日，星期一。"
    assert (
        honest_answer(text, "en", None) == "My clock isn't set, so I don't know the time or date."
    )


@pytest.mark.parametrize("ability", UNABLE, ids=lambda ability: ability.name)
def test_no_honest_answer_sounds_like_consent(ability: object) -> None:
    for answer in ability.answers.values():  # type: ignore[attr-defined]
        assert not answer.startswith(("好", "行", "没问题", "OK", "Sure", "Okay"))


def test_the_answer_is_in_the_language_of_the_interface() -> None:
    assert honest_answer("定个闹钟", "en", NOON) == UNABLE[1].answers["en"]
    assert honest_answer("set an alarm", "zh", NOON) == UNABLE[1].answers["zh"]
