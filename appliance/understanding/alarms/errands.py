"""Whether some words can be what a reminder is for, or are about something else altogether.

A reminder may be of anything, so this is where a request meets all the other sentences that hold
its word: 提醒我一下什么叫光合作用 asks, 他提醒我关火 tells, and neither wants to be reminded.
"""

from __future__ import annotations

import re

_QUESTION = re.compile(
    r"什么|怎么|怎样|为什么|为何|如何|哪|谁|几[个点天岁次种]|多少|多久|多大|是不是|有没有|能不能"
    r"|会不会|可不可以|吗$|呢$|啥|咋"
    r"|\b(?:what|why|how|who|whose|which|where|when does|when is|when was|is it|are there)\b"
)
# Questions that are to be put to somebody are errands: 问老师什么时候考试.
_TO_ASK = re.compile(
    r"^(?:要|去|再|先)?(?:问|看看|查|查查|看一下|想想|想一想|确认|了解|打听|\b(?:ask|check"
    r"|find out|look up)\b)"
)
# Talk about words, and orders to write some.
_ABOUT = re.compile(
    r"英[语文]|日语|翻译|什么意思|怎么[说写读念]|造句|这句话|这个词|这个字|这首|成语|作文|诗句"
    r"|歌词|台词|小说|剧情|是什么意思|的意思|用法|近义词|反义词|代码|程序|函数"
    r"|\b(?:translate|translation|meaning of|in english|in chinese|sentence|essay|poem|code"
    r"|python)\b"
)
_TOLD = re.compile(
    r"(?:他|她|它|妈妈|爸爸|老师|老板|同事|老婆|老公|有人|大家|别人|朋友|同学|手机|人家)(?:都|也"
    r"|又|总是|老是|经常|每次|一直|就|会|刚才|刚|还|说|昨天)*$"
    r"|(?:都会|都|没有?|不|不会|不再|总是|总|老是|经常|一直|忘了|忘记|又|才|刚|刚刚|已经|曾经|来"
    r"|让他|让她|叫他|叫她|(?:都|就|也|才|总|还|不|老|常|便)会|为什么|怎么|说|因为|如果|要是"
    r"|虽然|还)$"
)
_OVER = re.compile(
    r"了[三四五六七八九十两几\d]|过[了一几]?次|了才|了还|才.*?了|结果|可是|但是|却|后悔|的时候我"
    r"|就好了|算不算|对不对|好不好用|的话$|怎么办|咋办"
)
_LONGEST = 2_000

WAKE = re.compile(
    r"(?:早点儿?|早些|准时|按时|赶紧|快点儿?|快)?(?:起床?|起来|醒来?|睡醒|上床|睡觉"
    r"|吃[早中午晚]?饭|吃药|上班|上学|出门|下班|开会|上课|下楼|洗澡|喝水|做饭|早起|集合|换班"
    r"|值班|打卡|午休|午睡|休息)"
    r"(?:吃饭|上班|上学|跑步|开会|学习|写作业|锻炼|背书|看球|做饭|尿尿|赶飞机|赶火车|赶车|啦|吧)?"
)
"""What one is called for without any time being said."""


def is_errand(text: str, timed: bool) -> bool:
    """Whether the words can be what to be reminded of. `timed`: a time was said with them."""
    if len(text) > _LONGEST:
        return timed
    if _ABOUT.search(text) or _OVER.search(text):
        return False
    asks = _QUESTION.search(text)
    return asks is None or (timed and _TO_ASK.match(text) is not None)


def is_event(text: str) -> bool:
    """Whether the words can be what happens at a time: 开会, 有个面试."""
    return len(text) <= 60 and is_errand(text, timed=True) and not _TOLD.search(text)
