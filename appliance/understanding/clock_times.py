"""Times of day: 早上七点半, 差五分八点, 中午十二点一刻, 19:30, half past seven, noon."""

from __future__ import annotations

import re

from appliance.understanding.numbers import number_at
from appliance.understanding.tokens import Clock, Number, Part, PartOfDay, Token

_PARTS_ZH = {
    Part.DAWN: "凌晨 拂晓 黎明 天没亮 大半夜",
    Part.MORNING: "大清早 一大早 一早 清早 大早上 大早晨 清晨 早晨 早上 早间 上午",
    Part.NOON: "中午 正午 午间 晌午 大中午",
    Part.AFTERNOON: "下午 午后",
    Part.EVENING: "傍晚 黄昏 大晚上 晚上 晚间 晚饭后",
    Part.NIGHT: "半夜三更 三更半夜 后半夜 下半夜 半夜 深夜 夜里 夜晚 夜间 午夜 深更半夜",
}
_PARTS = {name: part for part, names in _PARTS_ZH.items() for name in names.split()}
_PARTS |= {"早": Part.MORNING, "晚": Part.EVENING, "夜": Part.NIGHT}
_PARTS_EN = {
    **{"in the morning": Part.MORNING, "this morning": Part.MORNING, "morning": Part.MORNING},
    **{"in the afternoon": Part.AFTERNOON, "this afternoon": Part.AFTERNOON},
    **{"afternoon": Part.AFTERNOON, "at night": Part.NIGHT, "night": Part.NIGHT},
    **{"in the evening": Part.EVENING, "this evening": Part.EVENING, "evening": Part.EVENING},
}
_PART = re.compile("|".join(sorted((n for n in _PARTS if len(n) > 1), key=len, reverse=True)))
_SHORT_PART = re.compile(r"(?<!早)[早晚](?=[\d零一二两三四五六七八九十]{1,3}\s?[点:])")
_LONE_PART = re.compile(r"(?<!早)[早晚夜][里间上]?(?!晚|饭|餐|会|班|课|报|安|恋|自习)")
_PART_EN = re.compile("|".join(sorted(_PARTS_EN, key=len, reverse=True)) + r"(?![a-z])")
_NAMED = re.compile(r"(?:at )?(noon|midday|midnight)(?![a-z])")

_DIGITAL = re.compile(
    r"(\d{1,2})(?:\s?:\s?|点)(\d{2})(?:\s?:\s?(\d{2}))?分?(?:\s?([ap])\.?m\.?(?![a-z]))?(?![\d:])",
    re.ASCII,
)
_AMPM = re.compile(r"(\d{1,2})(?:[ .](\d{2}))?\s?([ap])\.?m\b\.?", re.ASCII)
_O_CLOCK = re.compile(r"\s?o'?\s?clock(?![a-z])")
_AMPM_AFTER = re.compile(r"\s?([ap])\.?m\b\.?")
_PAST = re.compile(r"(?:a )?(half|quarter) (past|to) |(?:at )?")
_AT = re.compile(r"(?:^|\s)(?:at|by|around|about|for|until|till|to) $")
_GOES_ON = re.compile(
    r"[\d:.%]\d|\s?(?:o'?\s?clock|[ap]\.?m\b|%|percent|degrees|(?:minute|hour|second|day|week"
    r"|month|year|time|people|mile|dollar)s?\b)|[a-z]|[ -](?:oh|thirty|fifteen|forty|twenty|ten"
    r"|fifty|five|one|eleven|twelve|hundred)\b"
)
_MINUTES_EN = re.compile(r" (?:minutes? )?(past|to|before|after) ")

