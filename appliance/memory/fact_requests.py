"""Asking to remember, to forget, and what is remembered: recognised before the model is asked.

Only what is addressed to the box counts: how to remember words, or forgetting as such, is a
question for the model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remember:
    """`text` is what to remember, as it was said."""

    text: str


@dataclass(frozen=True, slots=True)
class Forget:
    """`text` tells which. `surely`: it can only be meant for the box."""

    text: str
    surely: bool


@dataclass(frozen=True, slots=True)
class ForgetAll:
    """Everything is to be forgotten."""


@dataclass(frozen=True, slots=True)
class Recite:
    """What is remembered is to be told."""


Request = Remember | Forget | ForgetAll | Recite

_CALL = r"(?:小鹿|喂|嗨|好的?|那|嗯|[，,、\s])*"
_PLEASE = r"(?:请|麻烦|你|帮我|给我|替我|要|能不能|可以|把|将|再|也|都|[，,\s])*"
_END = r"[了啦吧啊哦呀呢哈。！!\s]*$"
_ASKING = re.compile(
    r"怎[么样]|如何|什么|为何|哪|几[个点天种次岁号月]|多少|多久|谁|吗[？?\s]*$|[？?]\s*$|方法|技巧|是不是|能不能"
)

_RECITE_ZH = re.compile(
    rf"^{_CALL}(?:请|告诉我|说说|你|都|还|现在|[，,\s])*"
    r"(?:记得|记住|记着|记了|记下|知道)(?:了|过|住)?(?:我)?(?:的)?(?:些|哪些|一些|关于我)?(?:的)?"
    r"(?:什么|哪些(?:事|东西|事情)?|啥|多少事)(?:事|事情|东西)?(?:了|吗|呢)?[？?。\s]*$"
)
_RECITE_EN = re.compile(
    r"^(?:please )?(?:tell me )?what (?:do|did|have) you (?:remember|remembered|know about me)"
    r"(?: about me| so far)?\s*\??$",
    re.IGNORECASE,
)
_ALL_ZH = re.compile(
    rf"^{_CALL}{_PLEASE}(?:(?:忘记|忘掉|忘了|清除|清空|删除|删掉)(?:你)?(?:的)?(?:所有|全部|一切)"
    r"(?:的)?(?:事情?|东西|记忆|内容)?|(?:所有|全部|一切)(?:的)?(?:事情?|东西|记忆|内容)?(?:都|全)*"
    rf"(?:忘记|忘掉|忘了|删掉|删除)|(?:清空|清除|删除)(?:你的)?记忆){_END}"
)
_ALL_EN = re.compile(
    r"^(?:please )?forget (?:everything|it all|all of it|all you know)(?: about me)?[.!\s]*$",
    re.IGNORECASE,
)
_FORGET_ZH = re.compile(
    rf"^{_CALL}(?P<please>{_PLEASE})(?:忘记|忘掉|忘了|不要再?记得|别再?记得|别记|不要记)"
    rf"(?P<what>[^了].*?){_END}"
)
_FORGET_OBJECT_ZH = re.compile(
    rf"^{_CALL}(?:请|麻烦|你|帮我|[，,\s])*(?:把|将)(?P<what>.+?)(?:都|全|给)*(?:忘记|忘掉|忘){_END}"
)
_FORGET_EN = re.compile(
    r"^(?P<please>please |can you |could you )?forget (?:about |that )?(?P<what>.+?)[.!\s]*$",
    re.IGNORECASE,
)
_REMEMBER_ZH = re.compile(
    rf"^{_CALL}{_PLEASE}(?:记住|牢记|记下来?|记一下|记好|记着)(?:这件事|一下|一件事|这个)?"
    rf"[，,：:\s]*(?P<what>.{{2,}}?)[。！!\s]*$"
)
_REMEMBER_AFTER_ZH = re.compile(
    rf"^{_CALL}(?P<what>.{{3,}}?)[，,。！!；;\s]+{_PLEASE}(?:记住|记一下|记下来?|记好)"
    rf"(?:这件事|这个|这一点|我的.{{1,6}}|我说的){{0,1}}{_END}"
)
_REMEMBER_EN = re.compile(
    r"^(?:please |can you |could you |lory,? )*remember (?!me\b|when\b|the time\b|to\b)"
    r"(?:this: ?|that |this,? ?)?(?P<what>.{3,}?)[.!\s]*$",
    re.IGNORECASE,
)
_ASKING_EN = re.compile(r"\?\s*$|^(how|what|why|who|when|do|does|did|is|are)\b", re.IGNORECASE)


def parse(text: str) -> Request | None:
    """What a text asks of the memory; None when it asks nothing of it."""
    text = text.strip()
    if _RECITE_ZH.search(text) or _RECITE_EN.search(text):
        return Recite()
    if _ALL_ZH.search(text) or _ALL_EN.search(text):
        return ForgetAll()
    if _ASKING.search(text) or _ASKING_EN.search(text):
        return None
    return _forget(text) or _remember(text)


def _forget(text: str) -> Forget | None:
    if found := _FORGET_OBJECT_ZH.search(text):
        return Forget(found["what"], surely=True)
    if found := _FORGET_ZH.search(text) or _FORGET_EN.search(text):
        mine = re.search(r"我|\b(i|my|me)\b", found["what"], re.IGNORECASE) is not None
        return Forget(found["what"], surely=bool(found["please"]) or mine)
    return None


def _remember(text: str) -> Remember | None:
    for pattern in (_REMEMBER_AFTER_ZH, _REMEMBER_ZH, _REMEMBER_EN):
        if found := pattern.search(text):
            return Remember(found["what"].strip(" ，,。"))
    return None
