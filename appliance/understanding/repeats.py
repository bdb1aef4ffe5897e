"""What comes again: 每天, 工作日, 每周二和周四, 周一到周五, 每月一号, 每两小时, every other day."""

from __future__ import annotations

import re

from appliance.understanding.dates import _DAYS_ZH, date_at
from appliance.understanding.durations import duration_at
from appliance.understanding.numbers import number_at
from appliance.understanding.tokens import CalendarDay, Every, Except, Part, Repeat, Token

WORKDAYS = frozenset(range(5))
WEEKEND = frozenset((5, 6))
ALL_DAYS = frozenset(range(7))

_DAILY = re.compile(
    r"每一?天(?!气)|天天|每日|每个?(?=早上|晚上|上午|下午|中午|凌晨|早晨|清晨|傍晚)|日日"
)
_DAILY_PART = re.compile(r"每(?=[早晚夜])")
_WORKDAY = re.compile(r"(?:每逢?个?|在)?(?:工作日|上班日|上学日)(?:的?每天|都)?")
_WEEKEND = re.compile(
    r"(?:每逢?个?)(?:周末|双休日|星期六日)(?:的?每天|都)?|(?<!这)(?<!下)(?<!本)(?<!这个)(?<!上)周"
    r"末(?:每天|都|的?两天)"
)
_EVERY_WEEK = re.compile(r"每逢?(?:隔)?(?:一)?个?(?:周|星期|礼拜)(?:的)?|逢(?=周|星期|礼拜)")
_TWO_WEEKS = re.compile(r"(?:每?隔一?(?:周|个?星期)|每两(?:周|个?星期))的?(?=[周星礼])")
_NAME = r"(?:周|星期|礼拜)"
_DAY_SIGN = "[一二三四五六日天末]"
_LIST = re.compile(
    rf"{_NAME}?({_DAY_SIGN})(?:(?:,|和|跟|与|及|还有|以及|\s)*{_NAME}?({_DAY_SIGN})(?!点|个|月"
    rf"|十|分|时)(?!天)){{0,6}}"
)
_RANGE = re.compile(
    rf"(?:从)?{_NAME}?({_DAY_SIGN})(?:到|至|-|~)(?:每?{_NAME})?({_DAY_SIGN})(?!点|月|个)"
)
_WITH_NAMES = re.compile(
    rf"{_NAME}{_DAY_SIGN}(?:(?:,|和|跟|与|及|还有|以及|\s)*{_NAME}?{_DAY_SIGN}(?!点|个|月|十|分"
    rf"|时|天)){{1,6}}"
)
_MONTHLY = re.compile(r"每个?月的?")
_YEARLY = re.compile(r"每年的?")
_EVERY = re.compile(
    r"每间?隔?(?:上|个)?(?=[\d一二两三四五六七八九十半零个小秒分百])|每(?=小时|分钟|秒|个小时"
    r"|个钟头|半)|隔(?=[两三四五六七八九十\d])"
)
_OTHER_DAY = re.compile(r"每隔(?:一|1)天|隔(?:一|1)?天|每两天|每2天")
_EXCEPT = re.compile(
    rf"(?:除了?|除去)((?:周末|节假日|(?:{_NAME}{_DAY_SIGN}|和|,|、|以及|跟)+))(?:以外|之外"
    rf"|外)?(?:的?每天|,)?(?:都)?|((?:周末|{_NAME}{_DAY_SIGN})(?:和{_NAME}{_DAY_SIGN})?)(?:除外"
    rf"|不算|不用(?!叫|提醒|响|喊|闹))"
)

