"""The scanner: what it finds, and that nothing makes it fail, stray or linger."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.understanding.numbers import number_at
from appliance.understanding.scan import scan, token_at
from appliance.understanding.tokens import (
    After,
    CalendarDay,
    Clock,
    DayOffset,
    Duration,
    Every,
    Except,
    Festival,
    Lead,
    LunarDay,
    Part,
    Repeat,
    Token,
    Vague,
    Weekday,
)

FOUND = [
    ("一个半小时", Duration(0, 5, 5400)),
    ("三刻钟", Duration(0, 3, 2700)),
    ("半个钟头", Duration(0, 4, 1800)),
    ("1小时30分", Duration(0, 6, 5400)),
    ("两分半", Duration(0, 3, 150)),
    ("1h30m", Duration(0, 5, 5400)),
    ("an hour and a half", Duration(0, 18, 5400)),
    ("90 seconds", Duration(0, 10, 90)),
    ("两个月", Duration(0, 3, 0, 2)),
    ("过两个钟头", After(0, 5, Duration(1, 5, 7200))),
    ("in ten minutes", After(0, 14, Duration(3, 14, 600))),
    ("提前二十分钟", Lead(0, 6, Duration(2, 6, 1200))),
    ("过几分钟", Vague(0, 4)),
    ("早上七点半", Clock(0, 5, 7, 30, part=Part.MORNING)),
    ("差五分八点", Clock(0, 5, 8, -5)),
    ("八点差一刻", Clock(0, 5, 8, -15)),
    ("下午三点一刻", Clock(0, 6, 3, 15, part=Part.AFTERNOON)),
    ("八点零五", Clock(0, 4, 8, 5)),
    ("七点五十", Clock(0, 4, 7, 50)),
    ("19:30", Clock(0, 5, 19, 30, exact=True)),
    ("7:30 pm", Clock(0, 7, 19, 30, exact=True)),
    ("half past seven", Clock(0, 15, 7, 30)),
    ("quarter to eight", Clock(0, 16, 8, -15)),
    ("noon", Clock(0, 4, 12, exact=True)),
    ("大后天", DayOffset(0, 3, 3)),
    ("the day after tomorrow", DayOffset(0, 22, 2)),
    ("下周三", Weekday(0, 3, 2, 1)),
    ("星期天", Weekday(0, 3, 6)),
    ("next friday", Weekday(0, 11, 4, 1)),
    ("12月5日", CalendarDay(0, 5, 12, 5)),
    ("下个月三号", CalendarDay(0, 5, None, 3, months=1)),
    ("明年五月一号", CalendarDay(0, 6, 5, 1, years=1)),
    ("december 25th", CalendarDay(0, 13, 12, 25)),
    ("农历八月十五", LunarDay(0, 6, 8, 15)),
    ("腊月二十三", LunarDay(0, 5, 12, 23)),
    ("除夕前一天", Festival(0, 5, "除夕", offset=-1)),
    ("每周二和周四", Repeat(0, 6, Every.WEEK, frozenset((1, 3)))),
    ("每周一三五", Repeat(0, 5, Every.WEEK, frozenset((0, 2, 4)))),
    ("周一到周五", Repeat(0, 5, Every.WEEK, frozenset(range(5)))),
    ("工作日", Repeat(0, 3, Every.WEEK, frozenset(range(5)))),
    ("每月一号", Repeat(0, 4, Every.MONTH, day=1)),
    ("每隔两小时", Repeat(0, 5, Every.SPAN, interval=7200)),
    ("every other day", Repeat(0, 15, Every.DAY, interval=2)),
    ("除了周末", Except(0, 4, frozenset((5, 6)))),
]


@pytest.mark.parametrize(("text", "token"), FOUND, ids=[text for text, _ in FOUND])
def test_a_time_is_found_with_its_span(text: str, token: object) -> None:
    assert scan(text)[0] == token


@pytest.mark.parametrize("text", ["三点意见", "快一点", "有一点累", "大声一点", "八点几"])
def test_points_and_bits_are_no_times_of_day(text: str) -> None:
    assert not any(isinstance(token, Clock) and token.end == len(text) for token in scan(text))


@pytest.mark.parametrize("text", ["3号线", "2号楼", "十点五元"])
def test_what_is_counted_or_numbered_is_no_date(text: str) -> None:
    assert not any(isinstance(token, CalendarDay) for token in scan(text))


def test_the_same_in_full_width_and_traditional() -> None:
    assert scan("明天早上７：３０鬧鐘") == scan("明天早上7:30闹钟")
    assert scan("兩個鐘頭後") == scan("两个钟头后")


SIGNS = (
    "零一二三十百千万亿两半点分秒时刻个天周月年号日早晚上下午前后每除了从到过再,，。 :/.-0123456789"
)
WORDS = "小时 分钟 提醒我 闹钟 half past seven every monday \x00 🙂"
PIECES = st.sampled_from([*SIGNS, *WORDS.split(" ")])


@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=80))
@settings(max_examples=400)
def test_whatever_is_said_spans_are_in_order_and_inside(text: str) -> None:
    end = 0
    for token in scan(text):
        assert end <= token.start < token.end <= len(text)
        end = token.end


@given(st.text(max_size=40), st.integers(0, 39))
def test_a_number_lies_where_it_was_looked_for(text: str, at: int) -> None:
    number = number_at(text, at)
    assert number is None or (number.start == at < number.end <= len(text))


LONG = [
    "1",
    "一",
    "一点",
    "半",
    "个",
    "每",
    "过",
    "二十",
    "9:",
    "周一",
    "the ",
    "a hundred ",
    "1/",
    "1.",
    "一万",
    "每周一",
]


@pytest.mark.parametrize("piece", LONG)
def test_every_place_of_ten_thousand_characters_is_looked_at_once(
    piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []

    def looking(text: str, at: int) -> Token | None:
        looked.append(at)
        return token_at(text, at)

    monkeypatch.setattr("appliance.understanding.scan.token_at", looking)
    scan((piece * 10_000)[:10_000])
    assert len(looked) == len(set(looked)) <= 10_000
