"""What the clock and the calendar answer, in both languages, with what it was computed from."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from appliance.understanding.calendar.questions import (
    Day,
    DaysBetween,
    FreeDays,
    Of,
    Question,
    Time,
    Unset,
    Year,
)
from appliance.understanding.lunar_days import UnknownDayError, lunar_of, terms_of
from appliance.understanding.saying_times import MONTHS_EN, WEEKDAYS_EN, WEEKDAYS_ZH

_UNSET = (
    "我的时钟还没有校准，不知道现在的时间和日期。",
    "My clock isn't set, so I don't know the time or date.",
)
_UNKNOWN = (
    "没有这一天，或者我的历表里查不到。",
    "There is no such day, or it is out of reach of my tables.",
)
_FREE = (
    "{name}是{day}。哪几天放假每年另行公布，我不联网，不知道。",
    "{name} is {day}. Which days are free is decreed each year; I am offline and don't know.",
)
_ANIMALS = "鼠牛虎兔龙蛇马羊猴鸡狗猪"
_ANIMALS_EN = [
    "Rat",
    "Ox",
    "Tiger",
    "Rabbit",
    "Dragon",
    "Snake",
    "Horse",
    "Goat",
    "Monkey",
    "Rooster",
    "Dog",
    "Pig",
]
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_MONTHS = "正二三四五六七八九十冬腊"
_TENS = ("初", "十", "廿", "三")
_ONES = "十一二三四五六七八九"


def answer(question: Question, now: datetime | None, language: str) -> str:
    """The answer in `zh` or `en`; `now` as for the question."""
    if isinstance(question, Unset) or now is None:
        return _of(_UNSET, language)
    try:
        told = _english(question, now) if language == "en" else _chinese(question, now)
    except UnknownDayError:
        return _of(_UNKNOWN, language)
    return told


def _of(pair: tuple[str, str], language: str) -> str:
    return pair[language == "en"]


def _day_zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日，星期{WEEKDAYS_ZH[day.weekday()]}"


def _day_en(day: date) -> str:
    return f"{WEEKDAYS_EN[day.weekday()]}, {MONTHS_EN[day.month - 1]} {day.day}, {day.year}"


def lunar_name(day: date) -> str:
    """农历十月十六, with its year's stem and branch where it begins."""
    _, month, number, leap = lunar_of(day)
    tens, ones = divmod(number, 10)
    name = {10: "初十", 20: "二十", 30: "三十"}.get(number) or _TENS[tens] + _ONES[ones]
    return f"农历{'闰' * leap}{_MONTHS[month - 1]}月{name}"


def zodiac_of(year: int) -> int:
    """0 is the rat: of the Chinese year that begins in this year."""
    return (year - 4) % 12


# ------------------------------------------------------------ Chinese


def _chinese(question: Question, now: datetime) -> str:
    match question:
        case Time(zone, city):
            return _time_zh(now) if not zone else _city_zh(zone, city, now)
        case Day(day, of, name):
            return _day_answer_zh(day, of, name, now)
        case DaysBetween(first, last, name):
            return _days_zh(first, last, name, now)
        case Year(year, True):
            stem = _STEMS[(year - 4) % 10] + _BRANCHES[(year - 4) % 12]
            animal = _ANIMALS[zodiac_of(year)]
            return f"{year}年是农历{stem}年，{animal}年（从春节算起），属{animal}。"
        case Year(year):
            return f"{'今年' if year == now.year else '那'}是{year}年。"
        case FreeDays(day, name):
            return _FREE[0].format(name=name, day=_day_zh(day))
    return _UNKNOWN[0]


def _time_zh(now: datetime) -> str:
    if not now.minute:
        return f"现在是{now.hour}点整。"
    return f"现在是{now.hour}点{now.minute}分。"


def _city_zh(zone: str, city: str, now: datetime) -> str:
    there = _there(zone, now)
    if there is None:
        return f"我没有{city}的时区数据，算不出来。"
    day = {0: "今天", 1: "明天", -1: "昨天"}[(there.date() - now.date()).days]
    return (
        f"{city}现在是{day}{there.hour}点{there.minute:02}分，星期{WEEKDAYS_ZH[there.weekday()]}。"
    )


