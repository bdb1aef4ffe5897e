"""Dates: 明天, 下周三, 下个月三号, 12月5日, 农历八月十五, 除夕前一天, the 5th of May."""

from __future__ import annotations

import re

from appliance.understanding.festivals import NAMES
from appliance.understanding.numbers import number_at
from appliance.understanding.tokens import (
    CalendarDay,
    DateToken,
    DayOffset,
    Festival,
    LunarDay,
    Weekday,
)

_OFFSETS = {
    **{
        "大大后天": 4,
        "大后天": 3,
        "大后日": 3,
        "后天": 2,
        "后日": 2,
        "明天": 1,
        "明日": 1,
        "明儿": 1,
    },
    **{"第二天": 1, "今天": 0, "今日": 0, "今儿": 0, "当天": 0, "昨天": -1, "昨日": -1, "昨儿": -1},
    **{"前天": -2, "前日": -2, "大前天": -3, "大大前天": -4},
    **{"the day after tomorrow": 2, "day after tomorrow": 2, "tomorrow": 1, "today": 0},
    **{"the day before yesterday": -2, "yesterday": -1},
}
_OFFSET = re.compile(
    "|".join(
        sorted(
            (n if not n.isascii() else rf"{n}(?![a-z])" for n in _OFFSETS), key=len, reverse=True
        )
    )
)
# 今早, 明晚: the day, and the part stays for the clock.
_DAY_AND_PART = re.compile(
    r"([今明后昨前])(?=[早晚夜]|上午|下午|中午|凌晨)(?!晚辈|夜饭)|(tonight|tonite)(?![a-z])"
)
_SHORT = {"今": 0, "明": 1, "后": 2, "昨": -1, "前": -2}

_DAYS_ZH = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_DAYS_ZH |= {"1": 0, "2": 1, "3": 2, "4": 3, "5": 4, "6": 5, "7": 6}
_WEEKDAY_ZH = re.compile(
    r"(?:(这|本|下下|上上|下|上)(?:一)?个?)?(?:周|星期|礼拜)([一二三四五六日天末]|[1-7](?!\d|天"
    r"|年|岁|个|次|点))"
    r"(?!年|岁|刊|边|围|期)"
)
_WEEKS = {"这": 0, "本": 0, "下": 1, "下下": 2, "上": -1, "上上": -2}
_DAYS_EN = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_SHORT_EN = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEKDAY_EN = re.compile(
    r"(?:(this|next|last|coming|this coming) )?(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?"
    r"|sun)(?:day)?(?![a-z])"
    r"|(?:(this|next) )(weekend)(?![a-z])"
)

_YEARS = {"今年": 0, "本年": 0, "明年": 1, "后年": 2, "去年": -1, "前年": -2, "大后年": 3}
_YEAR = re.compile(
    r"(大后年|今年|本年|明年|后年|去年|前年)的?|([12]\d{3}|[一二][零〇一二三四五六七八九]{3}"
    r"|两千零?[一二三四五六七八九十]{1,3})年的?"
)
_MONTHS = re.compile(r"(这个月|本月|当月|下下个?月|下个?月|上个?月)的?")
_MONTHS_AWAY = {"这": 0, "本": 0, "当": 0, "下": 1, "上": -1}
_LUNAR = re.compile(r"(?:农历|阴历|旧历|老历)的?")
_LEAP = re.compile("闰")
_LUNAR_MONTHS = {"正月": 1, "冬月": 11, "腊月": 12}
_LUNAR_MONTH = re.compile("正月|冬月|腊月")
_INITIAL = re.compile(r"初([一二三四五六七八九十]|[1-9]|10)")
_MONTH_DAY = re.compile(r"(1[0-2]|0?[1-9])[/](3[01]|[12]\d|0?[1-9])(?![\d/.%])")
_FULL = re.compile(r"([12]\d{3})[-/.](1[0-2]|0?[1-9])[-/.](3[01]|[12]\d|0?[1-9])(?!\d)")
_DAY_UNIT = re.compile(r"[日号](?![码线楼馆院店文记本语期常历元房公机床选室门口院称])")
_BACK = re.compile(r"的?(前|后)(一|两|二|三|1|2|3)天|(?:的)?(前夜|前夕)")
_COUNTS = {"一": 1, "1": 1, "两": 2, "二": 2, "2": 2, "三": 3, "3": 3}
_THAT_DAY = re.compile("(?:那|当)(?:一)?天|(?:这|那)(?:一)?日")

