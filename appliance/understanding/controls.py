"""大点声, 屏幕亮一点, 换个模型, 再说一遍, 你能做什么: what is asked of the box itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cache

from appliance.understanding.courtesies import bare
from appliance.understanding.numbers import number_at
from appliance.understanding.plain import plain


class Of(Enum):
    """What of the box; its value is the name of the intent."""

    VOLUME = "volume"
    MUTE = "mute"
    BRIGHTNESS = "brightness"
    SPEED = "speed"
    ALOUD = "aloud"
    VOICE = "voice"
    LANGUAGE = "language"
    MODEL = "model"
    PERSONA = "persona"
    REPEAT = "repeat"
    ABILITIES = "abilities"


@dataclass(frozen=True, slots=True)
class Turn:
    """`steps` up or down, or `share` of the whole (0 to 1); `on` for what is on or off; `choice` of
    a language (`zh`, `en`). None of it: which one is to be asked or shown."""

    of: Of
    steps: int = 0
    share: Fraction | None = None
    on: bool | None = None
    choice: str = ""


_SOUND = r"(?:音量|声音|说话声音?|嗓门|声儿?|喇叭|扬声器)"
_GLASS = r"(?:屏幕亮度|屏幕|亮度|显示屏?|背光|屏|显示亮度)"
_TURN = r"(?:再|调|开|关|放|弄|说|讲|变|给我|帮我|往|稍微|调节|设|设置|能|把|将|要|请)*"
_BIT = r"(?:一?点儿?|一些|些|一下|一格|一档|一|两格|几格)?"
_UP_SOUND, _DOWN_SOUND = (
    r"(?:大|高|响|加大|增大|提高|调大|调高|加|变大|升高)",
    r"(?:小|低|轻|减小|降低|调小|调低|减|变小|小声)",
)
_UP_GLASS, _DOWN_GLASS = r"(?:亮|高|调亮|调高|变亮|提高|加)", r"(?:暗|低|调暗|调低|变暗|降低|减)"
_UP_SPEED, _DOWN_SPEED = r"(?:快|加快|调快)", r"(?:慢|放慢|调慢)"
_TO = r"(?:调到|调成|调为|调至|设到|设成|设为|设置为|设置成|设置到|开到|到|改成|改到|为)"
_LEVEL = (
    r"(?P<level>百分之[零一二两三四五六七八九十百\d]+|\d{1,3}\s?%?|[一二两三四五六七八九十]{1,3}"
    r"|最大|最高|最亮|最响|最小|最低|最暗|一半|中间|中等|满)(?:格|档|级|为止)?"
)


def _ways(thing: str, up: str, down: str, of: Of) -> list[tuple[str, Of, int]]:
    found = []
    for way, steps in ((up, 1), (down, -1)):
        found += [
            (rf"{_TURN}{thing}(?:的)?{_TURN}{way}{_BIT}", of, steps),
            (rf"{_TURN}{way}{_BIT}(?:的)?{thing}{_BIT}", of, steps),
            (
                rf"{thing}(?:有点儿?|太|还是太|实在太|现在太)(?:{down if steps > 0 else up})(?:了"
                rf"|啦|声)?",
                of,
                steps,
            ),
        ]
    return found


@cache
def _steps() -> tuple[tuple[re.Pattern[str], Of, int], ...]:
    return tuple(
        (re.compile(rule), of, steps)
        for rule, of, steps in (
            *_ways(_SOUND, _UP_SOUND, _DOWN_SOUND, Of.VOLUME),
            *_ways(_GLASS, _UP_GLASS, _DOWN_GLASS, Of.BRIGHTNESS),
            *_ways(r"(?:语速|说话速度|说话|朗读速度|朗读|读)", _UP_SPEED, _DOWN_SPEED, Of.SPEED),
            (
                rf"{_TURN}(?:大|响|高)(?:一?点儿?|一些|些)?声(?:音)?(?:一?点儿?|一些|说话)?",
                Of.VOLUME,
                1,
            ),
            (
                rf"{_TURN}(?:小|轻)(?:一?点儿?|一些|些)?声(?:音)?(?:一?点儿?|一些|说话)?",
                Of.VOLUME,
                -1,
            ),
            (r"(?:有点儿?|太|好|实在太)吵(?:了|啦)?|小点儿?", Of.VOLUME, -1),
            (r"(?:再)?调亮(?:一?点儿?|一些)?", Of.BRIGHTNESS, 1),
            (r"(?:再)?调暗(?:一?点儿?|一些)?", Of.BRIGHTNESS, -1),
            (r"(?:我)?(?:听不清|听不见|听不到)(?:了|声音)?", Of.VOLUME, 1),
            (
                rf"{_TURN}(?:说|讲|读|念)(?:话|得)?{_UP_SPEED}{_BIT}|{_UP_SPEED}{_BIT}(?:说|讲"
                rf"|读|念)",
                Of.SPEED,
                1,
            ),
            (
                rf"{_TURN}(?:说|讲|读|念)(?:话|得)?{_DOWN_SPEED}{_BIT}|{_DOWN_SPEED}{_BIT}(?:说|讲"
                rf"|读|念)",
                Of.SPEED,
                -1,
            ),
            (
                r"(?:turn|make) it (?:up|louder)(?: a (?:bit|little))?|(?:turn"
                r"|make) (?:the )?(?:volume|sound) (?:up|louder)|turn up (?:the )?(?:volume|sound)"
                r"|(?:volume up|louder|speak up|speak louder|increase (?:the )?volume)",
                Of.VOLUME,
                1,
            ),
            (
                r"(?:turn|make) it (?:down|quieter)(?: a (?:bit|little))?|(?:turn"
                r"|make) (?:the )?(?:volume|sound) (?:down|quieter)|turn down (?:the )?(?:volume"
                r"|sound)|(?:volume down|quieter|softer|speak more quietly|decrease (?:the )?volume"
                r"|lower (?:the )?volume)",
                Of.VOLUME,
                -1,
            ),
            (
                r"(?:make )?(?:the )?screen brighter|brightness up|turn up (?:the )?brightness"
                r"|increase (?:the )?brightness|brighter",
                Of.BRIGHTNESS,
                1,
            ),
            (
                r"(?:make )?(?:the )?screen darker|brightness down|turn down (?:the )?brightness"
                r"|dim (?:the )?screen|decrease (?:the )?brightness|darker",
                Of.BRIGHTNESS,
                -1,
            ),
            (r"(?:speak|talk) (?:a (?:bit|little) )?faster", Of.SPEED, 1),
            (
                r"(?:speak|talk) (?:a (?:bit|little) )?(?:more slowly|slower)|slow down",
                Of.SPEED,
                -1,
            ),
        )
    )


@cache
def _levels() -> tuple[tuple[re.Pattern[str], Of], ...]:
    return tuple(
        (re.compile(rule), of)
        for rule, of in (
            (rf"{_TURN}{_SOUND}(?:的)?{_TURN}{_TO}?{_LEVEL}", Of.VOLUME),
            (rf"{_TURN}{_TO}{_LEVEL}(?:声|音量)", Of.VOLUME),
            (rf"{_TURN}{_GLASS}(?:的亮度|的)?{_TURN}{_TO}?{_LEVEL}", Of.BRIGHTNESS),
            (
                r"(?:set |turn |put )?(?:the )?(?:volume|sound)(?: up| down)? (?:to "
                r"|at )?(?P<level>\d{1,3}\s?%?(?: percent)?|max(?:imum)?|min(?:imum)?|full|half)",
                Of.VOLUME,
            ),
            (
                r"(?:set |turn |put )?(?:the )?(?:screen )?brightness(?: up| down)? (?:to "
                r"|at )?(?P<level>\d{1,3}\s?%?(?: percent)?|max(?:imum)?|min(?:imum)?|full|half)",
                Of.BRIGHTNESS,
            ),
        )
    )


@cache
def _switches() -> tuple[tuple[re.Pattern[str], Turn], ...]:
    return tuple(
        (re.compile(rule), turn)
        for rule, turn in (
            (
                rf"(?:开启|打开|设为|调成|进入|切换到?)?静音(?:模式)?|(?:把|将)?{_SOUND}(?:都"
                rf"|全)?(?:关掉|关闭|关了|关上|关)|关(?:掉|闭|上)?{_SOUND}|别出声|不要出声"
                rf"|mute(?: it| yourself| the sound)?|be quiet|turn off (?:the )?sound",
                Turn(Of.MUTE, on=True),
            ),
            (
                rf"(?:取消|解除|关闭|退出|不要|关掉|别)静音(?:模式|了)?|(?:把|将)?{_SOUND}(?:打开"
                rf"|开开|恢复)|(?:打开|恢复|开){_SOUND}|unmute(?: it)?|turn on (?:the )?sound",
                Turn(Of.MUTE, on=False),
            ),
            (
                r"(?:打开|开启|开)(?:朗读|语音播报|语音朗读)|(?:把)?(?:回答|答案)(?:读|念)出来"
                r"|read (?:your )?answers aloud",
                Turn(Of.ALOUD, on=True),
            ),
            (
                r"(?:关闭|关掉|关|停止|不要|别)(?:朗读|语音播报|语音朗读)(?:了)?|(?:别|不要)(?:读"
                r"|念)出来|stop reading (?:your )?answers(?: aloud)?",
                Turn(Of.ALOUD, on=False),
            ),
            (
                r"(?:换|切换|更换|改)(?:一个|个|一种|种|一下|成别的|别的)*(?:声音|嗓音|音色"
                r"|说话的声音|男声|女声)|change (?:your |the )?voice|(?:use )?another voice",
                Turn(Of.VOICE),
            ),
            (
                r"(?:(?:换|切换|切|改|设置?|调)(?:成|到|为|回)|用)(?:用)?(?:英文|英语)(?:界面"
                r"|菜单|显示"
                r"|模式)?|(?:把|将)?(?:界面|菜单|系统|显示|屏幕|语言)(?:语言)?(?:换|切换|改|设置?"
                r"|调)(?:成|到|为)(?:英文|英语)|(?:switch|change)(?: the language"
                r"| the menu)? to english",
                Turn(Of.LANGUAGE, choice="en"),
            ),
            (
                r"(?:换|切换|切|改|设置?|调)(?:成|到|为|回)(?:用)?(?:中文|汉语|简体中文)(?:界面"
                r"|菜单"
                r"|显示|模式)?|(?:把|将)?(?:界面|菜单|系统|显示|屏幕|语言)(?:语言)?(?:换|切换|改"
                r"|设置?|调)(?:成|到|为)(?:中文|汉语)|(?:switch|change)(?: the language"
                r"| the menu)? to chinese",
                Turn(Of.LANGUAGE, choice="zh"),
            ),
            (
                r"(?:换|切换|更换|切)(?:一个|个|一下|到?别的|到?另一个)*(?:语言)?(?:大)?模型"
                r"|(?:switch|change) (?:the |to another )?(?:language )?model"
                r"|(?:use )?another model",
                Turn(Of.MODEL),
            ),
            (
                r"(?:换|切换|更换|切)(?:一个|个|一下|到?别的|到?另一个)*(?:角色|人设|性格|身份)"
                r"|(?:switch|change) (?:the |to another |your )?(?:persona|role|character)",
                Turn(Of.PERSONA),
            ),
            (
                r"(?:你)?(?:刚才|刚刚)?(?:说(?:的|了)?(?:是)?(?:什么|啥)?,?)?(?:再|重新|重复)(?:说"
                r"|讲|读|念|重复|播|来|复述)?(?:一遍|一次|一下)(?:刚才的话|刚才的|刚才说的)?"
                r"|(?:你)?(?:刚才|刚刚)说(?:的|了)?(?:是)?(?:什么|啥)(?:来着)?|(?:把)?刚才(?:的话"
                r"|的回答|说的话?|的)再(?:说|讲|读|念)(?:一遍|一次)|重复(?:一遍|一下"
                r"|一次)?(?:刚才的话|刚才说的)?|(?:我)?没听清(?:楚)?(?:,?(?:请)?再说一遍)?",
                Turn(Of.REPEAT),
            ),
            (
                r"(?:say|repeat) (?:that|it)(?: again)?(?: once more)?|repeat|come again"
                r"|what did you (?:just )?say|once more|pardon(?: me)?|say again",
                Turn(Of.REPEAT),
            ),
            (
                r"(?:你)?(?:能|会|可以)(?:干嘛|干啥|做啥)|(?:使用)?帮助|"
                r"(?:你)?(?:都|究竟|到底)?(?:能|会|可以|能够)(?:帮我|为我|给我)?(?:做|干|办)?(?:点"
                r"|些)?(?:什么|啥|哪些(?:事情?)?)(?:事情?|东西)?(?:呢)?|(?:你)?(?:都)?(?:有(?:什么"
                r"|哪些)|具备什么)(?:功能|本领|本事|技能|能力)|(?:功能|技能|使用)(?:列表|介绍|说明)"
                r"|怎么用你",
                Turn(Of.ABILITIES),
            ),
            (
                r"what can (?:you|i) (?:do|say|ask(?: you)?)(?: for me)?|what (?:are you able to do"
                r"|do you do)|(?:your )?(?:skills|features|abilities)|help(?: me)?",
                Turn(Of.ABILITIES),
            ),
        )
    )


_LOUD = frozenset(["最大", "最高", "最亮", "最响", "满", "max", "maximum", "full"])
_SOFT = frozenset(["最小", "最低", "最暗", "min", "minimum"])
_HALF = frozenset(["一半", "中间", "中等", "half"])
_LONGEST = 60


def parse(text: str) -> Turn | None:
    """What is asked of the box; None where something else is said."""
    flat = plain(text)
    if len(flat) > _LONGEST:
        return None
    body = bare(flat, any("\u3400" <= sign <= "\u9fff" for sign in flat))
    whole = flat.strip(" ,.!?~")
    for start, end in ((body.start, body.end), (flat.find(whole), flat.find(whole) + len(whole))):
        for rule, turn in _switches():
            if rule.fullmatch(flat, start, end):
                return turn
        if found := _stepped(flat, start, end):
            return found
    return None


def _stepped(flat: str, start: int, end: int) -> Turn | None:
    for rule, of in _levels():
        if found := rule.fullmatch(flat, start, end):
            share = _share(found["level"])
            return Turn(of, share=share) if share is not None else None
    for rule, of, steps in _steps():
        if rule.fullmatch(flat, start, end):
            return Turn(of, steps=steps)
    return None


def _share(level: str) -> Fraction | None:
    if level in _LOUD:
        return Fraction(1)
    if level in _SOFT:
        return Fraction(0)
    if level in _HALF:
        return Fraction(1, 2)
    number = number_at(level, 0)
    if number is None or number.value < 0:
        return None
    value = number.value
    if "%" not in level and not level.startswith("百分之"):
        value = value / 100 if value > 10 or "percent" in level else value / 10
    return min(value, Fraction(1))