def _there(zone: str, now: datetime) -> datetime | None:
    """The same moment elsewhere. `now` without a zone is taken as this machine's local time."""
    try:
        return now.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _day_answer_zh(day: date, of: Of, name: str, now: datetime) -> str:
    near = {0: "今天", 1: "明天", 2: "后天", -1: "昨天", -2: "前天"}.get((day - now.date()).days)
    subject = name or near or "那天"
    match of:
        case Of.LUNAR:
            return f"{subject}是{lunar_name(day)}。"
        case Of.WEEK:
            year, week, _ = day.isocalendar()
            return f"{subject}是{year}年的第{week}周（周一开始）。"
        case Of.DAY_OF_YEAR:
            return f"{subject}是{day.year}年的第{day.timetuple().tm_yday}天。"
        case Of.TERM:
            return _term_zh(day, subject)
        case Of.NEXT_TERM:
            term, begins = _next_term(day)
            return f"下一个节气是{term}，{_day_zh(begins)}，还有{(begins - day).days}天。"
    return f"{subject}是{_day_zh(day)}。"


def _term_zh(day: date, subject: str) -> str:
    terms = {at: term for term, at in terms_of(day.year).items()}
    if day in terms:
        return f"{subject}是{terms[day]}。"
    last = max((at for at in terms if at < day), default=None)
    term, begins = _next_term(day)
    between = f"，在{terms[last]}之后" if last else ""
    return f"{subject}不是节气{between}，下一个是{term}，{begins.month}月{begins.day}日。"


def _next_term(day: date) -> tuple[str, date]:
    for year in (day.year, day.year + 1):
        coming = [(at, term) for term, at in terms_of(year).items() if at > day]
        if coming:
            at, term = min(coming)
            return term, at
    raise UnknownDayError(str(day))


def _days_zh(first: date, last: date, name: str, now: datetime) -> str:
    days = (last - first).days
    if first != now.date():
        return f"从{first.month}月{first.day}日到{_day_zh(last)}，一共{days}天。"
    if days == 0:
        return f"{name}就是今天。"
    when = f"{name or '那天'}（{_day_zh(last)}）"
    return f"离{when}还有{days}天。" if days > 0 else f"{when}已经过去{-days}天了。"


# ------------------------------------------------------------ English


def _english(question: Question, now: datetime) -> str:
    match question:
        case Time(zone, city):
            return _time_en(now) if not zone else _city_en(zone, city, now)
        case Day(day, of, name):
            return _day_answer_en(day, of, name, now)
        case DaysBetween(first, last, name):
            return _days_en(first, last, name, now)
        case Year(year, True):
            return (
                f"{year} is the year of the {_ANIMALS_EN[zodiac_of(year)]}, from its spring festi"
                f"val on."
            )
        case Year(year):
            return f"It is {year}." if year == now.year else f"That is {year}."
        case FreeDays(day, name):
            return _FREE[1].format(name=name, day=_day_en(day))
    return _UNKNOWN[1]


def _time_en(now: datetime) -> str:
    return f"It's {now.hour}:{now.minute:02}."


def _city_en(zone: str, city: str, now: datetime) -> str:
    there = _there(zone, now)
    if there is None:
        return f"I have no time zone data for {city.title()}."
    return (
        f"In {city.title()} it's {there.hour}:{there.minute:02} on {WEEKDAYS_EN[there.weekday()]}."
    )


def _day_answer_en(day: date, of: Of, name: str, now: datetime) -> str:
    near = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}.get((day - now.date()).days)
    subject = (name and name[:1].upper() + name[1:]) or near or "That"
    match of:
        case Of.LUNAR:
            _, month, number, leap = lunar_of(day)
            return (
                f"{subject} is day {number} of {'leap ' * leap}month {month} of the Chinese calen"
                f"dar."
            )
        case Of.WEEK:
            year, week, _ = day.isocalendar()
            return f"{subject} is in week {week} of {year}."
        case Of.DAY_OF_YEAR:
            return f"{subject} is day {day.timetuple().tm_yday} of {day.year}."
        case Of.TERM | Of.NEXT_TERM:
            term, begins = _next_term(day - timedelta(days=1) if of is Of.TERM else day)
            return f"The next solar term is {term}, on {_day_en(begins)}."
    return f"{subject} is {_day_en(day)}."


def _days_en(first: date, last: date, name: str, now: datetime) -> str:
    days = (last - first).days
    if first != now.date():
        return f"From {_day_en(first)} to {_day_en(last)} it is {days} days."
    name = name[:1].upper() + name[1:]
    if days == 0:
        return f"{name} is today."
    when = f"{name} ({_day_en(last)})"
    return f"{days} days until {when}." if days > 0 else f"{when} was {-days} days ago."
