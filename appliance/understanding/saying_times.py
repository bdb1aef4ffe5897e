"""Times said back: 明天（周三）7:30, 每个工作日6:50, 1小时30分钟; the same in English."""

from __future__ import annotations

from datetime import date, datetime, time

from appliance.understanding.recurrence import Recurrence
from appliance.understanding.tokens import Every

WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_NEAR_ZH = {0: "今天", 1: "明天", 2: "后天", -1: "昨天"}
_NEAR_EN = {0: "today", 1: "tomorrow", -1: "yesterday"}
_HOURS_ZH = "零一二三四五六七八九十"
_UNITS = ((86400, "天", "day"), (3600, "小时", "hour"), (60, "分钟", "minute"), (1, "秒", "second"))


def say_duration(seconds: int, language: str) -> str:
    """1小时30分钟, 1 hour and 30 minutes; "0秒" of nothing."""
    parts = []
    for worth, zh, en in _UNITS:
        count, seconds = divmod(seconds, worth)
        if count:
            parts.append(
                f"{count}{zh}" if language != "en" else f"{count} {en}{'s' * (count != 1)}"
            )
    if language == "en":
        return " and ".join(parts) or "0 seconds"
    return "".join(parts) or "0秒"


def say_time(at: time | datetime) -> str:
    """7:30; with seconds only where there are some."""
    seconds = f":{at.second:02}" if at.second else ""
    return f"{at.hour}:{at.minute:02}{seconds}"


def say_day(day: date, now: datetime | None, language: str, weekday: bool = True) -> str:
    """明天（周三）, 12月2日（周三）; another year is named."""
    near = (day - now.date()).days if now else None
    if language == "en":
        name = _NEAR_EN.get(near) if near is not None else None
        of = name or f"{MONTHS_EN[day.month - 1]} {day.day}" + _year(day, now, ", {}")
        return f"{of} ({WEEKDAYS_EN[day.weekday()][:3]})" if weekday else of
    name = _NEAR_ZH.get(near) if near is not None else None
    of = name or _year(day, now, "{}年") + f"{day.month}月{day.day}日"
    return f"{of}（周{WEEKDAYS_ZH[day.weekday()]}）" if weekday else of


def _year(day: date, now: datetime | None, form: str) -> str:
    return "" if now is not None and day.year == now.year else form.format(day.year)


def say_moment(moment: datetime, now: datetime | None, language: str, spoken: bool = False) -> str:
    """明天（周三）7:30; today by its time alone. `spoken`: 明早七点半, as people ask it."""
    if language == "en":
        return f"{say_day(moment.date(), now, language)} {say_time(moment)}"
    if spoken:
        return _spoken(moment, now)
    if now is not None and moment.date() == now.date():
        return f"今天{say_time(moment)}"
    return f"{say_day(moment.date(), now, language)}{say_time(moment)}"


def _spoken(moment: datetime, now: datetime | None) -> str:
    near = (moment.date() - now.date()).days if now else None
    part, hour = _part(moment)
    if near in (0, 1) and part in ("早上", "晚上"):
        day = ("今" if near == 0 else "明") + part[0]
    else:
        name = _NEAR_ZH.get(near) if near is not None else None
        day = (name or say_day(moment.date(), now, "zh")) + part
    return f"{day}{_hanzi(hour)}点" + _minutes(moment.minute)


def _part(moment: datetime) -> tuple[str, int]:
    hour = moment.hour
    if hour < 5:
        return "凌晨", hour
    if hour < 12:
        return ("早上" if hour < 10 else "上午"), hour
    if hour < 13:
        return "中午", hour
    return ("下午" if hour < 18 else "晚上"), hour - 12


def _minutes(minute: int) -> str:
    if minute == 30:
        return "半"
    return ("零" if 0 < minute < 10 else "") + _hanzi(minute) + "分" if minute else ""


def _hanzi(number: int) -> str:
    if number == 2:
        return "两"
    tens, ones = divmod(number, 10)
    if not tens:
        return _HOURS_ZH[ones]
    return (_HOURS_ZH[tens] if tens > 1 else "") + "十" + (_HOURS_ZH[ones] if ones else "")


def say_weekdays(days: frozenset[int], language: str) -> str:
    """工作日, 周末, 周二、周四"""
    if language == "en":
        if days == frozenset(range(5)):
            return "weekday"
        names = [WEEKDAYS_EN[day] for day in sorted(days)]
        return "weekend day" if days == frozenset((5, 6)) else " and ".join(names)
    if days == frozenset(range(5)):
        return "工作日"
    return (
        "周末"
        if days == frozenset((5, 6))
        else "、".join(f"周{WEEKDAYS_ZH[d]}" for d in sorted(days))
    )


def say_rule(rule: Recurrence, language: str) -> str:
    """每个工作日6:50, every Tuesday and Thursday 9:00"""
    at = say_time(rule.at) if rule.at else ""
    if language == "en":
        return f"{_rule_en(rule)} {at}".strip()
    return _rule_zh(rule) + at


def _rule_zh(rule: Recurrence) -> str:
    many = rule.interval
    match rule.every:
        case Every.SPAN:
            return f"每隔{say_duration(many, 'zh')}"
        case Every.DAY:
            return "每天" if many == 1 else f"每{many}天"
        case Every.WEEK:
            named = say_weekdays(rule.days, "zh")
            if many > 1:
                return f"每{many}周的{named}"
            return (
                "每天"
                if len(rule.days) == 7
                else f"每个{named}"
                if named in ("工作日", "周末")
                else f"每{named}"
            )
        case Every.MONTH:
            return "每月" + ("最后一天" if rule.day == -1 else f"{rule.day}号")
    return f"每年{rule.month}月{rule.day}日"


def _rule_en(rule: Recurrence) -> str:
    many = rule.interval
    match rule.every:
        case Every.SPAN:
            return f"every {say_duration(many, 'en')}"
        case Every.DAY:
            return "every day" if many == 1 else f"every {many} days"
        case Every.WEEK:
            named = say_weekdays(rule.days, "en")
            of = f"every {many} weeks on " if many > 1 else "every "
            return "every day" if len(rule.days) == 7 and many == 1 else of + named
        case Every.MONTH:
            return (
                "every month on the last day"
                if rule.day == -1
                else f"every month on day {rule.day}"
            )
    return f"every year on {MONTHS_EN[rule.month - 1]} {rule.day}"
