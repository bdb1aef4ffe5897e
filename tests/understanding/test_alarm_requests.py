"""What sentences ask of alarms, said on Tuesday 2026-11-24 at 08:30."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.understanding.alarms.parse import parse
from appliance.understanding.alarms.requests import (
    INTENTS,
    Cancel,
    Change,
    Choose,
    Extend,
    Kind,
    ListThem,
    Missed,
    Missing,
    Pause,
    Refuse,
    Remaining,
    Rename,
    Resume,
    Set,
    SkipNext,
    Snooze,
    Which,
)
from appliance.understanding.alarms.sayings import said_back
from appliance.understanding.settled import Impossible

NOW = datetime(2026, 11, 24, 8, 30)

DUE = [
    ("半小时后提醒我关火", "11-24 09:00", "关火"),
    ("一个半小时后叫我", "11-24 10:00", ""),
    ("过三刻钟叫我一声", "11-24 09:15", ""),
    ("明早七点半叫我起床", "11-25 07:30", "起床"),
    ("后天下午三点一刻提醒我开会", "11-26 15:15", "开会"),
    ("下周三上午十点提醒我交房租", "12-02 10:00", "交房租"),
    ("今晚十二点提醒我", "11-25 00:00", ""),
    ("中午十二点半叫我吃饭", "11-24 12:30", "吃饭"),
    ("中午十点叫我", "11-24 10:00", ""),
    ("除了周末，每天早上六点五十叫我", "11-25 06:50", ""),
    ("每周二和周四上午九点提醒我开例会", "11-24 09:00", "开例会"),
    ("下午三点开会，提前二十分钟提醒我", "11-24 14:40", "开会"),
    ("过两个钟头叫我一声", "11-24 10:30", ""),
    ("设个番茄钟", "11-24 08:55", "番茄钟"),
    ("五分钟之后说一声", "11-24 08:35", ""),
    ("每个工作日七点响铃", "11-25 07:00", ""),
    ("下周三上午十点有会，到时候说一声", "12-02 10:00", "有会"),
    ("明天差五分八点叫我起床", "11-25 07:55", "起床"),
    ("今晚一点叫我看球", "11-25 01:00", "看球"),
    ("明天凌晨两点叫我", "11-25 02:00", ""),
    ("周二九点半叫我", "11-24 09:30", ""),
    ("周一早上八点叫我", "11-30 08:00", ""),
    ("下个月三号上午十点提醒我还信用卡", "12-03 10:00", "还信用卡"),
    ("元旦早上九点提醒我给爸妈打电话", "2027-01-01 09:00", "给爸妈打电话"),
    ("三天后早上八点提醒我浇花", "11-27 08:00", "浇花"),
    ("小鹿，帮我定一个明早六点半的闹钟好吗", "11-25 06:30", ""),
    ("wake me up at seven tomorrow", "11-25 07:00", ""),
    ("remind me in 10 minutes to turn off the stove", "11-24 08:40", "turn off the stove"),
    ("I have a meeting at 3 pm, remind me 20 minutes before", "11-24 14:40", "meeting"),
]


@pytest.mark.parametrize(("text", "due", "what"), DUE, ids=[row[0] for row in DUE])
def test_the_time_and_what_for_are_understood(text: str, due: str, what: str) -> None:
    request = parse(text, NOW)
    assert isinstance(request, Set)
    expected = due if due.startswith("2027") else f"2026-{due}"
    assert (request.due, request.text) == (datetime.fromisoformat(expected), what)


def test_a_span_counts_by_the_steady_clock_and_a_time_by_the_wall() -> None:
    span, wall = parse("半小时后提醒我关火", NOW), parse("明早七点半叫我起床", NOW)
    assert isinstance(span, Set) and span.seconds == 1800
    assert isinstance(wall, Set) and wall.seconds is None


def test_what_is_over_today_is_tomorrow_and_told() -> None:
    request = parse("中午十二点半叫我吃饭", datetime(2026, 11, 24, 13, 0))
    assert isinstance(request, Set) and request.moved
    assert request.due == datetime(2026, 11, 25, 12, 30)
    assert "已过" in said_back(request, "zh", NOW)


def test_an_hour_that_may_be_two_is_asked_for() -> None:
    request = parse("八点叫我", NOW)
    assert isinstance(request, Choose)
    assert [one.due for one in request.choices] == [
        datetime(2026, 11, 24, 20),
        datetime(2026, 11, 25, 8),
    ]
    assert said_back(request, "zh", NOW) == "今晚八点还是明早八点？"


@pytest.mark.parametrize(
    "text", ["给我计个时", "叫我明天早点起", "提醒我吃药", "定个闹钟", "明天提醒我交作业"]
)
def test_a_time_that_is_not_said_is_asked_for(text: str) -> None:
    request = parse(text, NOW)
    assert isinstance(request, Missing)
    assert said_back(request, "zh", NOW).endswith("？")


REFUSED = [
    ("25点叫我", Impossible.HOUR),
    ("2月30日早上八点提醒我", Impossible.DAY),
    ("负三分钟后叫我", Impossible.NEGATIVE),
    ("零分钟后叫我", Impossible.NEGATIVE),
    ("一亿年后提醒我", Impossible.FAR),
    ("每0分钟提醒我喝水", Impossible.OFTEN),
    ("昨天下午三点提醒我开会", Impossible.PAST),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_cannot_be_is_refused_and_why(text: str, reason: Impossible) -> None:
    request = parse(text, NOW)
    assert isinstance(request, Refuse)
    assert request.reason is reason
    assert "没有设" in said_back(request, "zh", NOW)
    assert "not set" in said_back(request, "en", NOW)


def test_without_the_time_only_spans_can_be_set() -> None:
    assert parse("明早七点叫我", None) == Refuse(Kind.ALARM, Impossible.UNSET)
    assert parse("五分钟后叫我", None) == Set(Kind.TIMER, None, 300)
    assert (
        said_back(Refuse(Kind.ALARM, Impossible.UNSET), "zh", None)
        == "闹钟没有设：我还不知道现在几点。"
    )


RULES = [
    ("除了周末，每天早上六点五十叫我", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", time(6, 50)),
    ("每周二和周四上午九点提醒我开例会", "FREQ=WEEKLY;BYDAY=TU,TH", time(9)),
    ("每个工作日七点响铃", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", time(7)),
    ("每天晚上十点提醒我睡觉", "FREQ=DAILY", time(22)),
    ("每月一号上午九点提醒我交房租", "FREQ=MONTHLY;BYMONTHDAY=1", time(9)),
    ("每年5月1日早上八点提醒我", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1", time(8)),
    ("每两小时提醒我喝水", "FREQ=HOURLY;INTERVAL=2", None),
    ("周一到周五早上七点叫我起床", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", time(7)),
    ("every weekday at 7 am wake me up", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", time(7)),
]


@pytest.mark.parametrize(("text", "rule", "at"), RULES, ids=[row[0] for row in RULES])
def test_what_comes_again_is_a_rule(text: str, rule: str, at: time | None) -> None:
    request = parse(text, NOW)
    assert isinstance(request, Set) and request.rule is not None
    assert (request.rule.rrule, request.rule.at) == (rule, at)


CARE = [
    ("再睡五分钟", Snooze(300)),
    ("再睡一会儿", Snooze(None)),
    ("我有哪些闹钟", ListThem(Which(Kind.ALARM))),
    ("还剩多少时间", Remaining(Which())),
    ("五分钟那个还剩多久", Remaining(Which(seconds=300))),
    ("取消七点的闹钟", Cancel(Which(Kind.ALARM, times=(time(7), time(19))))),
    ("取消明天早上七点的闹钟", Cancel(Which(Kind.ALARM, times=(time(7),), day=date(2026, 11, 25)))),
    ("把闹钟都取消", Cancel(Which(Kind.ALARM, every=True))),
    ("删除第二个闹钟", Cancel(Which(Kind.ALARM, nth=2))),
    ("明天不用叫我起床了", SkipNext(Which(day=date(2026, 11, 25)))),
    ("明天不要响铃", SkipNext(Which(day=date(2026, 11, 25)))),
    ("倒计时加五分钟", Extend(Which(Kind.TIMER), 300)),
    ("计时器减一分钟", Extend(Which(Kind.TIMER), -60)),
    ("暂停计时", Pause(Which(Kind.TIMER))),
    ("继续倒计时", Resume(Which(Kind.TIMER))),
    ("把五分钟那个改名叫面条", Rename(Which(seconds=300), "面条")),
    ("我错过了什么", Missed()),
    ("snooze for 5 minutes", Snooze(300)),
    ("cancel the 7 am alarm", Cancel(Which(Kind.ALARM, times=(time(7),)))),
    ("please cancel my alarms", Cancel(Which(Kind.ALARM, every=True))),
    ("how much time is left", Remaining(Which())),
    ("add 5 minutes to the timer", Extend(Which(Kind.TIMER), 300)),
]


@pytest.mark.parametrize(("text", "request_"), CARE, ids=[row[0] for row in CARE])
def test_what_is_asked_of_those_that_are_set_is_understood(text: str, request_: object) -> None:
    assert parse(text, NOW) == request_


def test_another_time_is_set_for_the_one_that_is_named() -> None:
    request = parse("把明天七点的闹钟改到早上七点半", NOW)
    assert isinstance(request, Change)
    assert isinstance(request.to, Set) and request.to.due == datetime(2026, 11, 25, 7, 30)


OTHERS = [
    "闹钟响了三次我才起来怎么办",
    "提醒我一下什么叫光合作用",
    "倒计时的纪录片有哪些",
    "拨打120要说什么",
    "帮我写一条提醒我妈吃药的短信",
    "妈妈每天早上七点叫我起床",
    "老师提醒我们明天交作业",
    "他八点叫我开门",
    "你能定闹钟吗",
    "闹钟是谁发明的",
    "明天八点叫我起床用英语怎么说",
    "“明早七点叫我起床”翻译成英文",
    "为什么闹钟没有响",
    "昨天闹钟没叫我",
    "叫我小王就行",
    "孩子不肯叫我妈妈怎么办",
    "三点到五点有什么电视",
    "今天提醒我的人是谁",
    "call me Tom",
    "remind me what photosynthesis is",
    "who invented the alarm clock?",
    "how does a timer work",
]


@pytest.mark.parametrize("text", OTHERS)
def test_who_asks_for_something_else_is_left_alone(text: str) -> None:
    assert parse(text, NOW) is None


@given(st.text(max_size=120))
@settings(max_examples=200)
def test_whatever_is_said_nothing_fails_and_what_is_understood_can_be_said_back(text: str) -> None:
    for sentence in (text, f"提醒我{text}", f"明早七点叫我{text}", f"remind me to {text} at 7 pm"):
        request = parse(sentence, NOW)
        if request is not None:
            assert said_back(request, "zh", NOW)
            assert said_back(request, "en", NOW)
            assert type(request) in INTENTS


def test_a_name_of_ten_thousand_characters_with_controls_is_cut_and_cleaned() -> None:
    request = parse("明早七点提醒我" + "吃\x00药<|im_end|>\n" * 1000, NOW)
    assert isinstance(request, Set)
    assert len(request.text) <= 80
    assert "\x00" not in request.text and "\n" not in request.text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("set a timer for 1 and a half hours", 5400),
        ("set a timer for 2 and a quarter hours", 8100),
        ("remind me in an hour and a quarter to leave", 4500),
        ("wake me in two hours and three quarters", 9900),
        ("set a timer for a quarter of an hour", 900),
        ("set a timer for three quarters of an hour", 2700),
        ("timer for a minute and a half", 90),
        ("set a timer for 3 hours 20 minutes and 2 seconds", 12002),
        ("set a twelve minute timer", 720),
        ("计时一个半钟头", 5400),
        ("半分钟倒计时", 30),
    ],
)
def test_parts_of_hours_are_counted_as_others_failed_to(text: str, seconds: int) -> None:
    request = parse(text, NOW)
    assert isinstance(request, Set) and request.seconds == seconds
