"""How text is read aloud: the table is the specification."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from appliance.speech.markdown import CodeBlocks
from appliance.speech.normalise import normalise
from appliance.speech.numbers import cardinal, number

READINGS = [
    # money
    ("￥128元", "一百二十八元"),
    ("¥99.9", "九十九点九元"),
    ("共￥1,280.50", "共一千二百八十点五元"),
    ("￥3.5万", "三点五万元"),
    ("$25.5", "二十五点五美元"),
    ("US$100", "一百美元"),
    ("$1.2 million", "一点二百万美元"),
    ("€20", "二十欧元"),
    ("5元/斤", "五元每斤"),
    ("共128元", "共一百二十八元"),
    # dates
    ("今天是2026年11月24日，星期二", "今天是二零二六年十一月二十四日，星期二"),
    ("2026-11-24", "二零二六年十一月二十四日"),
    ("1993.5.6", "一九九三年五月六日"),
    ("2026-11", "二零二六年十一月"),
    ("11/24", "十一月二十四日"),
    ("2020-2024年", "二零二零到二零二四年"),
    ("1990年代和90年代", "一九九零年代和九十年代"),
    ("2000年前", "两千年前"),
    ("3月—5月", "三月到五月"),
    ("第二次世界大战（1939-1945年）", "第二次世界大战，一九三九到一九四五年，"),
    # times
    ("早上7:05", "早上七点零五分"),
    ("2:30", "两点三十分"),
    ("00:00", "零点"),
    ("7:05:30", "七点零五分三十秒"),
    ("10:00-12:00", "十点到十二点"),
    ("周六9:00—18:00", "周六九点到十八点"),
    ("10:30AM", "上午十点三十分"),
    ("8pm", "下午八点"),
    # numbers
    ("一共1,234,567人", "一共一百二十三万四千五百六十七人"),
    ("1,234,567", "一百二十三万四千五百六十七"),
    ("10005", "一万零五"),
    ("100010000", "一亿零一万"),
    ("12.5", "十二点五"),
    ("0.05", "零点零五"),
    ("2个苹果", "两个苹果"),
    ("每周2次", "每周两次"),
    ("2-3个", "两到三个"),
    ("2万", "两万"),
    ("12月2日2点", "十二月二日两点"),
    ("2斤2两", "两斤二两"),
    ("第2章", "第二章"),
    ("第3名", "第三名"),
    ("1/3", "三分之一"),
    ("3½", "三又二分之一"),
    ("1.5倍", "一点五倍"),
    ("编号007", "编号零零七"),
    ("房间号302", "房间号三零二"),
    ("邮编100080", "邮编一零零零八零"),
    ("１２３", "一百二十三"),
    ("3~5天", "三到五天"),
    ("比分3:2", "比分三比二"),
    ("比分21:14", "比分二十一比十四"),
    ("16:9", "十六比九"),
    ("99+", "九十九加"),
    ("①", "一，"),
    ("Ⅲ", "三"),
    ("1st", "第一"),
    # ratios are no times, scores no ranges, and a range of money no years
    ("米和水的比例是1:10。", "米和水的比例是一比十。"),
    ("比例尺是1:50。", "比例尺是一比五十。"),
    ("按1:20稀释", "按一比二十稀释"),
    ("1:18的模型", "一比十八的模型"),
    ("1:10出发", "一点十分出发"),
    ("10/15的学生", "十五分之十的学生"),
    ("还剩11/20", "还剩二十分之十一"),
    ("12/25是圣诞节", "十二月二十五日是圣诞节"),
    ("价格1000-2000元", "价格一千到两千元"),
    ("1500～1800米", "一千五百到一千八百米"),
    ("1200-1500人", "一千二百到一千五百人"),
    ("1998-2005年", "一九九八到二零零五年"),
    ("中国队以3-0获胜", "中国队以三比零获胜"),
    ("2-1击败对手", "二比一击败对手"),
    ("3-5页", "三到五页"),
    ("-10--5℃", "负十到负五摄氏度"),
    # long numbers: how much, or which
    ("人口大约400000000人", "人口大约四亿人"),
    ("一共800000000元", "一共八亿元"),
    ("QQ群123456789", "QQ群一二三四五六七八九"),
    ("客服是95588", "客服是九五五八八"),
    ("移动是10086", "移动是幺零零八六"),
    ("13812345678对吗", "幺三八 幺二三四 五六七八对吗"),
    ("100倍", "一百倍"),
    ("第110届", "第一百一十届"),
    # 两 counts, 二 numbers; those born in the eighties
    ("2岁", "两岁"),
    ("2毛钱", "两毛钱"),
    ("2分球", "两分球"),
    ("2顿饭", "两顿饭"),
    ("2户人家", "两户人家"),
    ("2道菜", "两道菜"),
    ("2胎", "二胎"),
    ("2手车", "二手车"),
    ("2号线", "二号线"),
    ("2班", "二班"),
    ("80后", "八零后"),
    ("70、80后", "七零、八零后"),
    ("00后", "零零后"),
    ("90年代", "九十年代"),
    # formulas between dollars are no money
    (r"结果是$\frac{1}{2}$。", "结果是二分之一。"),
    ("$10^{-3}$", "十的负三次方"),
    ("2^{10}", "二的十次方"),
    ("花了$5和$10", "花了五美元和十美元"),
    ("$5-$10", "五到十美元"),
    # shares
    ("3.5%", "百分之三点五"),
    ("5‰", "千分之五"),
    ("增长-3%", "增长百分之负三"),
    ("50%-60%", "百分之五十到百分之六十"),
    # telephone
    ("电话13812345678", "电话幺三八 幺二三四 五六七八"),
    ("138-1234-5678", "幺三八 幺二三四 五六七八"),
    ("+86 13812345678", "加八六 幺三八 幺二三四 五六七八"),
    ("010-12345678", "零幺零 幺二三四五六七八"),
    ("400-800-8820", "四零零 八零零 八八二零"),
    ("拨打110报警", "拨打幺幺零报警"),
    ("110元", "一百一十元"),
    # units
    ("-5℃", "负五摄氏度"),
    ("气温-5~3℃", "气温负五到三摄氏度"),
    ("98°F", "九十八华氏度"),
    ("100km/h", "一百公里每小时"),
    ("200ml", "两百毫升"),
    ("500mL", "五百毫升"),
    ("500g面粉", "五百克面粉"),
    ("3.5-4.5米", "三点五到四点五米"),
    ("10㎡", "十平方米"),
    ("WiFi 5GHz", "WiFi 五吉赫兹"),
    ("512MB", "五百一十二兆字节"),
    ("20W", "二十瓦"),
    ("1h30min", "一小时三十分钟"),
    ("120/80mmHg", "一百二十，八十毫米汞柱"),
    ("温度25°", "温度二十五度"),
    # arithmetic
    ("3*4=12", "三乘四等于十二"),
    ("8-3=5", "八减三等于五"),
    ("3-5=-2", "三减五等于负二"),
    ("5+3=8", "五加三等于八"),
    ("8÷2=4", "八除以二等于四"),
    ("x>3", "x大于三"),
    ("a≠b", "a不等于b"),
    ("x²+10^3", "x的平方加十的立方"),
    ("1e-5", "一乘以十的负五次方"),
    ("√2≈1.414", "根号二约等于一点四一四"),
    ("π", "派"),
    (r"\(\frac{1}{2}\times 3\)", "二分之一乘三"),
    (r"$3 \times 4 = 12$", "三乘四等于十二"),
    (r"从$25到$30", "从二十五美元到三十美元"),
    (r"\Delta t \leqslant 3", "德尔塔 t小于等于三"),
    (r"当x\to\infty", "当x到无穷大"),
    # versions, models, addresses
    ("版本v1.2.3", "版本v一点二点三"),
    ("Qwen2.5-1.5B", "Qwen 二点五 一点五 B"),
    ("IP 192.168.1.1", "IP 一九二点一六八点一点一"),
    ("A4纸", "A 四纸"),
    ("RK3588", "RK 三五八八"),
    ("GPT-4", "GPT 四"),
    ("iPhone 15", "iPhone 十五"),
    ("USB-C", "USB C"),
    ("1920×1080", "一九二零乘一零八零"),
    ("H₂O", "H 二 O"),
    ("G1234次", "G 幺二三四次"),
    ("abc@qq.com", "abc艾特qq点com"),
    ("example.com", "example点com"),
    ("见 https://www.example.com/a?b=1。", "见 链接。"),
    ("C++和C#", "C加加和C sharp"),
    # markdown, quotes, emoji
    ("**粗体** `code`", "粗体 code"),
    ("*斜体*", "斜体"),
    ("[链接文字](http://a.b/c)", "链接文字"),
    ("# 标题\n正文", "标题。正文"),
    ("1. 好\n2. 坏", "第一，好。第二，坏"),
    ("- 甲\n- 乙", "甲。乙"),
    ("> 引用", "引用"),
    ("| 城市 | 人口 |\n|---|---|\n| 北京 | 2000万 |", "城市，人口。北京，两千万"),
    ("<b>粗</b>&nbsp;体", "粗 体"),
    ("《红楼梦》（清代）", "红楼梦，清代，"),
    ("你好😀", "你好"),
    ("😀🎉", ""),
    ("👨‍👩‍👧", ""),
    ("", ""),
    ("……", ""),
    # what stands at the sides of a number tells what it is
    ("混合比是1：25", "混合比是一比二十五"),
    ("男女比例大概1:12", "男女比例大概一比十二"),
    ("沙子1:10配", "沙子一比十配"),
    ("会在1:10开", "会在一点十分开"),
    ("含1800-2000大卡", "含一千八百到两千大卡"),
    ("输了个1-3", "输了个一比三"),
    ("联通客服10010", "联通客服幺零零幺零"),
    ("火警119", "火警幺幺九"),
    ("顺丰是95338", "顺丰是九五三三八"),
    ("答案是12345", "答案是一万两千三百四十五"),
    ("得分是119", "得分是一百一十九"),
    ("他打1000块", "他打一千块"),
    ("信号1000米", "信号一千米"),
    ("打119", "打幺幺九"),
    ("总数是95338", "总数是九万五千三百三十八"),
    ("订单号是20231105123", "订单号是二零二三一一零五一二三"),
    ("10^{23}", "十的二十三次方"),
    ("2页纸", "两页纸"),
    ("2架飞机", "两架飞机"),
    ("第2集", "第二集"),
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


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("0", "零"),
        ("10", "十"),
        ("15", "十五"),
        ("115", "一百一十五"),
        ("1005", "一千零五"),
        ("2222", "两千二百二十二"),
        ("20000", "两万"),
        ("120000", "十二万"),
        ("1000500", "一百万零五百"),
        ("100000000", "一亿"),
        ("1000000000000", "一万亿"),
    ],
)
def test_whole_numbers_are_said_with_their_zeros(written: str, spoken: str) -> None:
    assert cardinal(written) == spoken


@given(st.integers(0, 10**16 - 1))
def test_a_number_that_is_said_is_the_number(value: int) -> None:
    assert parsed(cardinal(str(value))) == value


def parsed(spoken: str) -> int:
    """The number that was said, by the places of its characters."""
    digits = "零一二三四五六七八九"
    total = section = digit = 0
    for character in spoken.replace("两", "二"):
        if character in digits:
            digit = digits.index(character)
        elif character in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
        else:
            unit = {"万": 10**4, "亿": 10**8}[character]
            below = section + digit
            total = (total + below) * unit if not below or unit == 10**8 else total + below * unit
            section = digit = 0
    return total + section + digit


def test_signs_and_decimals_are_said() -> None:
    assert number("-3.50") == "负三点五零"


def test_five_thousand_characters_of_anything_are_read_in_linear_time() -> None:
    for text in (
        "9" * 5000,
        "1-" * 2500,
        "[" * 5000,
        "*_" * 2500,
        "|" * 5000,
        "a." * 2500,
        "^" * 5000,
    ):
        assert not re.search(r"[0-9]", normalise(text))


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        (["好的：\n```python\nprint(1)\n```\n就这样。"], "好的：\n代码请看屏幕。就这样。"),
        (["看。\n```\n", "x = 1\n", "y = 2\n```", "\n完。"], "看。\n代码请看屏幕。\n完。"),
        (["没有代码。", "`a` 也不是。"], "没有代码。`a` 也不是。"),
        (["```\n永远不完"], "代码请看屏幕。"),
    ],
)
def test_code_is_mentioned_and_not_read(pieces: list[str], said: str) -> None:
    blocks = CodeBlocks()
    spoken = "".join(blocks.without_code(piece) for piece in pieces)
    assert re.sub(r"\n+", "\n", spoken) == said


def test_a_formula_with_an_equals_sign_is_no_money() -> None:
    said = normalise("则$2x=10$")
    assert said.endswith("x等于十")
    assert "美元" not in said