_NAMED_ZH = re.compile(
    "|".join(sorted((n for n in NAMES if not n.isascii()), key=len, reverse=True))
)
_NAMED_EN = re.compile(
    "(?:"
    + "|".join(sorted((re.escape(n) for n in NAMES if n.isascii()), key=len, reverse=True))
    + ")(?![a-z])"
)
# Names that are words of their own as well: only with what makes a day of them.
_WORDS_TOO = frozenset(
    [
        "小雪",
        "大雪",
        "雨水",
        "小满",
        "白露",
        "大寒",
        "小寒",
        "小年",
        "大暑",
        "小暑",
        "五一",
        "六一",
        "过年",
        "七夕",
        "新春",
        "new",
        "year",
    ]
)
_A_DAY = re.compile(
    r"节气|那天|当天|前|后|是|还|几|哪|在|什么|离|到|早|晚|上午|下午|中午|放|[?？]|$|提醒|叫|,"
)

_MONTHS_EN = "january february march april may june july august september october november december"
_MONTH_EN = {
    **{name: i for i, name in enumerate(_MONTHS_EN.split(), 1)},
    **{name[:3]: i for i, name in enumerate(_MONTHS_EN.split(), 1)},
    "sept": 9,
}
_NAME = "|".join(sorted(_MONTH_EN, key=len, reverse=True))
_DAY_EN = r"(\d{1,2})(?:st|nd|rd|th)?(?![\d:a-z])"
_EN_MONTH_DAY = re.compile(rf"(?:the )?({_NAME})\.? (?:the )?{_DAY_EN}(?:,? ([12]\d{{3}}))?")
_EN_DAY_MONTH = re.compile(rf"(?:the )?{_DAY_EN} (?:of )?({_NAME})(?![a-z])(?:,? ([12]\d{{3}}))?")
_EN_DAY = re.compile(r"the (\d{1,2})(?:st|nd|rd|th)(?: of (this|next) month)?(?![a-z])")
_EN_WORD_MONTH = re.compile(rf"({_NAME}) (?=[a-z])")


def date_at(text: str, at: int) -> DateToken | None:
    """The date that begins at `at`."""
    if text[at].isascii() and text[at].isalpha():
        if at and text[at - 1].isascii() and text[at - 1].isalnum():
            return None
        return _english(text, at)
    found = _relative(text, at) or _weekday(text, at) or _named(text, at, at) or _calendar(text, at)
    return found and _moved(text, found)


def _relative(text: str, at: int) -> DayOffset | None:
    if found := _OFFSET.match(text, at):
        return DayOffset(at, found.end(), _OFFSETS[found[0]])
    if found := _DAY_AND_PART.match(text, at):
        if found[1] in "后前" and at and text[at - 1] in "之以往最从先今":
            return None
        return DayOffset(at, found.end(), _SHORT[found[1]])
    return None


def _weekday(text: str, at: int) -> Weekday | None:
    found = _WEEKDAY_ZH.match(text, at)
    if found is None:
        return None
    return Weekday(at, found.end(), _DAYS_ZH[found[2]], _WEEKS.get(found[1] or ""))


