"""Asking to remember, to forget, and what is remembered.

Only what is addressed to the box counts: how to remember words, or forgetting as such, is a
question for the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from appliance.memory.facts import Fact
from appliance.memory.recollection import BETWEEN
from appliance.skills.box import Box
from appliance.skills.skill import Claim, Said, Skill, Then
from ui.strings import Text

RECITED = 12
"""Facts told at once; the page shows all."""


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
    r"怎[么样]|如何|什么|为何|哪|几[个点天种次岁号月]|多少|多久|谁|吗[？?\s]*$|[？?]\s*$|方法"
    r"|技巧|是不是|能不能"
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
    rf"(?:忘记|忘掉|忘了|删掉|删除)|(?:清空|清除|删除|删掉|清掉|重置)(?:你的?)?记忆|(?:你的?)?记忆(?:全部|全|都)*(?:清空|清零|清除|删除|重置|删"
    rf"(?:掉|了))|(?:把|将)你?(?:记住|记得|记着|记下|知道)的(?:事情?|东西|内容)?(?:全都?|都|全部|统统)+(?:忘|删|清)"
    rf"(?:掉|除|空|记|了)?|(?:把|将)(?:你的?)?(?:全部"
    rf"|所有)?(?:的)?记忆(?:都|全部?|给我)*(?:清空|清零|清除|清掉|清了|重置"
    rf"|删除|删掉|删了|抹掉)){_END}"
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
    rf"^{_CALL}(?:请|麻烦|你|帮我|[，,\s])*(?:把|将)(?P<what>.+?)(?:都|全|给)*(?:忘记|忘掉"
    rf"|忘){_END}"
)
_FORGET_EN = re.compile(
    r"^(?P<please>please |can you |could you )?forget (?:about |that )?(?P<what>.+?)[.!\s]*$",
    re.IGNORECASE,
)
_REMEMBER_ZH = re.compile(
    rf"^{_CALL}{_PLEASE}(?:记住(?!的)|牢记(?!的)|记下来?|记一下|记好|记着)(?:这件事|一下|一件事"
    rf"|这个)?"
    rf"[，,：:\s]*(?P<what>.{{2,}}?)[。！!\s]*$"
)
_REMEMBER_AFTER_ZH = re.compile(
    rf"^{_CALL}(?P<what>.{{3,}}?)[，,。！!；;\s]+{_PLEASE}(?:记住|记一下|记下来?|记好)"
    rf"(?:这件事|这个|这一点|我的.{{1,6}}|我说的){{0,1}}{_END}"
)
# 别忘了吃药 is an errand; what is to be kept tells how something is.
_A_FACT = (
    r"(?=.*(?:我|咱|家里|孩子|爸|妈|老婆|老公))"
    r"(?=.*(?:是|叫|姓|住|在|有|对.+过敏|喜欢|讨厌|爱|不吃|不能|不喝|不好|不行|属|生日|密码|号码|年"
    r"|岁|病|痛|疼|压高|糖高))"
)
_TOLD_ZH = re.compile(
    rf"^{_CALL}(?:请|麻烦|[，,\s])*(?:(?:你)?(?:千万|一定|可)?(?:别|不要|不许|可别)(?:忘了|忘记"
    rf"|忘掉?)"
    r"|你?(?:一定|可)?要?(?:记得|记住|记着))(?:了)?[，,：:\s]*"
    rf"(?P<what>(?!叫|提醒|喊|帮|给|带|去|来){_A_FACT}.{{3,}}?)[。！!\s]*$"
)
# What is to come is an errand, too.
_TOLD_AFTER_ZH = re.compile(
    rf"^{_CALL}(?P<what>(?!.*(?:[今明后]天|[今明]晚|明早|[点周号]|星期|待会|等会|马上|要[去来开出]))"
    rf"{_A_FACT}.{{3,}}?)[，,。！!；;\s]+{_PLEASE}(?:千万|一定|可)*"
    rf"(?:(?:别|不要)(?:忘了|忘记|忘)|记得|记着){_END}"
)
_REMEMBER_EN = re.compile(
    r"^(?:please |can you |could you |lory,? )*(?:remember|don't forget|do not forget)"
    r" (?!me\b|when\b|the time\b|to\b)(?:this: ?|that |this,? ?)?"
    r"(?P<what>(?=.*\b(?:my|i|i'm|our|we)\b)(?=.*\b(?:is|are|was|were|am|i'm|have|has|like|likes"
    r"|love"
    r"|loves|hate|hates|live|lives|work|works|need|needs|prefer|can't|cannot|don't|called|named)\b)"
    r".{3,}?)[.!\s]*$",
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
    for pattern in (_REMEMBER_AFTER_ZH, _REMEMBER_ZH, _TOLD_ZH, _TOLD_AFTER_ZH, _REMEMBER_EN):
        if found := pattern.search(text):
            return Remember(found["what"].strip(" ，,。"))
    return None


_TEXTS = {
    "kept": Text("记住了：{text}。", "I will remember: {text}."),
    "not-kept": Text(
        "这件事我已经记着了，或者记满了。", "I know that already, or my memory is full."
    ),
    "nothing": Text(
        "你还没有让我记住什么。说“记住”，再说要记的事，我就记下来。",
        "You have not asked me to remember anything. Say: remember, and what.",
    ),
    "all": Text("我记得这些：{text}。", "This is what I remember: {text}."),
    "more": Text(
        "{text}；还有{more}件，在菜单的“记忆”里",
        "{text}; and {more} more, see Memory in the menu",
    ),
    "forgotten": Text(
        "忘了：{text}。要是不该忘，再让我记住就行。",
        "Forgotten: {text}. Ask me to remember it again if that was wrong.",
    ),
    "unknown": Text("我没有记过这件事。", "I have not been asked to remember that."),
    "lost": Text(
        "我的存储出错了，记不了也查不了。",
        "My storage failed: I cannot keep or look up anything.",
    ),
    "confirm": Text(
        "要全部忘掉，请到菜单的“记忆”里，长按D确定。",
        "To forget everything, open Memory in the menu and hold D.",
    ),
}
_INTENTS: dict[type[Request], str] = {
    Remember: "remember",
    Forget: "forget",
    ForgetAll: "forget-all",
    Recite: "recite",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(Claim):
    """Something is wanted of the memory."""

    request: Request

    def say(self, key: str, **fields: object) -> str:
        """One of our texts, in the language of the answer."""
        return _TEXTS[key].of(self.said.language).format(**fields)


def _said_back(request: Request) -> Text:
    match request:
        case Remember(text):
            return Text(f"记住：{text}。", f"Remember: {text}.")
        case Forget(text):
            return Text(f"忘掉：{text}。", f"Forget: {text}.")
        case ForgetAll():
            return Text("全部忘掉。", "Forget everything.")
    return Text("说说我记得什么。", "Tell what I remember.")


class Memory(Skill[Wanted]):
    """Intents `remember`, `forget`, `forget-all` and `recite`."""

    name = "remember"
    offers = Text("记住你说的事", "remember what you tell me")

    def claim(self, said: Said) -> Wanted | None:
        """See `Skill`."""
        request = parse(said.text)
        if request is None:
            return None
        return Wanted(
            skill=self.name,
            intent=_INTENTS[type(request)],
            said=said,
            certain=not isinstance(request, Forget) or request.surely,
            text=request.text if isinstance(request, Remember | Forget) else "",
            said_back=_said_back(request).of(said.language),
            request=request,
        )

    def answer(self, claim: Wanted, box: Box, then: Then) -> None:
        """See `Skill`. What may be meant for the box or not is, where it fits something kept."""

        def lost() -> None:
            then(claim.say("lost"))

        match claim.request:
            case Remember(text):
                box.facts.remember(text, lambda fact: then(_kept(claim, fact)), lost)
            case Forget(text):
                box.facts.find(text, _forget_found(claim, box, then), lost)
            case Recite():
                box.facts.read(lambda known: then(_recited(claim, known)), lost)
            case ForgetAll():
                then(claim.say("nothing" if box.facts.empty else "confirm"))


def _kept(claim: Wanted, fact: Fact | None) -> str:
    return claim.say("kept", text=fact.text) if fact else claim.say("not-kept")


def _forget_found(claim: Wanted, box: Box, then: Then) -> Callable[[Fact | None], None]:
    def found(fact: Fact | None) -> None:
        if fact is not None:
            box.facts.forget(fact)
            then(claim.say("forgotten", text=fact.text))
        else:
            then(claim.say("unknown") if claim.certain else None)

    return found


def _recited(claim: Wanted, known: list[Fact]) -> str:
    if not known:
        return claim.say("nothing")
    text = BETWEEN.join(fact.text for fact in known[:RECITED])
    if len(known) > RECITED:
        text = claim.say("more", text=text, more=len(known) - RECITED)
    return claim.say("all", text=text)


SKILL = Memory
