"""取消七点的闹钟, 还剩多少时间, 再睡五分钟, 把五分钟那个改名叫面条: of those that are set."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache

from appliance.understanding.alarms.errands import WAKE, is_errand
from appliance.understanding.alarms.nouns import NOUN_ZH, kind_of
from appliance.understanding.alarms.requests import (
    Cancel,
    Change,
    Extend,
    Kind,
    ListThem,
    Missed,
    Pause,
    Remaining,
    Rename,
    Request,
    Resume,
    SkipNext,
    Snooze,
    Which,
)
from appliance.understanding.alarms.settling import set_at
from appliance.understanding.alarms.which import named_by
from appliance.understanding.courtesies import bare
from appliance.understanding.numbers import number_at
from appliance.understanding.sketches import LEAD, SPAN, WHEN, WORDS, Sketch

# Which one: 我明天早上七点的那个闹钟, 五分钟那个, 所有提醒, 第二个闹钟, 煮面的计时器.
_MINE = (
    r"(?:我(?:们)?的?|你的?|之前|定的|设的|设置的|定好的|设好的|正在(?:走|响|跑)的"
    r"|现在的?|正在的?|这个|那个|这|那|的)*"
)
_ONE = (
    rf"{_MINE}(?:(?P<every>所有的?|全部的?|一切|每个|全|任何)|第(?P<nth>[一二两三四五六七八九十\d"
    rf"]{{1,2}})个?|(?P<last>最后一?个?|刚[才刚](?:那个|设的|定的|的)*|刚设的?|刚定的?|上一个)"
    rf"|(?P<next>下一个|下个|最近的?(?:一个)?|接下来的?))?(?:的)?"
    rf"(?:(?P<at>[{WHEN}{SPAN}]))?(?:响|的|那个|这个|那|开始)*(?P<name>{WORDS}{{1,16}}?)??(?:的"
    rf"|那个|这个|那|用)*"
)
_THING = rf"{_ONE}(?P<noun>{NOUN_ZH}|那个|这个|那一个)(?:s)?(?P<each>们|都|全部|全都|全|统统)*"
_OFF = (
    r"(?:取消|删除|删掉|删|关掉|关闭|关上|关了|关|停掉|停止|停了|停|撤销|撤掉|撤|去掉|清除|清空"
    r"|清掉|清|终止|结束|移除|移掉|解除|干掉|取掉|销掉|注销|不要)"
)
_DONE = r"(?:掉|了|一下|吧|下)*"

Build = Callable[["_Found"], Request | None]


class _Found:
    """A rule's match, and what its names stand for."""

    def __init__(self, drawing: Sketch, found: re.Match[str], now: datetime | None) -> None:
        self.drawing, self.found, self.now = drawing, found, now
        self.groups = found.groupdict()

    def words(self, name: str) -> str:
        return self.drawing.words(*self.found.span(name)) if self.groups.get(name) else ""

    def which(self) -> Which | None:
        """Which one is meant; None where the words name nothing of ours."""
        name = self.words("name")
        if name and not _is_name(name):
            return None
        noun = self.groups.get("noun") or ""
        every = bool(self.groups.get("every") or self.groups.get("each"))
        vague = ("", "那个", "这个", "那一个", *(() if every and not name else ("提醒",)))
        kind = None if noun in vague else kind_of(noun)
        which = Which(
            kind,
            every=every,
            text=_name(name, noun),
            nth=self._nth(),
            latest=bool(self.groups.get("last")) and "最后" not in (self.groups["last"] or ""),
            soonest=bool(self.groups.get("next")),
        )
        return self._timed(which)

    def _nth(self) -> int:
        if "最后" in (self.groups.get("last") or ""):
            return -1
        number = number_at(self.groups.get("nth") or "", 0) if self.groups.get("nth") else None
        return int(number.value) if number else 0

    def _timed(self, which: Which) -> Which | None:
        if not self.groups.get("at"):
            return which
        at = self.found.start("at")
        if self.groups["at"] == SPAN:
            return replace(which, seconds=self.drawing.span(at).seconds)
        return named_by(which, self.drawing.moment(at), self.now)