_EN_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_EN_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_EN_LIST = re.compile(
    rf"(?:every|each|on) ({_EN_DAY}s?(?:(?:,? and |, |,| )(?:every "
    rf"|on )?{_EN_DAY}s?){{0,6}})(?![a-z])|({_EN_DAY}s(?:(?:,? and |, "
    rf"| ){_EN_DAY}s?){{0,6}})(?![a-z])"
)
_EN_RANGE = re.compile(
    rf"(?:every |from )?({_EN_DAY}) (?:to|through|until|till) ({_EN_DAY})(?![a-z])"
)
_EN_DAILY = re.compile(r"(?:every ?day|each day|daily)(?![a-z])")
_EN_DAILY_PART = re.compile(r"(?:every|each) (morning|evening|night|afternoon)(?![a-z])")
_EN_WORKDAY = re.compile(
    r"(?:every |on |each )?(?:weekdays?|workdays?|working days?|work days?|school days?)(?![a-z])"
)
_EN_WEEKEND = re.compile(r"(?:every|each) weekend(?![a-z])|(?:on )?(?:the )?weekends(?![a-z])")
_EN_OTHER = re.compile(r"every (?:other|second) (day|week)(?![a-z])")
_EN_EVERY = re.compile(
    r"every (?=\d|an? |two|three|four|five|six|seven|eight|nine|ten|half|twenty|thirty|forty"
    r"|ninety|fifteen|zero|hour|minute|second)"
)
_EN_MONTHLY = re.compile(
    r"(?:every month|each month|monthly)(?: on)?(?: the (\d{1,2})(?:st|nd|rd|th)?)?(?![a-z])"
    r"|(?:on )?the (\d{1,2})(?:st|nd|rd|th)? of (?:every|each) month"
)
_EN_YEARLY = re.compile(r"(?:every year|yearly|annually|each year)(?: on)? ?(?:the )?")
_EN_EXCEPT = re.compile(
    rf"(?:except|but not|excluding)(?: for)?(?: on)?(?: the)? (weekends?|{_EN_DAY}s?(?:(?: and "
    rf"|, ){_EN_DAY}s?){{0,3}})(?![a-z])"
)
_EN_PARTS = {
    "morning": Part.MORNING,
    "evening": Part.EVENING,
    "night": Part.NIGHT,
    "afternoon": Part.AFTERNOON,
}


def days_between(first: int, last: int) -> frozenset[int]:
    """周五到周日: over the end of a week where need be."""
    return frozenset((first + i) % 7 for i in range((last - first) % 7 + 1))


def repeat_at(text: str, at: int) -> Token | None:
    """What repeats, or is left out, from `at` on."""
    if text[at].isascii():
        if at and text[at - 1].isascii() and text[at - 1].isalnum():
            return None
        return _english(text, at)
    return _except(text, at) or _weekly(text, at) or _other(text, at)


def _days_of(names: str) -> frozenset[int]:
    found: set[int] = set()
    for sign in re.findall(rf"{_NAME}?({_DAY_SIGN})", names.replace("周末", "末")):
        found |= WEEKEND if sign == "末" else {_DAYS_ZH[sign]}
    return frozenset(found)


def _except(text: str, at: int) -> Except | None:
    found = _EXCEPT.match(text, at)
    if found is None:
        return None
    named = found[1] or found[2]
    days = WEEKEND if "节假日" in named else _days_of(named)
    return Except(at, found.end(), days) if days else None


def _weekly(text: str, at: int) -> Repeat | None:
    if found := _TWO_WEEKS.match(text, at):
        listed = _LIST.match(text, found.end())
        if listed:
            return Repeat(at, listed.end(), Every.WEEK, _days_of(listed[0]), interval=2)
    if (found := _WORKDAY.match(text, at)) and not (
        found[0] == "工作日" and text[found.end() : found.end() + 1] in ("是", "有")
    ):
        return Repeat(at, found.end(), Every.WEEK, WORKDAYS)
    if found := _WEEKEND.match(text, at):
        return Repeat(at, found.end(), Every.WEEK, WEEKEND)
    every = _EVERY_WEEK.match(text, at)
    place = every.end() if every else at
    if (every or text.startswith(("周", "星期", "礼拜", "从周", "从星期"), at)) and (
        found := _RANGE.match(text, place)
    ):
        days = days_between(_DAYS_ZH[found[1]], _DAYS_ZH[found[2]])
        end = found.end()
        daily = re.compile("的?每天|都").match(text, end)
        return Repeat(at, daily.end() if daily else end, Every.WEEK, days)
    if every and not text.startswith(tuple("一二三四五六日天末"), place):
        return Repeat(at, place, Every.WEEK)
    if every is None:
        found = _WITH_NAMES.match(text, at)
        return Repeat(at, found.end(), Every.WEEK, _days_of(found[0])) if found else None
    if found := _LIST.match(text, place):
        return Repeat(at, found.end(), Every.WEEK, _days_of(found[0]))
    return None


