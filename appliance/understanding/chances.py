"""掷骰子, 抛硬币, 在火锅和烧烤里选一个, 一到一百的数字: what is left to chance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from appliance.understanding.courtesies import bare
from appliance.understanding.numbers import number_at
from appliance.understanding.plain import clean, plain

MOST_DICE = 20


@dataclass(frozen=True, slots=True)
class Dice:
    count: int = 1
    sides: int = 6


@dataclass(frozen=True, slots=True)
class Coin:
    pass


@dataclass(frozen=True, slots=True)
class Pick:
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyNumber:
    low: int
    high: int


Chance = Dice | Coin | Pick | AnyNumber

_N = r"(?:\d{1,3}|[一二两三四五六七八九十百]{1,5})"
_DICE = re.compile(
    rf"(?:再)?(?:掷|扔|投|丢|摇|抛|甩)(?:一?次|一下)?(?P<count>{_N})?(?:个|颗|枚|粒|下"
    rf"|次)?(?:骰子|色子)(?:吧)?|(?:骰子|色子)(?:掷|扔|投|摇)(?:一?下|一次)"
    r"|(?:roll|throw)(?: (?P<en>an?|the|two|three|four|five|six"
    r"|\d{1,2}))?(?: (?P<sides>\d{1,3})[- ]sided)? (?:die|dice)"
)
_COIN = re.compile(
    rf"(?:再)?(?:抛|掷|扔|丢|投|翻)(?:一?次|一下)?{_N}?(?:个|枚|下|次)?硬币(?:吧)?|硬币(?:抛"
    rf"|扔)(?:一?下|一次)|(?:猜|来)(?:个|一下)?正反面|正面还是反面|(?:flip|toss|throw) (?:a "
    rf"|the )?coin"
    rf"|heads or tails"
)
_NUMBER = re.compile(
    rf"(?:随便|随机|任意)?(?:说|来|给|选|挑|生成|想|抽|报|取)?(?:我)?(?:一个|个)?(?:从"
    rf"|在)?(?P<low>{_N})(?:到|至|-|~|和)(?P<high>{_N})(?:之间|以内|里|中)*(?:随便|随机|任意"
    rf"|任选|选|挑|说|抽|取)*(?:的)?(?:一个|个)?(?:随机)?(?:的)?(?:数字?|号码?)(?:给我)?"
    rf"|(?:随便|随机|任意)(?:说|来|给|选|挑|生成|想|抽|报)(?:我)?(?:一个|个)(?:数字?)"
    r"|(?:pick|give me|choose|generate|say)(?: me)? a (?:random )?number(?: between"
    r"| from) (?P<low2>\d{1,6}) (?:and|to) (?P<high2>\d{1,6})|random number|(?:来|给我)?(?:一个"
    r"|个)随机数字?"
)
_OR = r"(?:还是|或者|或是|或|和|跟|与|,|\||,?\bor\b)"
_WORD = r"[^,，。？！?!和跟与还或]{1,14}?"
_CHOOSE = (
    r"(?:帮我|替我|给我|你|来|请|就|咱们?)*(?:选|挑|决定|抽|定|随便选|随机选|任选)(?:一个|一样"
    r"|一种|其中一个|一下|哪个|个|出一个)(?:吧)?"
)


@cache
def _pick_rules() -> tuple[re.Pattern[str], ...]:
    return (
        re.compile(
            rf"(?:在|从)(?P<list>{_WORD}(?:{_OR}{_WORD}){{1,7}})(?:里面?|之间|中间?|当中"
            rf"|之中)?(?:,)?(?:随便|随机)?{_CHOOSE}"
        ),
        re.compile(
            rf"(?P<list>{_WORD}(?:(?:还是|或者|或是){_WORD}){{1,7}})(?:,)?(?:呢,?)?(?:随便"
            rf"|随机)?{_CHOOSE}"
        ),
        re.compile(rf"{_CHOOSE}[:,：]?(?P<list>{_WORD}(?:{_OR}{_WORD}){{1,7}})"),
        re.compile(rf"(?:决定|定|选|挑)(?:一?下)?(?P<list>{_WORD}(?:(?:还是|或者){_WORD}){{1,4}})"),
        re.compile(
            r"(?:pick|choose)(?: one)?(?: randomly)?(?: between| from"
            r"| of)?:? ?(?P<list>[\w' ]{1,24}?(?:(?:, | or | and |,)[\w' ]{1,24}?){1,6})"
        ),
    )


_SPLIT = re.compile(_OR + r"|, |\band\b")
_EN_NUMBERS = {"a": 1, "an": 1, "the": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def parse(text: str) -> Chance | None:
    """What is to be drawn; None where something else is said."""
    flat = plain(text)
    if len(flat) > 120:
        return None
    body = bare(flat, any("\u3400" <= sign <= "\u9fff" for sign in flat))
    core = flat[body.start : body.end]
    if found := _DICE.fullmatch(core):
        return _dice(found)
    if _COIN.fullmatch(core):
        return Coin()
    if found := _NUMBER.fullmatch(core):
        return _number(found)
    for rule in _pick_rules():
        if found := rule.fullmatch(core):
            return _pick(found["list"])
    return None


def _dice(found: re.Match[str]) -> Dice | None:
    said = found["en"] or ""
    count = _EN_NUMBERS.get(said) or _value(said) or _value(found["count"]) or 1
    sides = _value(found["sides"]) or 6
    return Dice(count, sides) if 1 <= count <= MOST_DICE and sides >= 2 else None


def _value(text: str | None) -> int | None:
    number = number_at(text, 0) if text else None
    return int(number.value) if number and number.whole else None


def _number(found: re.Match[str]) -> AnyNumber | None:
    low = _value(found["low"] or found["low2"])
    high = _value(found["high"] or found["high2"])
    if low is None or high is None:
        return AnyNumber(1, 100)
    return AnyNumber(min(low, high), max(low, high))


def _pick(listed: str) -> Pick | None:
    options = [clean(one) for one in _SPLIT.split(listed)]
    verb = re.match(
        r"(?:今天|晚上|中午|我们|咱们|我|是|要|去)*(吃|喝|看|玩|去|买|穿|听|坐)", options[0]
    )
    if verb:
        options = [option.removeprefix(verb[0]).removeprefix(verb[1]) for option in options]
    options = [option for option in options if option]
    return Pick(tuple(options)) if len(options) > 1 else None