def _named(
    text: str, at: int, start: int, years: int | None = None, year: int | None = None
) -> Festival | None:
    found = _NAMED_ZH.match(text, at)
    if found is None:
        return None
    if (
        found[0] in _WORDS_TOO
        and years is None
        and year is None
        and not _A_DAY.match(text, found.end())
    ):
        return None
    that = _THAT_DAY.match(text, found.end())
    end = that.end() if that else found.end()
    return Festival(start, end, NAMES[found[0]], years, year)


def _moved(text: str, found: DateToken) -> DateToken:
    """除夕前一天, 国庆节后两天"""
    if isinstance(found, Festival) and (back := _BACK.match(text, found.end)):
        days = -1 if back[3] else _COUNTS[back[2]] * (-1 if back[1] == "前" else 1)
        return Festival(found.start, back.end(), found.name, found.years, found.year, days)
    return found


def _calendar(text: str, at: int) -> DateToken | None:
    if found := _FULL.match(text, at):
        return CalendarDay(at, found.end(), int(found[2]), int(found[3]), int(found[1]))
    if found := _MONTH_DAY.match(text, at):
        return CalendarDay(at, found.end(), int(found[1]), int(found[2]))
    years, year, place = _year(text, at)
    if place > at and (named := _named(text, place, at, years, year)):
        return named
    if lunar := _lunar(text, at, place, years, year):
        return lunar
    if (found := _MONTHS.match(text, place)) and place == at:
        day, end = _day(text, found.end())
        away = _MONTHS_AWAY[found[0][0]] * (2 if found[0].startswith("下下") else 1)
        return CalendarDay(at, end, None, day, months=away) if day else None
    return _month_and_day(text, at, place, years, year)


def _month_and_day(
    text: str, at: int, place: int, years: int | None, year: int | None
) -> CalendarDay | None:
    month = number_at(text, place, ratio=False)
    if month is None or not month.whole or not 0 <= month.value < 100:
        return None
    if text.startswith("月", month.end):
        place = month.end + 1
        day, end = _day(text, place + text.startswith("的", place))
        if day:
            return CalendarDay(at, end, int(month.value), day, year, years=years)
        bare = number_at(text, place, ratio=False)
        if (
            bare
            and bare.whole
            and 0 < bare.value < 100
            and text[bare.end : bare.end + 1] not in frozenset("天个点年月周")
        ):
            return CalendarDay(at, bare.end, int(month.value), int(bare.value), year, years=years)
        return None
    if place > at or month.approximate or month.ordinal:
        return None
    unit = _DAY_UNIT.match(text, month.end)
    if unit is None or unit[0] == "日":
        return None
    return CalendarDay(at, unit.end(), None, int(month.value))


def _year(text: str, at: int) -> tuple[int | None, int | None, int]:
    found = _YEAR.match(text, at)
    if found is None:
        return None, None, at
    if found[1]:
        return _YEARS[found[1]], None, found.end()
    number = number_at(text, at, ratio=False)
    return None, int(number.value) if number else None, found.end()


def _day(text: str, at: int) -> tuple[int, int]:
    """The day of a month, and where it ends; 0: there is none."""
    if found := re.compile("月?(?:最后一天|底|末)").match(text, at):
        return -1, found.end()
    number = number_at(text, at, ratio=False)
    if number is None or not number.whole or not 0 <= number.value < 1000 or number.approximate:
        return 0, at
    unit = _DAY_UNIT.match(text, number.end)
    if unit is None:
        return 0, at
    return int(number.value), unit.end()


def _lunar(
    text: str, at: int, place: int, years: int | None, year: int | None
) -> LunarDay | Festival | None:
    said = _LUNAR.match(text, place)
    if said:
        place = said.end()
        again = _YEAR.match(text, place)
        if again and again[1]:
            years, place = _YEARS[again[1]], again.end()
        if named := _named(text, place, at, years, year):
            return named
    leap = text.startswith("闰", place)
    place += leap
    if found := _LUNAR_MONTH.match(text, place):
        month, place = _LUNAR_MONTHS[found[0]], found.end()
    else:
        number = number_at(text, place, ratio=False)
        if number is None or not number.whole or not text.startswith("月", number.end):
            return _first_days(text, at, place)
        month, place = int(number.value), number.end + 1
        if not said and not leap and not _INITIAL.match(text, place):
            return None
    day, end = _lunar_day(text, place)
    return LunarDay(at, end, month, day, leap, years, year) if day else None