def _other(text: str, at: int) -> Repeat | None:
    if found := _OTHER_DAY.match(text, at):
        return Repeat(at, found.end(), Every.DAY, interval=2)
    if found := _DAILY.match(text, at) or _DAILY_PART.match(text, at):
        return Repeat(at, found.end(), Every.DAY)
    if found := _MONTHLY.match(text, at):
        return _monthly(text, at, found.end())
    if found := _YEARLY.match(text, at):
        day = date_at(text, found.end()) if found.end() < len(text) else None
        if isinstance(day, CalendarDay) and day.month:
            return Repeat(at, day.end, Every.YEAR, day=day.day, month=day.month)
        return None
    return _spans(text, at)


def _monthly(text: str, at: int, place: int) -> Repeat | None:
    if last := re.compile("(?:月底|最后一天|底)").match(text, place):
        return Repeat(at, last.end(), Every.MONTH, day=-1)
    number = number_at(text, place, ratio=False)
    if number is None or not number.whole or text[number.end : number.end + 1] not in ("号", "日"):
        return Repeat(at, place, Every.MONTH)
    return Repeat(at, number.end + 1, Every.MONTH, day=min(max(int(number.value), 0), 99))


def _spans(text: str, at: int) -> Repeat | None:
    """每两小时, 每隔半小时, 每小时, 每三天"""
    found = _EVERY.match(text, at)
    if found is None:
        return None
    one = re.compile("个?(?:小时|钟头)|分钟|秒钟?").match(text, found.end())
    if one:
        worth = 3600 if one[0][-1] in "时头" else 60 if one[0][0] == "分" else 1
        return Repeat(at, one.end(), Every.SPAN, interval=worth)
    span = duration_at(text, found.end())
    if span is None:
        return None
    end = span.end
    if span.months:
        return None
    if span.days:
        return Repeat(at, end, Every.DAY, interval=span.days)
    return Repeat(at, end, Every.SPAN, interval=span.seconds)


# ------------------------------------------------------------ English


def _english_days(names: str) -> frozenset[int]:
    return frozenset(i for i, day in enumerate(_EN_DAYS) if day in names)


def _english(text: str, at: int) -> Token | None:
    if found := _EN_EXCEPT.match(text, at):
        days = WEEKEND if "weekend" in found[1] else _english_days(found[1])
        return Except(at, found.end(), days)
    if found := _EN_RANGE.match(text, at):
        first, last = _EN_DAYS.index(found[1]), _EN_DAYS.index(found[2])
        return Repeat(at, found.end(), Every.WEEK, days_between(first, last))
    if found := _EN_DAILY_PART.match(text, at):
        return Repeat(at, found.end(), Every.DAY, part=_EN_PARTS[found[1]])
    if found := _EN_DAILY.match(text, at):
        return Repeat(at, found.end(), Every.DAY)
    if found := _EN_WORKDAY.match(text, at):
        return Repeat(at, found.end(), Every.WEEK, WORKDAYS)
    if found := _EN_WEEKEND.match(text, at):
        return Repeat(at, found.end(), Every.WEEK, WEEKEND)
    return _english_list(text, at) or _english_other(text, at)


def _english_list(text: str, at: int) -> Repeat | None:
    found = _EN_LIST.match(text, at)
    if found is None:
        return None
    several = found[2] or "s" in (found[1] or "").replace("day", "day")[-1:] or " and " in found[0]
    if found[0].startswith("on ") and not several:
        return None
    return Repeat(at, found.end(), Every.WEEK, _english_days(found[0]))


def _english_other(text: str, at: int) -> Repeat | None:
    if found := _EN_OTHER.match(text, at):
        if found[1] == "day":
            return Repeat(at, found.end(), Every.DAY, interval=2)
        return None
    if found := _EN_MONTHLY.match(text, at):
        day = found[1] or found[2]
        return Repeat(at, found.end(), Every.MONTH, day=int(day)) if day else None
    if found := _EN_YEARLY.match(text, at):
        day_token = date_at(text, found.end()) if found.end() < len(text) else None
        if isinstance(day_token, CalendarDay) and day_token.month:
            end = day_token.end
            return Repeat(at, end, Every.YEAR, day=day_token.day, month=day_token.month)
        return None
    if found := _EN_EVERY.match(text, at):
        one = re.compile("(hour|minute|second)(?![a-z])").match(text, found.end())
        if one:
            worth = {"hour": 3600, "minute": 60, "second": 1}[one[1]]
            return Repeat(at, one.end(), Every.SPAN, interval=worth)
        span = duration_at(text, found.end())
        if span and not span.months:
            if span.days:
                return Repeat(at, span.end, Every.DAY, interval=span.days)
            return Repeat(at, span.end, Every.SPAN, interval=span.seconds)
    return None
