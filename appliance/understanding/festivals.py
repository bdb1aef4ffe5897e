"""Named days: of the solar calendar, of the Chinese one, and the nth weekday of a month.

What a name means is a rule and holds for every year; which days are free of work is decreed anew
each year and is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Solar:
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Lunar:
    """`day` -1: the last of the month."""

    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Nth:
    """The nth such weekday (0 is Monday) of a month."""

    month: int
    nth: int
    weekday: int


@dataclass(frozen=True, slots=True)
class Term:
    """One of the 24 solar terms, by its Chinese name."""

    name: str


Rule = Solar | Lunar | Nth | Term


@dataclass(frozen=True, slots=True)
class NamedDay:
    """`zh[0]` and `en[0]` are what it is called; the others are understood too."""

    zh: tuple[str, ...]
    en: tuple[str, ...]
    rule: Rule


def _day(zh: str, en: str, rule: Rule) -> NamedDay:
    return NamedDay(tuple(zh.split()), tuple(en.split("/")) if en else (), rule)


FESTIVALS: dict[str, NamedDay] = {
    day.zh[0]: day
    for day in (
        _day("元旦 元旦节 阳历新年", "New Year's Day/new year/new years day", Solar(1, 1)),
        _day("情人节", "Valentine's Day/valentines day", Solar(2, 14)),
        _day("妇女节 三八节 女神节", "Women's Day/international women's day", Solar(3, 8)),
        _day("植树节", "Arbor Day", Solar(3, 12)),
        _day("愚人节", "April Fools' Day/april fool's day/april fools day", Solar(4, 1)),
        _day(
            "劳动节 五一节 五一劳动节 国际劳动节 五一", "Labour Day/labor day/may day", Solar(5, 1)
        ),
        _day("高考", "", Solar(6, 7)),
        _day("青年节 五四青年节", "Youth Day", Solar(5, 4)),
        _day("儿童节 六一儿童节 六一", "Children's Day/childrens day", Solar(6, 1)),
        _day("建党节", "", Solar(7, 1)),
        _day("建军节 八一建军节", "Army Day", Solar(8, 1)),
        _day("教师节", "Teachers' Day/teacher's day", Solar(9, 10)),
        _day("国庆节 国庆 十一国庆节", "National Day", Solar(10, 1)),
        _day("万圣节 万圣夜", "Halloween", Solar(10, 31)),
        _day("光棍节 双十一 双11", "Singles' Day/singles day", Solar(11, 11)),
        _day("平安夜", "Christmas Eve", Solar(12, 24)),
        _day("圣诞节 圣诞", "Christmas/christmas day", Solar(12, 25)),
        _day("跨年夜", "New Year's Eve/new years eve", Solar(12, 31)),
        _day("母亲节", "Mother's Day/mothers day", Nth(5, 2, 6)),
        _day("父亲节", "Father's Day/fathers day", Nth(6, 3, 6)),
        _day("感恩节", "Thanksgiving/thanksgiving day", Nth(11, 4, 3)),
        _day(
            "春节 大年初一 过年 农历新年 新春 年初一",
            "Chinese New Year/lunar new year/spring festival",
            Lunar(1, 1),
        ),
        _day("元宵节 元宵 正月十五 上元节", "Lantern Festival", Lunar(1, 15)),
        _day("龙抬头 二月二", "", Lunar(2, 2)),
        _day("端午节 端午", "Dragon Boat Festival", Lunar(5, 5)),
        _day("七夕节 七夕", "Qixi Festival/qixi", Lunar(7, 7)),
        _day("中元节", "Ghost Festival", Lunar(7, 15)),
        _day("中秋节 中秋", "Mid-Autumn Festival/mid autumn festival/moon festival", Lunar(8, 15)),
        _day("重阳节 重阳", "Double Ninth Festival/chongyang", Lunar(9, 9)),
        _day("腊八节 腊八", "Laba Festival", Lunar(12, 8)),
        _day("小年 北方小年", "", Lunar(12, 23)),
        _day(
            "除夕 除夕夜 大年三十 年三十 大年夜",
            "Chinese New Year's Eve/lunar new year's eve",
            Lunar(12, -1),
        ),
        _day("清明节 清明", "Qingming Festival/qingming/tomb sweeping day", Term("清明")),
        *(
            _day(name, "", Term(name))
            for name in [
                "小寒",
                "大寒",
                "立春",
                "雨水",
                "惊蛰",
                "春分",
                "谷雨",
                "立夏",
                "小满",
                "芒种",
                "夏至",
                "小暑",
                "大暑",
                "立秋",
                "处暑",
                "白露",
                "秋分",
                "寒露",
                "霜降",
                "立冬",
                "小雪",
                "大雪",
            ]
        ),
        _day("冬至 冬至节", "Winter Solstice", Term("冬至")),
    )
}

TERMS = frozenset(key for key, day in FESTIVALS.items() if isinstance(day.rule, Term)) | {"清明"}
NAMES: dict[str, str] = {
    name.lower(): key for key, day in FESTIVALS.items() for name in (*day.zh, *day.en)
}
"""Every name, in lower case, to its key in `FESTIVALS`."""