# 三点意见 are points, 快一点 is a little faster.
_NO_CLOCK_AFTER = re.compile(
    r"原因|建议|意见|要求|理由|好处|注意|区别|不同|共识|启示|看法|声明|内容|问题|优点|缺点|特点"
    r"|钱|水(?!开)|吃的|儿"
)
_A_LITTLE_BEFORE = frozenset("大小快慢早晚高低多少好亮暗响轻重有差近远长短热冷松紧点细粗声音意")
_A_LITTLE_AFTER = frozenset("儿也都不没点声吧,.!?")
_TAIL = re.compile(
    r"钟?整|钟|多(?=叫|提醒)|半钟?|一刻钟?|三刻钟?|[1３3]刻钟?|过?([一二两三四五六七八九十\d]{1,3"
    r"})刻钟?"
)
_TO = re.compile(r"差(?=[\d一二三四五六七八九十两])")


def clock_at(text: str, at: int) -> Token | None:
    """The time of day that begins at `at`, or the part of the day alone."""
    if text[at].isascii():
        if at and text[at].isalnum() and text[at - 1].isascii() and text[at - 1].isalnum():
            return None
        found = _english(text, at)
        if found:
            return found
    part, place = _part(text, at)
    clock = _clock(text, place, part)
    if clock is None and part is not None and place > at:
        if text[at:place] in ("正午",):
            return Clock(at, place, 12, exact=True)
        if text[at:place] == "午夜":
            return Clock(at, place, 24, part=Part.NIGHT, exact=True)
        return PartOfDay(at, place, part)
    return clock and _placed(clock, at)


def _placed(clock: Clock, at: int) -> Clock:
    return Clock(at, clock.end, clock.hour, clock.minute, clock.second, clock.part, clock.exact)


def _part(text: str, at: int) -> tuple[Part | None, int]:
    if found := _PART.match(text, at) or _SHORT_PART.match(text, at) or _of_that_day(text, at):
        end = found.end()
        # 早上的七点, 晚上大概八点
        glue = re.compile(r"的|\s|大概|大约|差不多|,(?=\d)").match(text, end)
        if glue and _clock(text, glue.end(), None):
            end = glue.end()
        return _PARTS[found[0][:1] if found[0][0] in "早晚夜" else found[0]], end
    return None, at


def _of_that_day(text: str, at: int) -> re.Match[str] | None:
    """今早, 明晚, 每晚: one sign is enough behind its day."""
    return _LONE_PART.match(text, at) if at and text[at - 1] in "今明后昨每当" else None


def _clock(text: str, at: int, part: Part | None) -> Clock | None:
    """From the hour on."""
    if at >= len(text):
        return None
    if found := _TO.match(text, at):
        return _to_the_hour(text, found.end(), part)
    if found := _DIGITAL.match(text, at):
        return _digital(found, part)
    hour = number_at(text, at, ratio=False) if not text.startswith("半", at) else None
    if hour is None or hour.ordinal or hour.approximate or hour.value < 0 or hour.value > 99:
        return None
    if not hour.whole:
        return _read_as_decimal(text, hour, part)
    if hour.spelled and len(text[hour.start : hour.end]) > 2:
        return None
    return _from_hour(text, hour, part)


def _from_hour(text: str, hour: Number, part: Part | None) -> Clock | None:
    place = hour.end
    if text.startswith("点", place):
        if part is None and _no_clock(text, hour):
            return None
        place += 1
    elif text.startswith("时", place) and not re.compile("时[间候刻期代常差光装]").match(
        text, place
    ):
        place += 1
    else:
        return None
    minute, second, end = _minutes(text, place)
    if minute is None:
        return None
    return Clock(hour.start, end, int(hour.value), minute, second, part, _exact(hour, text))


def _exact(hour: Number, text: str) -> bool:
    return hour.value > 12 or hour.value == 0


def _no_clock(text: str, hour: Number) -> bool:
    after = hour.end + 1
    if _NO_CLOCK_AFTER.match(text, after):
        return True
    if text[hour.start : hour.end] != "一":
        return False
    before = text[hour.start - 1 : hour.start]
    return before in _A_LITTLE_BEFORE or (
        text[after : after + 1] in _A_LITTLE_AFTER and before != ""
    )


