"""What stands around a request and changes nothing of it: calls, pleases, particles.

What is left is the request itself; a rule then has to account for all of that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEAD_ZH = re.compile(
    r"(?:小鹿(?:小鹿)?|鹦鹉|你好|您好|嗨|嘿|喂|哎呀?|诶|欸|那个|那么|那(?!天|个|边|里)|好的|好吧"
    r"|好(?=,)|嗯+|呃|额|对了|哦|噢|请问一?下?|请你?|麻烦你?|拜托你?|劳驾"
    r"|帮我|帮忙|帮个忙|帮咱|给我|给咱|替我|为我|你(?!的|好|们)|您|我想让你|我想请你|我想要|我想"
    r"|我要|我需要你?|我希望你?|想要|想请你|想让你|能不能|可不可以|可以|能否|能"
    r"|记得|记着|别忘了|别忘记|不要忘了|不要忘记|千万|一定要?|务必|马上|立刻|赶紧|赶快|顺便"
    r"|还有(?=,)"
    r"|另外|然后|咱们|咱|来(?=帮我|给我)|快(?=帮我|给我|点帮)|,|\.|\s|!|~)"
)
_HEAD_EN = re.compile(
    r"(?:hey|hi|hello|lory|ok|okay|please|could you|can you|would you|will you|can i|could i"
    r"|i want you to|i would like you to"
    r"|i'd like you to|i need you to|i want to|i'd like to|i would like to|i need to|i'd like"
    r"|i want|i need|let's|just|now|so|well|um|uh|also|and|then|kindly)(?![a-z'])|[,.!\s]+"
)
_TAIL_ZH = re.compile(
    r"(?:(?<![酒网贴氧水书影])吧|(?<!花)呗|呀|啊|哦|噢|喔|哈|嘛|来着|啦|咯|哟|了(?=[吧啊哦呀,.!]*$)"
    r"|好吗|好么|好不好|行吗|行么"
    r"|行不行|可以吗|可以么|可不可以|成吗|谢谢你?|谢谢啦|谢了|多谢|拜托了?|麻烦你?了?|辛苦了?|吗"
    r"|(?<![什怎那这多要])么"
    r"|就行了?|就可以了?|就好|即可|小鹿|[ ,.!?~;])$"
)
_TAIL_EN = re.compile(
    r"(?: please|,? thanks| thank you|,? lory|,? ok(?:ay)?|,? will you|,? would you| for me"
    r"|[ ,.!?])$"
)
_POLITE = re.compile(
    r"能不能|可不可以|能否|^可以|能(?=帮|给|提醒|叫|在|把|[\ue000-\ue004])|可以(?=帮|给|提醒|叫)"
    r"|[好行成]吗|好不好|行不行|可以吗|请|麻烦|帮我|给我|拜托"
    r"|\b(?:can|could|would|will) you\b|\bcan i\b|\bplease\b"
)
_ASKS = re.compile(r"[吗么?]")
_MOST = 40
LONGEST = 160
"""Characters of a request that has no words of the user's own in it."""


@dataclass(frozen=True, slots=True)
class Bare:
    """What is left, from `start` to `end`; `asks`: it has the form of a question, `polite`: and
    that form is a courtesy."""

    start: int
    end: int
    asks: bool
    polite: bool

    @property
    def long(self) -> bool:
        """Too long for a request without words of the user's own."""
        return self.end - self.start > LONGEST


def bare(drawn: str, zh: bool = True) -> Bare:
    """Where the request itself stands in a plain text or a drawing of it."""
    head, tail = (_HEAD_ZH, _TAIL_ZH) if zh else (_HEAD_EN, _TAIL_EN)
    start, end = 0, len(drawn)
    for _ in range(_MOST):
        found = head.match(drawn, start)
        if found is None:
            break
        start = found.end()
    for _ in range(_MOST):
        found = tail.search(drawn, max(start, end - 12), end)
        if found is None or found.start() < start:
            break
        end = found.start()
    around = drawn[: start + 2] + "|" + drawn[end:]
    return Bare(
        start, end, _ASKS.search(drawn[end:]) is not None, _POLITE.search(around) is not None
    )
