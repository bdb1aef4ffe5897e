"""明天星期几, 离春节还有多少天, 纽约几点了: one sentence to one question, or to none."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache

from appliance.understanding.calendar.cities import CITY_EN, CITY_ZH, ZONES
from appliance.understanding.calendar.questions import (
    Day,
    DaysBetween,
    FreeDays,
    Of,
    Question,
    Time,
    Unknown,
    Unset,
    Year,
    intent_of,
)
from appliance.understanding.courtesies import bare
from appliance.understanding.days import NoSuchDayError, day_of
from appliance.understanding.numbers import number_at
from appliance.understanding.sketches import AGO, CLASH, WHEN, Sketch
from appliance.understanding.tokens import (
    After,
    Before,
    DateToken,
    DayOffset,
    Festival,
    LunarDay,
    PartOfDay,
    Token,
)

_TELL = (
    r"(?:告诉我|说一?下|说说|报一?下|报个?|看一?下|看看|查一?下|算一?下|问一?下|知道|你知道"
    r"|我想知道|,)*"
)
_NOW = r"(?:现在|此刻|当前|这会儿|目前|眼下)"
_IS = r"(?:是|到|的日期是|的日子是|那天是|那天|那一天|就是|又是|在|具体是|应该是|会是)*"
_WHICH = (
    r"(?:(?:的)?(?:日期|几月几[号日]|几[号日]|多少号|星期几|礼拜几|周几|哪一?天|哪一?日|几月份?"
    r"|什么日子|何年何月|哪年|周末吗)(?:,|和|是|还有|、)*)+"
)
_HOW_LONG = (
    r"(?:多少天|几天|多久|多长时间|多少日子|几日|多少个?(?:星期|礼拜|月)|几个?(?:星期|礼拜|月)"
    r"|多少周)"
)
_LEFT = r"(?:还有|还剩下?|还差|还要|有|剩下?|差)"
_DAY = f"[{WHEN}{AGO}]"
_YEAR = (
    r"(?P<year>今年|明年|后年|去年|前年|大前年|\d{4}年|[零〇一二三四五六七八九]{4}年|公元\d{1,4}年)"
)
_YEARS = {"今年": 0, "明年": 1, "后年": 2, "去年": -1, "前年": -2, "大前年": -3}

Ask = Callable[["_Match"], Question | None]


class _Match:
    """A rule's match in a drawing, said at `now`."""

    def __init__(self, drawing: Sketch, found: re.Match[str], now: datetime) -> None:
        self.drawing, self.found, self.now = drawing, found, now
        self.groups = found.groupdict()
        self._day = "day2" if self.groups.get("day2") else "day"

    def _token(self) -> DateToken | None:
        """The date a sign stands for; None where it is more than a date."""
        if not self.groups.get(self._day):
            return None
        return _date_of(self.drawing.tokens[self.found.start(self._day)])

    def day(self, default: bool = True) -> date | None:
        """The day, today where `default` and none is named; None where it is more than a day.

        Raises:
            NoSuchDayError: there is none such.
        """
        token = self._token()
        if token is None:
            return self.now.date() if default and not self.groups.get(self._day) else None
        return day_of(token, self.now.date())

    def words(self) -> str:
        """The day as it was said."""
        return self.drawing.words(*self.found.span(self._day))

    def name(self) -> str:
        """What the day is called, where that says more than its date."""
        return self.words() if isinstance(self._token(), Festival | LunarDay) else ""

    def year(self) -> int:
        said = self.groups.get("year") or "今年"
        if said in _YEARS:
            return self.now.year + _YEARS[said]
        number = number_at(said.removeprefix("公元"), 0, ratio=False)
        return int(number.value) if number else self.now.year


def _date_of(tokens: tuple[Token, ...]) -> DateToken | None:
    dates = [token for token in tokens if isinstance(token, DateToken)]
    others = [token for token in tokens if not isinstance(token, DateToken)]
    if len(dates) == 1 and all(isinstance(t, PartOfDay) for t in others):
        return dates[0]
    if not dates and len(others) == 1:
        only = others[0]
        if isinstance(only, After | Before) and only.span.days is not None:
            sign = -1 if isinstance(only, Before) else 1
            return DayOffset(only.start, only.end, sign * only.span.days)
    return None


def _time(_match: _Match) -> Question:
    return Time()


def _city(match: _Match) -> Question:
    name = match.groups["city"]
    return Time(ZONES[name], name)


def _date(match: _Match) -> Question | None:
    day = match.day()
    return Day(day, Of.DATE, match.name()) if day else None


def _festival(match: _Match) -> Question | None:
    """何时: only days that have a name are asked for so."""
    return _date(match) if match.name() else None


def _of(of: Of) -> Ask:
    def ask(match: _Match) -> Question | None:
        day = match.day()
        return Day(day, of, match.name()) if day else None

    return ask


def _until(match: _Match) -> Question | None:
    day = match.day(default=False)
    if day is None:
        return None
    return DaysBetween(match.now.date(), day, match.words())