def _first_days(text: str, at: int, place: int) -> LunarDay | None:
    """大年初五 is of the first month; 初五 alone of one that is not said."""
    found = re.compile("大年").match(text, place)
    day, end = _lunar_day(text, found.end() if found else place)
    return LunarDay(at, end, 1, day) if day and found else None


def _lunar_day(text: str, at: int) -> tuple[int, int]:
    if found := _INITIAL.match(text, at):
        number = number_at(found[1], 0)
        return (int(number.value) if number else 0), found.end()
    if found := re.compile("最后一天|底").match(text, at):
        return -1, found.end()
    number = number_at(text, at, ratio=False)
    if number is None or not number.whole or not 0 < number.value < 100:
        return 0, at
    end = number.end + (text[number.end : number.end + 1] in ("日", "号"))
    return int(number.value), end


# ------------------------------------------------------------ English


def _english(text: str, at: int) -> DateToken | None:
    if found := _OFFSET.match(text, at):
        return DayOffset(at, found.end(), _OFFSETS[found[0]])
    if (found := _DAY_AND_PART.match(text, at)) and found[2]:
        return DayOffset(at, at, 0) if False else DayOffset(at, found.end(), 0)
    if found := _NAMED_EN.match(text, at):
        return Festival(at, found.end(), NAMES[found[0]])
    if found := _WEEKDAY_EN.match(text, at):
        return _english_weekday(found)
    return _english_calendar(text, at)


def _english_weekday(found: re.Match[str]) -> Weekday | None:
    if found[4]:
        return Weekday(found.start(), found.end(), 5, 0 if found[3] == "this" else 1)
    name = found[2]
    if (
        name in ("sun", "sat", "mon", "wed", "fri")
        and not found[0].endswith("day")
        and not found[1]
    ):
        return None  # the sun, to wed: words of their own
    weeks = {"this": None, "next": 1, "last": -1, "coming": None, "this coming": None}
    day = next(i for i, short in enumerate(_SHORT_EN) if name.startswith(short))
    return Weekday(found.start(), found.end(), day, weeks.get(found[1] or "this"))


def _english_calendar(text: str, at: int) -> DateToken | None:
    if found := _EN_MONTH_DAY.match(text, at):
        year = int(found[3]) if found[3] else None
        return CalendarDay(at, found.end(), _MONTH_EN[found[1]], int(found[2]), year)
    if found := _EN_DAY.match(text, at):
        months = {"this": 0, "next": 1}.get(found[2] or "")
        month = _EN_DAY_MONTH.match(text, at)
        if month:
            return CalendarDay(at, month.end(), _MONTH_EN[month[2]], int(month[1]))
        return CalendarDay(at, found.end(), None, int(found[1]), months=months)
    if found := _EN_DAY_MONTH.match(text, at):
        year = int(found[3]) if found[3] else None
        return CalendarDay(at, found.end(), _MONTH_EN[found[2]], int(found[1]), year)
    if found := _EN_WORD_MONTH.match(text, at):
        day = number_at(text, found.end())
        if day and day.whole and day.ordinal:
            return CalendarDay(at, day.end, _MONTH_EN[found[1]], int(day.value))
    return None


def english_day_month_at(text: str, at: int) -> CalendarDay | None:
    """5 May, 5th of May: a date that begins with a digit."""
    found = _EN_DAY_MONTH.match(text, at)
    if found is None or not text[at].isdecimal():
        return None
    year = int(found[3]) if found[3] else None
    return CalendarDay(at, found.end(), _MONTH_EN[found[2]], int(found[1]), year)