def _is_name(name: str) -> bool:
    return is_errand(name, timed=False) and not re.search(r"[,.;]|响|订阅|会员|没|不|为|是", name)


def _name(name: str, noun: str) -> str:
    if "番茄" in noun:
        return "番茄钟"
    return re.sub(r"^(?:我|个|用来)+|的$", "", name)


def _whole(
    kind: type[Cancel]
    | type[Pause]
    | type[Resume]
    | type[ListThem]
    | type[Remaining]
    | type[SkipNext],
) -> Build:
    def build(found: _Found) -> Request | None:
        which = found.which()
        return kind(which) if which is not None else None

    return build


def _not_called(found: _Found) -> Request | None:
    """明天不用叫我起床了: the one of that day; 不用提醒我吃药了: all of it."""
    text, verb = found.words("text"), found.groups["verb"]
    over = (found.drawing.drawn + " ")[found.found.end() :].startswith(
        "了"
    ) or "了" in found.drawing.drawn[found.found.end() :]
    if text and (
        WAKE.fullmatch(text) is None if verb in ("叫", "喊") else not is_errand(text, True)
    ):
        return None
    if not text and not over and not found.groups.get("at"):
        return (
            None if verb in ("提醒", "叫", "喊") and "我" not in found.found[0] else Cancel(Which())
        )
    which = found._timed(Which(text=text if WAKE.fullmatch(text) is None else ""))
    if which is None:
        return None
    return SkipNext(which) if which.day else Cancel(which)


def _extend(sign: int) -> Build:
    def build(found: _Found) -> Request | None:
        which = found.which() if found.groups.get("noun") or found.groups.get("at") else Which()
        span = found.drawing.span(found.found.start("span"))
        if which is None or span.months or span.seconds <= 0:
            return None
        return Extend(which, sign * span.seconds)

    return build


def _snooze(found: _Found) -> Request | None:
    if found.groups.get("span"):
        return Snooze(found.drawing.span(found.found.start("span")).seconds)
    if found.groups.get("when"):
        moment = found.drawing.moment(found.found.start("when"))
        if moment.vague:
            return Snooze(None)
        return Snooze(moment.span.seconds) if moment.span and not moment.span.months else None
    return Snooze(None)


def _rename(found: _Found) -> Request | None:
    which, text = found.which(), found.words("to")
    return Rename(which, text[:80]) if which and text else None


def _change(found: _Found) -> Request | None:
    which = found.which()
    if which is None:
        return None
    kind = which.kind or Kind.ALARM
    return Change(which, set_at(kind, found.drawing.moment(found.found.start("to")), found.now))


def _missed(_found: _Found) -> Request:
    return Missed()


def _ringing(_found: _Found) -> Request:
    return Cancel(Which())