def _between(match: _Match) -> Question | None:
    """从十月一号到元旦: two dates that contradict each other are a stretch."""
    tokens = match.drawing.tokens[match.found.start("both")]
    if len(tokens) != 2:
        return None
    first, last = (_date_of((token,)) for token in tokens)
    if first is None or last is None:
        return None
    begin = day_of(first, match.now.date())
    end = day_of(last, match.now.date())
    if end < begin:
        end = day_of(last, begin)
    return DaysBetween(begin, end)


def _rest_of_year(match: _Match) -> Question:
    return DaysBetween(match.now.date(), date(match.now.year, 12, 31), "今年年底")


def _year(match: _Match) -> Question:
    return Year(match.year())


def _zodiac(match: _Match) -> Question | None:
    year = match.year()
    return Year(year, zodiac=True) if 0 < year < 10000 else None


def _free(match: _Match) -> Question | None:
    day = match.day(default=False)
    return FreeDays(day, match.name()) if day and match.name() else None


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Ask], ...]:
    return tuple(
        (re.compile(rule), ask)
        for rule, ask in (
            (
                rf"{_TELL}(?:{_NOW})?(?:是|的)?(?:北京)?(?:时间)?(?:是|到了?)?(?:几点几分|几点钟?"
                rf"|什么时间|多少点|几时)(?:几分)?了?",
                _time,
            ),
            (
                rf"{_TELL}(?:{_NOW}(?:的)?(?:北京)?时间|(?:北京)?时间|报时|{_NOW}(?:是)?什么时候"
                rf"|当前时间|几点)(?:是多少)?",
                _time,
            ),
            (
                rf"{_TELL}(?:{_NOW})?(?:的)?(?P<city>{CITY_ZH})(?:那边|当地|那里"
                rf"|市)?(?:的)?(?:{_NOW}|今天)?(?:的)?(?:当地)?(?:时间)?(?:是|到)?(?:几点钟?"
                rf"|什么时间|多少点|几点几分|早上还是晚上|多少)了?",
                _city,
            ),
            (rf"{_TELL}(?:{_NOW})?(?P<city>{CITY_ZH})(?:{_NOW}(?:的)?)?(?:当地)?时间", _city),
            (rf"{_TELL}(?P<day>{_DAY}){_IS}{_WHICH}", _date),
            (rf"{_TELL}(?:{_NOW}|今儿个?)?(?:是|的)?{_WHICH}", _date),
            (
                rf"{_TELL}(?:哪一?天|几月几号|几号|什么时候|啥时候|何时)(?:是|过"
                rf"|到)(?P<day>{WHEN})",
                _festival,
            ),
            (
                rf"{_TELL}(?P<day>{WHEN})(?:是|在)?(?:什么时候|啥时候|何时|哪个日子|哪一天过)",
                _festival,
            ),
            (
                rf"{_TELL}(?:{_NOW}|{WHEN})?(?:距离|距|离|到)(?P<day>{WHEN}){_LEFT}?{_HOW_LONG}",
                _until,
            ),
            (rf"{_TELL}(?P<day>{WHEN}){_LEFT}{_HOW_LONG}(?:才到|到|到来|来)?", _until),
            (
                rf"{_TELL}{_LEFT}?{_HOW_LONG}(?:以后|之后|后)?(?:就|才)?(?:到|是|过|就是|能过"
                rf"|放)?(?P<day>{WHEN})",
                _until,
            ),
            (
                rf"{_TELL}(?:距离|距|离)?(?P<day>{WHEN})(?:到今天|到现在|已经)*(?:过去"
                rf"|过)(?:了)?(?:已经)?{_HOW_LONG}",
                _until,
            ),
            (
                rf"{_TELL}(?:从)?(?P<both>{CLASH})(?:一共|总共|之间|中间|相隔|相差|隔|差)*(?:有"
                rf"|是)?{_HOW_LONG}",
                _between,
            ),
            (
                rf"{_TELL}(?:离|到|距离?)?(?:今年(?:的)?(?:年底|结束|过完)?"
                rf"|年底){_LEFT}{_HOW_LONG}(?:结束)?",
                _rest_of_year,
            ),
            (
                rf"{_TELL}(?:(?P<day>{_DAY})|{_NOW})?(?:是|在)?(?:今年|本年|全年|一年)?(?:的"
                rf"|里)?第几个?(?:周|星期|礼拜)",
                _of(Of.WEEK),
            ),
            (
                rf"{_TELL}(?:(?P<day>{_DAY})|{_NOW})?(?:是|在)?(?:今年|本年|全年|一年)(?:的"
                rf"|里)?第几天",
                _of(Of.DAY_OF_YEAR),
            ),
            (
                rf"{_TELL}(?:(?P<day>{_DAY})|{_NOW})?(?:是|的)?(?:农历|阴历|旧历|老历)(?:的)?(?:是"
                rf"|日期是)?(?:几月几[号日]?|几月初几|几[号日]|多少号?|什么日子|哪一?天|日期|初几"
                rf"|几月几|怎么说|什么时候|几)",
                _of(Of.LUNAR),
            ),
            (
                rf"{_TELL}(?:(?P<day>{_DAY})|{_NOW})?(?:是|到了?|属于)*(?:什么|哪个|哪一个|啥)节气",
                _of(Of.TERM),
            ),
            (
                rf"{_TELL}(?:下一?个|接下来的?|最近的?一?个?|下面一?个)节气(?:是|在)?(?:什么|哪个"
                rf"|哪一?个|哪一?天|什么时候|几号|啥)(?:节气)?",
                _of(Of.NEXT_TERM),
            ),
            (
                rf"{_TELL}{_YEAR}(?:是|的)?(?:哪一?年|几几年|多少年|公元哪年|公元多少年"
                rf"|公历哪一?年|什么年份|哪个年份)",
                _year,
            ),
            (
                rf"{_TELL}{_YEAR}(?:出生|生)?(?:的人?|的孩子|的宝宝)?(?:是)?(?:属什么|属啥|什么生肖"
                rf"|什么属相|哪个生肖|生肖(?:是)?(?:什么|哪个)?|属相(?:是)?什么|什么年"
                rf"|农历什么年)(?:的)?",
                _zodiac,
            ),
            (
                rf"{_TELL}(?P<day>{WHEN})(?:是|要|会)?(?:放|休)(?:几天假|几天|多久|多少天假?|假吗"
                rf"|假几天|假多久|不放假|假)",
                _free,
            ),
            (
                rf"{_TELL}(?P<day>{WHEN})(?:什么时候|从哪天)?(?:开始)?放假(?:安排)?(?:是什么"
                rf"|是怎样的|吗)?",
                _free,
            ),
        )
    )