def _minutes(text: str, at: int) -> tuple[int | None, int, int]:
    """What stands behind 七点: minute, second, end. Minute None: this is no time of day."""
    if found := re.compile("半钟?(?!个|小时|天|年)").match(text, at):
        return 30, 0, found.end()
    if found := re.compile(r"过?([一二两三123])刻钟?").match(text, at):
        quarters = {"一": 1, "1": 1, "二": 2, "两": 2, "2": 2, "三": 3, "3": 3}[found[1]]
        return 15 * quarters, 0, found.end()
    if found := re.compile("钟?整|钟").match(text, at):
        return 0, 0, found.end()
    if found := re.compile("差[一1]刻钟?").match(text, at):
        return -15, 0, found.end()
    if found := re.compile("差").match(text, at):
        minutes = number_at(text, at + 1)
        if minutes and minutes.whole and text.startswith("分", minutes.end) and minutes.value < 60:
            end = minutes.end + 1 + text.startswith("钟", minutes.end + 1)
            return -int(minutes.value), 0, end
        return 0, 0, at
    place = at + text.startswith("过", at)
    minutes = number_at(text, place, ratio=False)
    if minutes is None or not minutes.whole or minutes.ordinal:
        return 0, 0, at
    unit = re.compile("分钟?(?!之)").match(text, minutes.end)
    if unit:
        seconds = number_at(text, unit.end())
        if seconds and seconds.whole and text.startswith("秒", seconds.end):
            return min(int(minutes.value), 99), min(int(seconds.value), 99), seconds.end + 1
        return min(int(minutes.value), 99), 0, unit.end()
    said = text[minutes.start : minutes.end]
    if len(said) >= 2 and minutes.value < 60 and not _measured(text, minutes.end):
        return int(minutes.value), 0, minutes.end
    # 三点五 is a number; 八点二 as well.
    return (None, 0, at) if len(said) == 1 and not _measured(text, minutes.end) else (0, 0, at)


def _measured(text: str, at: int) -> bool:
    """Something is counted here: the number belongs to it."""
    return text[at : at + 1] in frozenset("个次人块元岁米斤名位条件号月日点") and bool(text[at:])


def _read_as_decimal(text: str, hour: Number, part: Part | None) -> Clock | None:
    """七点零五, 八点一刻 whose digits were read as decimals."""
    said = text[hour.start : hour.end]
    _, point, decimals = said.partition("点")
    if not point or "." in said:
        return None
    end = hour.end
    minute = number_at(decimals, 0)
    if minute is None or minute.end != len(decimals):
        return None
    unit = re.compile("刻钟?|分钟?").match(text, end)
    if unit:
        value = int(minute.value) * (15 if unit[0][0] == "刻" else 1)
        return Clock(
            hour.start, unit.end(), int(hour.value), value, part=part, exact=hour.value > 13
        )
    if len(decimals) == 2 and decimals[0] in "零〇":
        return Clock(
            hour.start, end, int(hour.value), int(minute.value), part=part, exact=hour.value > 13
        )
    return None


def _to_the_hour(text: str, at: int, part: Part | None) -> Clock | None:
    """差五分八点, 差一刻八点"""
    if found := re.compile("[一1]刻钟?(?:就|到)?").match(text, at):
        minutes, place = 15, found.end()
    else:
        number = number_at(text, at)
        if number is None or not number.whole or not 0 < number.value < 60:
            return None
        unit = re.compile("分钟?(?:就|到)?").match(text, number.end)
        if unit is None:
            return None
        minutes, place = int(number.value), unit.end()
    clock = _clock(text, place, part)
    if clock is None or clock.minute:
        return None
    return Clock(at - 1, clock.end, clock.hour, -minutes, 0, clock.part, clock.exact)


def _digital(found: re.Match[str], part: Part | None) -> Clock:
    hour, minute = int(found[1]), int(found[2])
    half = found[4]
    exact = hour > 12 or hour == 0 or (len(found[1]) == 2 and found[1][0] == "0") or bool(half)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0) if hour <= 12 else hour
    exact = exact and (part is None or bool(half))
    return Clock(found.start(), found.end(), hour, minute, int(found[3] or 0), part, exact)


