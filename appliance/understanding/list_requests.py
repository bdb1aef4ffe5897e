"""把牛奶加到购物清单, 购物清单上有什么: lists by name, and what stands on them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from appliance.understanding.courtesies import bare
from appliance.understanding.plain import clean, plain

SHOPPING = "购物"
"""The list that is meant where none is named."""
LONGEST_ITEM = 60
MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Add:
    list: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Show:
    list: str


@dataclass(frozen=True, slots=True)
class Remove:
    list: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clear:
    list: str


Request = Add | Show | Remove | Clear

INTENTS: dict[type[Request], str] = {Add: "add", Show: "show", Remove: "remove", Clear: "clear"}

_LIST = (
    r"(?:我的?|这个|那个)?(?P<list>购物|买菜|采购|待办|待办事项|任务|读书|书|电影|礼物|行李|旅行"
    r"|菜|愿望|家务)(?:清单|列表|单子|单)(?:里面?|上面?|中|表)?"
)
_ITEMS = r"(?P<items>[^。？！?!]{1,120}?)"
_ADD = r"(?:添加|添|加上|加入|加进|加个|加|写上|写进|记上|放进|列上|放上|增加|补上)"
_OFF = r"(?:删掉|删除|删去|去掉|划掉|移除|拿掉|取消|删|划去|勾掉|移出)"


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(rule), kind)
        for rule, kind in (
            (
                rf"(?:把|将){_ITEMS}(?:都|也|再|给我)*(?:{_ADD}(?:到|进|在|入|去)*|(?:放|写|记|列"
                rf"|存)(?:到|进|在|入)+){_LIST}(?:去|吧)?",
                "add",
            ),
            (
                rf"(?:在|往|给|向|到)?{_LIST}(?:再|还要|帮我|给我|,)*{_ADD}(?:一个|一样|一项|一条|:"
                rf"|,)?{_ITEMS}",
                "add",
            ),
            (rf"{_ADD}{_ITEMS}(?:到|进|在|入){_LIST}", "add"),
            (
                rf"(?:看一?看|看一下|查看|查一下|打开|显示|念一?下?|读一?下?|列出)?{_LIST}(?:还"
                rf"|都)?(?:有(?:什么|哪些|啥)(?:东西)?|列了什么|写了什么|有多少东西|是什么)",
                "show",
            ),
            (
                rf"(?:看一?看|看一下|看下|查看|查一下|打开|显示|念一?下?|读一?下?|列出"
                rf"|告诉我)?{_LIST}",
                "show",
            ),
            (rf"{_OFF}{_LIST}(?:的)?{_ITEMS}", "remove"),
            (rf"{_LIST}(?:都|全部|全|给我)*(?:清空|清除|清掉|清了)(?:吧)?", "clear"),
            (rf"(?:把|将){_ITEMS}(?:从){_LIST}(?:给我|中|都)*{_OFF}(?:了|吧)?", "remove"),
            (rf"(?:从){_LIST}(?:给我|中|把)*{_OFF}(?:了)?{_ITEMS}", "remove"),
            (rf"{_LIST}(?:的)?{_ITEMS}(?:不用|不要|不需要|不必)(?:买|了)+", "remove"),
            (rf"(?:把|将)?{_LIST}(?:的)?(?:{_ITEMS})?{_OFF}(?:了|吧)?", "remove-or-clear"),
            (rf"(?:清空|清除|删除|删掉|清掉){_LIST}", "clear"),
            (rf"(?:把|将){_LIST}(?:都|全部|全)?(?:清空|清除|清掉|清了|删光)", "clear"),
        )
    )


_LIST_EN = (
    r"(?:the |my |our )?(?P<list>shopping|grocery|groceries|to-?do|todo|packing|reading|movie"
    r"|gift|wish) ?list"
)


@cache
def _rules_en() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(rule), kind)
        for rule, kind in (
            (
                rf"(?:add|put|write) (?P<items>[\w', -]{{1,120}}?) (?:to|on|onto|in) {_LIST_EN}",
                "add",
            ),
            (
                rf"(?:(?:what's|what is|what do i have) on|(?:show|read|open"
                rf"|list)(?: me)?) {_LIST_EN}",
                "show",
            ),
            (
                rf"(?:remove|delete|take|cross) (?P<items>[\w', -]{{1,120}}?) (?:from"
                rf"|off) {_LIST_EN}",
                "remove",
            ),
            (rf"(?:clear|empty|delete) {_LIST_EN}", "clear"),
        )
    )


_NAMES = {
    **{
        "买菜": "购物",
        "采购": "购物",
        "待办事项": "待办",
        "任务": "待办",
        "书": "读书",
        "旅行": "行李",
    },
    **{"shopping": "购物", "grocery": "购物", "groceries": "购物", "to-do": "待办", "todo": "待办"},
    **{"packing": "行李", "reading": "读书", "movie": "电影", "gift": "礼物", "wish": "愿望"},
}
ENGLISH = {
    **{"购物": "shopping", "待办": "to-do", "行李": "packing", "读书": "reading", "电影": "movie"},
    **{"礼物": "gift", "愿望": "wish", "菜": "menu", "家务": "housework"},
}
"""What the lists are called in English."""
_SPLIT = re.compile(r"\s*(?:[,，、;；]|和|跟|以及|还有|与|\band\b)\s*")
_ASKS = re.compile(r"什么|怎么|哪|为什么|多少|\b(?:what|how|why)\b")


def parse(text: str) -> Request | None:
    """What is asked of a list; None where something else is said."""
    flat = plain(text)
    if len(flat) > 200:
        return None
    zh = any("\u3400" <= sign <= "\u9fff" for sign in flat)
    body = bare(flat, zh)
    for rule, kind in _rules() if zh else _rules_en():
        found = rule.fullmatch(flat, body.start, body.end)
        if found is not None and (request := _built(text, found, kind)) is not None:
            return request
    return None


def _built(text: str, found: re.Match[str], kind: str) -> Request | None:
    name = found["list"]
    name = _NAMES.get(name, name)
    said = text[slice(*found.span("items"))] if found.groupdict().get("items") else ""
    items = tuple(item for one in _SPLIT.split(said) if (item := clean(one)[:LONGEST_ITEM]))
    if said and (_ASKS.search(said.lower()) or not items):
        return None
    match kind:
        case "add":
            return Add(name, items[:MOST_AT_ONCE])
        case "show":
            return Show(name)
        case "remove":
            return Remove(name, items[:MOST_AT_ONCE])
        case "remove-or-clear" if items:
            return Remove(name, items[:MOST_AT_ONCE])
    return Clear(name)