_WHAT = r"(?:哪些|什么|哪几个|几个|多少个?|啥|哪个)"
_HAVE = r"(?:一共|总共|现在|都|还|已经|目前)*(?:有|(?:设|定|设置|订|存)(?:了|过|着|好了))"
_LEFT = (
    r"(?:还)?(?:剩下?|有|要等?|得|差|需要)(?:下)?(?:多少|多长|几|多)(?:时间|久|分钟|秒钟?"
    r"|个?小时|分"
    r"|长时间|个钟头)?(?:时间)?"
)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Build], ...]:
    return tuple(
        (re.compile(rule), build)
        for rule, build in (
            # pause, resume
            (rf"(?:先)?(?:暂停|停一下|先停一下|停一停)(?:一下)?{_THING}", _whole(Pause)),
            (
                rf"(?:把|将)?{_THING}(?:先)?(?:给我)?(?:暂停|停一下|先停|停一停|暂时停)(?:一下|掉"
                rf"|住)?",
                _whole(Pause),
            ),
            (
                rf"(?:继续|恢复|接着|重新开始|重启|打开|启用|开启)(?:一下|走)?{_THING}",
                _whole(Resume),
            ),
            (
                rf"(?:把|将)?{_THING}(?:可以)?(?:继续|恢复|接着走|打开|启用|开启|重新打开"
                rf"|重新开始)(?:走|了|计时|起来)?",
                _whole(Resume),
            ),
            # cancel
            (rf"(?:我)?(?:要|想)?(?P<off>{_OFF}){_DONE}{_THING}", _whole(Cancel)),
            (
                rf"(?:我)?(?:要|想)?(?P<off>{_OFF}){_DONE}{_MINE}(?P<at>[{SPAN}{WHEN}])(?:的)?(?:"
                rf"那个"
                rf"|那一个|这个)",
                _whole(Cancel),
            ),
            (rf"(?:把|将){_THING}(?:都|全都?|全部|给我|给|统统)*{_OFF}{_DONE}", _whole(Cancel)),
            (
                rf"(?:把|将){_MINE}(?P<at>[{SPAN}{WHEN}])(?:的)?(?:那个|那一个)(?:都|全|给我"
                rf"|给)*{_OFF}{_DONE}",
                _whole(Cancel),
            ),
            (
                rf"{_THING}(?:就|可以|我|给我|请|先|都|全部|全)*(?:不用|不需要|{_OFF}){_DONE}",
                _whole(Cancel),
            ),
            (
                rf"(?P<at>{WHEN})?(?:就|你|以后|都)*(?:别|不要|不用|甭|不必|无需)(?:再)?(?P<verb>叫"
                rf"|喊|提醒|闹|吵|响铃?)(?:醒)?(?:我)?(?P<text>{WORDS}{{0,16}}?)",
                _not_called,
            ),
            (
                r"(?:快)?(?:别响|别吵|不要响|别闹|停止响铃|别叫|不要吵|停止铃声|把铃声关)(?:了|掉"
                r"|啦)*",
                _ringing,
            ),
            (
                r"(?P<last>刚[才刚](?:设|定|说|要)?的?)(?:那个)?(?:闹钟|提醒|计时)?(?:就|先"
                r"|都)*(?:不要|取消|删掉?|算|不算)(?:了)?",
                _whole(Cancel),
            ),
            # skip
            (rf"(?:跳过|略过)(?:一次)?{_THING}(?:一次)?", _whole(SkipNext)),
            (
                rf"{_THING}(?:先)?(?:跳过|(?:跳过|别响|不响|不用响|不要响|停)(?:一次|一回|一天"
                rf"|了)+)",
                _whole(SkipNext),
            ),
            (
                rf"{_MINE}(?P<at>{WHEN})(?:的)?(?P<noun>{NOUN_ZH})(?:就|先)?(?:别响|不用响|不要响"
                rf"|不响)(?:了)?",
                _whole(SkipNext),
            ),
            (
                rf"(?P<next>下一?次)(?:的)?(?P<noun>{NOUN_ZH})?(?:就|先)?(?:跳过|别响|不响|不用响"
                rf"|不要响|不用叫我?|别叫我?)(?:了)?",
                _whole(SkipNext),
            ),
            # list
            (
                rf"(?:我)?(?:这里|现在|都|目前)?(?:(?P<at>{WHEN})(?:我|的)?)?{_HAVE}(?:{_WHAT}"
                rf"|(?:了)?几点的)(?P<noun>{NOUN_ZH}|安排|日程)(?:呢|要响)?",
                _whole(ListThem),
            ),
            (
                rf"(?:我)?(?:(?P<at>{WHEN})(?:我|的)?)?(?:有没有|有)(?:设|定|设置|什么"
                rf"|别的)?(?:了)?(?:(?P<name>{WORDS}{{1,8}}?)的)?(?P<noun>{NOUN_ZH}|安排"
                rf"|日程)(?:没有|没)?",
                _whole(ListThem),
            ),
            (
                rf"(?:我)?(?:看一?看|看一下|看下|查一下|查看一?下?|查查|查询|查|看|列出|列一下|显示"
                rf"|告诉我|说说|念一?下?|报一下|打开|听听)(?:我)?(?:都)?{_THING}(?:的)?(?:列表|清单"
                rf"|有哪些|有什么|是几点的?|都有哪些|都是几点)?",
                _whole(ListThem),
            ),
            (
                rf"{_THING}(?:的)?(?:列表|清单|有哪些|都有哪些|有什么|有几个|是几点的?|设的?是?几点"
                rf"|定的?是?几点|几点响|什么时候响|都是几点|都在几点|是什么时候|在几点|是哪个|几点"
                rf"|设在几点|定在几点)",
                _whole(ListThem),
            ),
            (
                rf"(?:我)?(?:定|设|设置|订)(?:的|了)(?P<noun>{NOUN_ZH})?(?:是)?(?:几点"
                rf"|什么时候)(?:的)?(?P<noun2>{NOUN_ZH})?",
                _whole(ListThem),
            ),
            (rf"{_THING}(?:还|一共|总共|现在)*(?:有|剩)(?:下)?(?:几|多少)个?", _whole(ListThem)),
            (
                rf"(?:现在)?(?:有|还有)(?:几个|多少个?|哪些|什么)(?P<noun>{NOUN_ZH})(?:在"
                rf"|正在)?(?:走|跑|响|开着|运行)*",
                _whole(ListThem),
            ),
            (
                rf"(?:我)?(?:还)?(?:有没有|有)(?P<at>{WHEN})(?:的)?(?P<noun>{NOUN_ZH})",
                _whole(ListThem),
            ),
            # how long
            (
                rf"(?:{_THING})?(?:那|现在|到现在|,|离|距离)?{_LEFT}(?:才)?(?:能)?(?:响|到点|到时间"
                rf"|到|结束|完|好|时间到)?(?:了)?",
                _whole(Remaining),
            ),
            (rf"(?:离|距离|距){_THING}(?:响铃?|结束|到点|到时间)?{_LEFT}", _whole(Remaining)),
            (
                rf"(?:{_THING})?(?:的)?(?:剩余时间|剩多少|剩余多少|走到哪(?:儿)?了?|到哪(?:儿)?了?"
                rf"|还有多少|进行到哪(?:儿)?了?|还剩余?多少(?:时间)?|剩几分钟|还没到吗?|走了多久"
                rf"|时间)(?:是多少)?",
                _whole(Remaining),
            ),
            (r"(?:时间)(?:还)?(?:剩|有)(?:下)?多少", _whole(Remaining)),
            # more, less
            (
                rf"(?:给|把|将)?(?:{_THING})?(?:再|多|给我|往上)*(?:加时|加上|加|增加|延长|多加"
                rf"|多给"
                rf"|追加"
                rf"|添|续)(?:我|个|多)?(?P<span>{SPAN})(?:时间|的时间)?",
                _extend(1),
            ),
            (
                rf"(?:给|把|将)?(?:{_THING})(?:再|往后|向后)*(?:推迟|延后|延迟|推后|往后推|推|延"
                rf"|顺延)(?:个)?(?P<span>{SPAN})",
                _extend(1),
            ),
            (
                rf"(?:给|把|将)?(?:{_THING})?(?:再|给我)*(?:缩短|减少|减去|减掉"
                rf"|少)(?:个)?(?P<span>{SPAN})(?:时间)?",
                _extend(-1),
            ),
            (
                rf"(?:给|把|将)?(?:{_THING})(?:再|给我)*(?:减)(?:个)?(?P<span>{SPAN})(?:时间)?",
                _extend(-1),
            ),
            (rf"(?:把|将)?{_THING}(?P<span>{LEAD})", _extend(-1)),
            (rf"(?:再给我|再来|再多给我|再多)(?:个)?(?P<span>{SPAN})(?:时间)?", _extend(1)),
            # names, other times
            (
                rf"(?:把|将){_THING}(?:改个?名字?|重命名|命名|取名|起名)?(?:叫做|叫作|改叫|改名叫"
                rf"|改名为|命名为|改成|改为|叫|为|成)(?P<to>{WORDS}{{1,40}})",
                _rename,
            ),
            (
                rf"(?:给){_THING}(?:取|起|改|换)(?:个|一个)?名字?(?:叫做|叫|为"
                rf"|,)*(?P<to>{WORDS}{{1,40}})",
                _rename,
            ),
            (
                rf"(?:把|将)?{_THING}(?:时间)?(?:改|调整?|换|挪|移|推迟|提前|延后|往后推|往前调"
                rf"|变更?|修改)(?:到|成|为|至|在|,)*(?P<to>{WHEN})(?:的)?(?:响)?",
                _change,
            ),
            (
                rf"(?:把|将){_MINE}(?P<at>[{SPAN}{WHEN}])(?:的)?(?:那个|那一个)?(?:改|调整?|换"
                rf"|挪|移"
                rf"|推迟|提前|延后)(?:到|成|为|至)+(?P<to>{WHEN})",
                _change,
            ),
            (
                rf"(?:把|将){_MINE}(?P<at>[{SPAN}{WHEN}])(?:的)?(?:那个|那一个)(?:改名"
                rf"|命名)?(?:叫做"
                rf"|叫作|改叫|改名叫|改成|改为|叫|为)(?P<to>{WORDS}{{1,40}})",
                _rename,
            ),
            # snooze
            (
                rf"(?:让我|我要?|我想)?(?:再|多)(?:让我)?(?:睡|躺|眯|赖|歇)(?:床)?(?:上"
                rf"|个)?(?P<span>{SPAN})",
                _snooze,
            ),
            (
                r"(?:让我|我要?|我想)?(?:再|多)(?:让我)?(?:睡|躺|眯|赖)(?:一会儿?|一下|会儿?|床)",
                _snooze,
            ),
            (rf"(?:让我|我要?|我想)?(?:再|多)(?:让我)?(?:睡|躺|眯|赖)(?P<when>{WHEN})", _snooze),
            (
                rf"(?:贪睡|小睡|赖床|稍后提醒|推迟|延后|延迟)(?:一下)?(?P<span>{SPAN})?(?:再(?:响"
                rf"|叫"
                rf"|提醒)我?)?",
                _snooze,
            ),
            (
                rf"(?P<when>{WHEN})(?:,)?再(?:叫|喊|提醒|闹|响)(?:醒)?(?:我)?(?:一次|一遍|一下"
                rf"|起床)?",
                _snooze,
            ),
            (
                rf"(?:晚|迟|缓|隔|等)(?:上|个)?(?P<span>{SPAN})(?:后)?再(?:叫|喊|提醒"
                rf"|响)(?:醒)?(?:我)?",
                _snooze,
            ),
            (rf"(?P<span>{SPAN})再(?:叫|喊|响)我?", _snooze),
            # missed
            (
                rf"(?:我)?(?:今天|昨晚|刚才|刚刚|{WHEN})?(?:有没有|是不是|有)?(?:错过|漏掉|漏)(?:了"
                rf"|过)?(?:{_WHAT})?(?:{NOUN_ZH})?(?:没有)?",
                _missed,
            ),
            (
                r"(?:刚才|刚刚)(?:是)?(?:什么|哪个)(?:闹钟|提醒|东西)?(?:在)?(?:响|叫)(?:了|的)?"
                r"|刚才响的是(?:什么|哪个)(?:闹钟|提醒)?|刚才(?:提醒|叫)我(?:什么|干什么"
                r"|做什么)(?:来着)?",
                _missed,
            ),
        )
    )


_QUESTIONS = (ListThem, Remaining, Missed)


def care(drawing: Sketch, now: datetime | None) -> Request | None:
    """What is asked of those that are set; None where it is not a whole request of that kind."""
    body = bare(drawing.drawn)
    if body.long:
        return None
    for rule, build in _rules():
        found = rule.fullmatch(drawing.drawn, body.start, body.end)
        if found is None:
            continue
        request = build(_Found(drawing, found, now))
        if request is None or (
            body.asks and not body.polite and not isinstance(request, _QUESTIONS)
        ):
            continue
        return request
    return None