# ------------------------------------------------------------ English


def _english(text: str, at: int) -> Token | None:
    if found := _NAMED.match(text, at):
        return Clock(at, found.end(), 24 if found[1] == "midnight" else 12, exact=True)
    if found := _PART_EN.match(text, at):
        return PartOfDay(at, found.end(), _PARTS_EN[found[0]])
    clock = _english_clock(text, at)
    if clock is None:
        return None
    trailing = re.compile(r"\s").match(text, clock.end)
    if clock.part is None and not clock.exact and trailing:
        named = _PART_EN.match(text, trailing.end())
        if named and named[0] not in ("morning", "evening", "afternoon", "night"):
            part = _PARTS_EN[named[0]]
            return Clock(at, named.end(), clock.hour, clock.minute, clock.second, part)
    return clock


def _english_clock(text: str, at: int) -> Clock | None:
    if found := _AMPM.match(text, at):
        return _half_day(at, found.end(), int(found[1]), int(found[2] or 0), found[3])
    if found := _DIGITAL.match(text, at):
        return _digital(found, None)
    if (found := _PAST.match(text, at)) and found[1]:
        minutes = 30 if found[1] == "half" else 15
        hour = number_at(text, found.end(), ratio=False)
        return _with_hour(text, at, hour, minutes if found[2] == "past" else -minutes)
    number = number_at(text, at, ratio=False)
    if number is None or not number.whole or number.ordinal or not 0 <= number.value < 60:
        return None
    if found := _MINUTES_EN.match(text, number.end):
        sign = 1 if found[1] in ("past", "after") else -1
        hour = number_at(text, found.end(), ratio=False)
        if hour is not None:
            return _with_hour(text, at, hour, sign * int(number.value))
    if _at_hour(text, at, number):
        return Clock(at, number.end, int(number.value), exact=number.value > 12)
    if number.value > 24 or text[at].isdecimal():
        if found := _O_CLOCK.match(text, number.end):
            return _with_hour(text, at, number, 0, found.end())
        return None
    return _words(text, at, number)


def _at_hour(text: str, at: int, number: Number) -> bool:
    """at seven, by 7, and nothing is counted."""
    if not _AT.search(text[max(0, at - 7) : at]) or not 1 <= number.value <= 24:
        return False
    return not _GOES_ON.match(text, number.end)


def _words(text: str, at: int, hour: Number) -> Clock | None:
    """seven o'clock, seven thirty, seven am, seven oh five"""
    if found := _O_CLOCK.match(text, hour.end):
        return _with_hour(text, at, hour, 0, found.end())
    if found := _AMPM_AFTER.match(text, hour.end):
        return _half_day(at, found.end(), int(hour.value), 0, found[1])
    place = hour.end + 1
    oh = re.compile(r"(?:oh|o) ").match(text, place)
    minute = (
        number_at(text, oh.end() if oh else place, ratio=False)
        if text[hour.end : place] in (" ", "-")
        else None
    )
    if minute and minute.whole and (minute.value >= 10 or oh) and minute.value < 60:
        if re.compile(r" (?:minutes?|hours?|seconds?|days?|times?)").match(text, minute.end):
            return None
        if found := _AMPM_AFTER.match(text, minute.end):
            return _half_day(at, found.end(), int(hour.value), int(minute.value), found[1])
        return Clock(at, minute.end, int(hour.value), int(minute.value))
    return None


def _with_hour(text: str, at: int, hour: Number | None, minute: int, end: int = 0) -> Clock | None:
    if hour is None or not hour.whole or hour.value > 24:
        return None
    end = end or hour.end
    if found := _O_CLOCK.match(text, end):
        end = found.end()
    value = int(hour.value)
    if found := _AMPM_AFTER.match(text, end):
        return _half_day(at, found.end(), value, minute, found[1])
    return Clock(at, end, value, minute, exact=value > 12)


def _half_day(at: int, end: int, hour: int, minute: int, half: str) -> Clock:
    if 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return Clock(at, end, hour, minute, exact=True)
