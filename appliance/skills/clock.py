"""The time and the date, told from the clock: a model can only guess them."""

from __future__ import annotations

import re
from datetime import datetime

from appliance.skills.skill import Claim, Said, Skill
from ui.strings import Language

_WEEKDAYS = "一二三四五六日"
_CLOCK_ZH = re.compile(
    r"^(请问|你好|嗨|那|请|小鹿|，|,|\s)*(告诉我|说一?下|报一?下)?"
    r"(你知道)?((现在|此刻|当前)(是|的时间是?)?(几点|什么时候|什么时间|多少点)"
    r"|几点(钟)?了|现在(的)?时间|时间)"
    r"[了钟吗呢啊呀？?。！!\s]*$"
)
_DATE_ZH = re.compile(
    r"^(请问|你好|嗨|那|请|小鹿|，|,|\s)*(告诉我|说一?下|你知道)?"
    r"(今天|现在|今儿)(是|的日期是?)?"
    r"(几月几[号日]|几[号日]|星期几|礼拜几|周几|什么日子|哪一?年|哪一?天|何年何月|日期|多少号)"
    r"[了吗呢啊呀？?。！!\s]*$"
)
_CLOCK_EN = re.compile(
    r"\bwhat(?:'s| is)? (?:the )?time(?: is it)?(?: now| right now)?\s*\??$|\bwhat time is it\b",
    re.IGNORECASE,
)
_DATE_EN = re.compile(
    r"\bwhat(?:'s| is)? (?:the |today'?s )?(?:date|day)\b(?: is it)?(?: today| now)?\s*\??$",
    re.IGNORECASE,
)
_UNSET = {
    Language.ZH: "我的时钟还没有校准，不知道现在的时间和日期。",
    Language.EN: "My clock isn't set, so I don't know the time or date.",
}


class Clock(Skill[Claim]):
    """Intents `time` and `date`."""

    name = "clock"

    def claim(self, said: Said) -> Claim | None:
        """See `Skill`."""
        text = said.text.strip()
        if _CLOCK_ZH.search(text) or _CLOCK_EN.search(text):
            return self._told("time", said)
        if _DATE_ZH.search(text) or _DATE_EN.search(text):
            return self._told("date", said)
        return None

    def _told(self, intent: str, said: Said) -> Claim:
        if said.now is None:
            reply = _UNSET[said.language]
        else:
            reply = (_say_time if intent == "time" else _say_date)(said.now, said.language)
        return Claim(skill=self.name, intent=intent, said=said, reply=reply)


def _say_time(now: datetime, language: Language) -> str:
    if language is Language.EN:
        return f"It's {now.hour}:{now.minute:02}."
    return f"现在是{now.hour}点{now.minute}分。" if now.minute else f"现在是{now.hour}点整。"


def _say_date(now: datetime, language: Language) -> str:
    if language is Language.EN:
        return f"Today is {now:%A}, {now:%B} {now.day}, {now.year}."
    weekday = _WEEKDAYS[now.weekday()]
    return f"今天是{now.year}年{now.month}月{now.day}日，星期{weekday}。"


SKILL = Clock