_THE = r"(?:the )?"


@cache
def _english() -> tuple[tuple[re.Pattern[str], Ask], ...]:
    return tuple(
        (re.compile(rule), ask)
        for rule, ask in (
            (
                r"(?:tell me )?(?:do you know )?(?:what(?:'s| is) (?:the )?(?:current )?time"
                r"|what time is it|what time it is|the time|current time|time)(?: is it)?(?: now"
                r"| right now)?",
                _time,
            ),
            (
                rf"(?:tell me )?(?:what(?:'s| is) the (?:current |local )?time|what time is it"
                rf"|what time it is|(?:the )?time)(?: now| right now)? in (?P<city>{CITY_EN})(?: "
                rf"now"
                rf"| right now)?",
                _city,
            ),
            (
                rf"what(?:'s| is) the (?:day|date)(?: (?P<day>{WHEN}))?(?: today)?"
                rf"|what day is(?: it)?(?: (?P<day2>{WHEN}))?",
                _date,
            ),
            (
                rf"what (?:day|date)(?: of the week)? (?:is|was"
                rf"|will) (?:it )?(?:be )?(?P<day>{_DAY})(?: be| on)?",
                _date,
            ),
            (
                rf"what(?:'s| is) (?P<day>{WHEN})(?:'s)? (?:date|day)|what(?:'s| is) the (?:date"
                rf"|day) (?:on |of )?(?P<day2>{_DAY})",
                _date,
            ),
            (rf"when(?:'s| is) (?P<day>{WHEN})(?: this year)?", _festival),
            (
                rf"how (?:many days|long|many weeks|much time)(?: is it| are there| is there| left"
                rf"| do we have)*(?: left)? (?:until|till|til|to|before) (?P<day>{WHEN})",
                _until,
            ),
            (
                r"(?:what|which) week (?:is it|of the year is it|number is it|is this)(?: now)?"
                r"|what(?:'s| is) the week number",
                _of(Of.WEEK),
            ),
            (
                rf"what(?:'s| is) (?:the )?(?:lunar|chinese) date(?: (?P<day>{WHEN}))?",
                _of(Of.LUNAR),
            ),
            (r"what year is (?:it|this)(?: now)?", _year),
            (r"how many days are left (?:in|of) (?:the|this) year", _rest_of_year),
        )
    )


def parse(drawing: Sketch, now: datetime | None) -> Question | None:
    """What is asked of the clock or the calendar, said at `now` (local; None: not known)."""
    zh = any("\u3400" <= sign <= "\u9fff" for sign in drawing.drawn[:200])
    body = bare(drawing.drawn, zh)
    if body.long:
        return None
    for rule, ask in _rules() if zh else _english():
        found = rule.fullmatch(drawing.drawn, body.start, body.end)
        if found is not None and body.end > body.start:
            question = _asked(drawing, found, ask, now)
            if question is not None:
                return question
    return None


def _asked(
    drawing: Sketch, found: re.Match[str], ask: Ask, now: datetime | None
) -> Question | None:
    match = _Match(drawing, found, (now or datetime(2024, 1, 1)).replace(tzinfo=None))
    try:
        question = ask(match)
    except NoSuchDayError:
        question = Unknown()
    if question is None or now is not None:
        return question
    return Unset(intent_of(question))
