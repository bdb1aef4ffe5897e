"""How text is read aloud: the table is the specification."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from appliance.speech.normalise import normalise

READINGS = [
    # money
    ("￥128元", "一百二十八元"),
    ("¥99.9", "九十九点九元"),
    ("$25.5", "二十五点五美元"),
    ("共128元", "共一百二十八元"),
    # dates and times
    ("今天是2026年11月24日，星期二", "今天是二零二六年十一月二十四日，星期二"),
    ("早上7:05", "早上七点零五分"),
    ("10:00-12:00", "十点到十二点"),
    ("2020-2024年", "二零二零到二零二四年"),
    # numbers
    ("一共1,234,567人", "一共一百二十三万四千五百六十七人"),
    ("2个苹果", "两个苹果"),
    ("第3名", "第三名"),
    ("1/3", "三分之一"),
    ("3.5%", "百分之三点五"),
    ("编号007", "编号零零七"),
    ("１２３", "一百二十三"),
    ("3~5天", "三到五天"),
    ("比分3:2", "比分三比二"),
    # telephone
    ("电话13812345678", "电话幺三八幺二三四五六七八"),
    # units
    ("-5℃", "负五摄氏度"),
    ("100km/h", "一百公里每小时"),
    ("200ml", "两百毫升"),
    ("WiFi 5GHz", "WiFi 五吉赫兹"),
    ("20W", "二十瓦"),
    ("温度25°", "温度二十五度"),
    # arithmetic
    ("3*4=12", "三乘四等于十二"),
    ("8-3=5", "八减三等于五"),
    ("5+3=8", "五加三等于八"),
    ("x>3", "x大于三"),
    # versions, models, addresses
    ("版本v1.2.3", "版本v一点二点三"),
    ("Qwen2.5-1.5B", "Qwen 二点五 一点五 B"),
    ("IP 192.168.1.1", "IP 一九二点一六八点一点一"),
    ("A4纸", "A 四纸"),
    ("abc@qq.com", "abc艾特qq点com"),
    ("见 https://www.example.com/a?b=1。", "见 链接。"),
    ("C++和C#", "C加加和C sharp"),
    # markdown, quotes, emoji
    ("**粗体** `code`", "粗体 code"),
    ("[链接文字](http://a.b/c)", "链接文字"),
    ("# 标题\n正文", "标题。正文"),
    ("1. 好\n2. 坏", "第一，好。第二，坏"),
    ("- 甲\n- 乙", "甲。乙"),
    ("《红楼梦》（清代）", "红楼梦，清代，"),
    ("你好😀", "你好"),
    ("😀🎉", ""),
    ("", ""),
    ("……", ""),
    # traditional script is read like simplified
    ("電腦", "电脑"),
]


@pytest.mark.parametrize(("written", "spoken"), READINGS)
def test_text_is_read_as_people_read_it(written: str, spoken: str) -> None:
    assert normalise(written) == spoken


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.text("0123456789.,:/-+*=%￥$~年月日℃vGHz ()[]`#|\n", max_size=30))
@example("[](")
@example("\\[")
@example("1" * 60)
@example("￥" + "9" * 40)
def test_nothing_a_model_writes_breaks_it_and_no_digit_is_left(text: str) -> None:
    spoken = normalise(text)
    assert not re.search(r"[0-9]", spoken)
    assert "\n" not in spoken
