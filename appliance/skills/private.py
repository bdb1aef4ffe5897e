"""Questions that only the user can answer: recognised, so that no answer is invented.

A small language model tells anybody's birthday, and where the keys are. What the box was not told
it cannot know; so it says that, and how to tell it. Only plain questions count, whole and alone:
advice, and what others could know, is the model's business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from appliance.skills.box import Box
from appliance.skills.skill import Claim, Said, Skill, Then
from ui.strings import Text

_HAN = r"[\u3400-\u9fff]"
_CALL = r"(?:小鹿|喂|嗨|你好|请问|那么?|请|告诉我|你?还?(?:知道|记得)|[，,、\s])*"
_FAMILY = (
    r"(?:爸爸?|妈妈?|父亲|母亲|爷爷|奶奶|外公|外婆|姥爷|姥姥|岳父|岳母|老公|老婆|[男女]朋友|儿子|女儿"
    r"|哥哥|姐姐|弟弟|妹妹|孙子|孙女)"
)
_KNOWN = (
    rf"(?:{_FAMILY}|丈夫|妻子|爱人|对象|孩子|宝宝|叔叔|阿姨|舅舅|姑姑|公公|婆婆|老板|同事|同学|同桌|室友"
    rf"|班主任|朋友|{_HAN}{{0,2}}(?:老师|医生|师傅)|[猫狗]|宠物)"
)
# 我, 我妈妈, 我家的猫, 隔壁邻居家的狗
_MINE = (
    rf"(?:(?:[我咱俺]们?|(?:我们?)?(?:家里?|隔壁|楼[上下]|对门))(?:的|家|邻居)*+{_KNOWN}?[的家]*+)"
)
_WHOSE = rf"(?:{_MINE}|{_FAMILY}的?)"
_NOW = r"(?:今年|现在|到底|究竟|平时|最|都|是|在|的)*"
_DAY = (
    r"(?:[昨前]天|[昨前]晚|今早|刚才|刚刚|上(?:个?(?:周|星期|礼拜|月))[一二三四五六日末天]?|去年|前年"
    r"|小时候)"
)
_PAST = rf"(?:{_DAY}|今天)(?:早上|上午|中午|下午|晚上|夜里|晚饭|午饭|早饭)?"
_WHERE = r"(?:哪[里儿]?|哪[条个座栋层]?(?:街|楼|地方|城市|小区)|几号?[楼层栋]|什么地方)"
_WHAT = rf"(?:什么|啥|谁|哪{_HAN}?|几{_HAN}?|多少)"
_END = r"[呢啊呀来着了的吗？?。！!\s]*"
_DIGIT = r"[\d〇零一二两三四五六七八九十百]"
_ELSE = re.compile(
    r"国|好几|该|可以|能|必须|知道|好奇|忘|不管|清楚|[他她它你]|怎么|为什么|如果|要是|\b(?:should|can|you)\b",
    re.IGNORECASE,
)

_MY = r"(?:my|our)"
_SOME = r"(?:[\w' ]{1,30}? )?"
_THING = r"[\w' ]{1,30}?"


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of thing only the user knows. `zh` and `en` find a question for it; a remembered text
    that may answer one holds `evidence`."""

    name: str
    zh: re.Pattern[str]
    en: re.Pattern[str]
    evidence: re.Pattern[str]


def _matter(name: str, zh: str, en: str, evidence: str) -> Matter:
    return Matter(
        name,
        re.compile(f"{_CALL}(?:{zh}){_END}"),
        re.compile(rf"(?:please |lory,? |tell me |do you know )*(?:{en})\W*", re.IGNORECASE),
        re.compile(evidence, re.IGNORECASE),
    )


MATTERS: tuple[Matter, ...] = (
    _matter(
        "name",
        rf"{_WHOSE}{_NOW}(?:叫|姓|名字是?叫?)(?:什么|啥)(?:名字?)?|{_MINE}{_NOW}谁",
        rf"what(?:'s| is) {_MY} {_SOME}name|who(?:'s| is) {_MY} {_THING}|who am i",
        r"叫|名|姓|是|\b(?:is|name|called)\b",
    ),
    _matter(
        "birthday",
        rf"{_WHOSE}{_NOW}生日{_NOW}(?:哪一?[天日]|几月几?|几号|什么时候)[号日]?",
        rf"when(?:'s| is) {_MY} {_SOME}birthday|when was i born",
        r"生日|出生|生于|\b(?:birthday|born)\b",
    ),
    _matter(
        "age",
        rf"{_WHOSE}{_NOW}(?:多大(?:年纪|岁数)?|几岁|多少岁)",
        rf"how old (?:am i|(?:is|are) {_MY} {_THING})",
        r"岁|出生|生于|生日|\d|\b(?:years? old|born)\b",
    ),
    _matter(
        "number",
        rf"(?:{_WHOSE}{_HAN}{{0,4}}?|无线网|wifi|路由器)"
        r"(?:电话|手机|车牌|门牌|身份证|护照|银行卡|账号|密码|号码)的?(?:号码?|密码)?是?(?:多少|什么|几号?)",
        rf"what(?:'s| is) {_MY} {_SOME}(?:number|password|pin|code|licen[cs]e plate)",
        rf"{_DIGIT}{{3,}}|(?:密码|号码?)是|个{_DIGIT}|\d|\b(?:number|password|code|pin) is\b",
    ),
    _matter(
        "measure",
        rf"{_MINE}{_NOW}(?:体重|身高|血型|血压|视力|腰围|鞋码|星座|属相|生肖|工资)[是有]*"
        rf"(?:多高|多重|多少(?:公?斤|千克|厘米|公分|钱)?|什么型?|几码)"
        rf"|{_MINE}{_NOW}有?(?:多高|多重|属什么|什么(?:血型|星座))",
        rf"what(?:'s| is) {_MY} {_SOME}(?:weight|height|blood type|blood pressure|shoe size|salary)"
        rf"|how (?:tall|heavy) (?:am i|is {_MY} {_THING})",
        rf"{_DIGIT}|型|座|属|\b(?:type|tall|weighs?)\b",
    ),
    _matter(
        "place",
        rf"{_WHOSE}{_NOW}住在?{_WHERE}|{_MINE}把?{_HAN}{{1,8}}?(?:放|停|搁|藏|忘|丢|落)[在到]?了?{_WHERE}"
        rf"|{_MINE}{_HAN}{{0,6}}?{_NOW}在{_WHERE}(?:上班|工作|上学|读书)?|{_MINE}(?:地址|住址)是?什么",
        rf"where (?:do i|does {_MY} {_THING}) (?:live|work)|where (?:is|are) {_MY} {_THING}"
        rf"|where did i (?:put|park|leave|hide) {_THING}|what(?:'s| is) {_MY} {_SOME}address",
        r"在|住|放|停|搁|藏|\b(?:in|at|on|under|near|lives?|address)\b",
    ),
    _matter(
        "past",
        rf"(?:{_MINE}{_NOW}{_PAST}|{_PAST}{_MINE}){_NOW}(?:[跟和给]谁|{_HAN}{{0,4}}?{_WHAT})"
        r"(?:打了?个?电话|东西|梦|地方|话|事情?|课)?"
        rf"|{_MINE}(?:幼儿园|小学|初中|高中)的{_HAN}{{2,4}}?是?谁",
        r"(?:what|where|who|when) did i \w[\w' ]{0,30}"
        r" ?(?:yesterday|last (?:night|week|weekend|month|year)|this morning|just now)",
        r"[昨前]|早|刚|上个?[周星礼月]|去年|小时候|小学|初中|高中|\b(?:yesterday|last|morning)\b",
    ),
    _matter(
        "liking",
        rf"{_MINE}{_NOW}不?(?:喜欢|爱|讨厌)[吃喝看听玩穿去做]?的?{_HAN}{{0,3}}?是?(?:什么|啥|谁|哪{_HAN}?)"
        rf"{_HAN}{{0,3}}|{_MINE}对什么{_HAN}{{0,2}}过敏",
        rf"what(?:'s| is) {_MY} {_SOME}favou?rite {_THING}|what (?:do i|does {_MY} {_THING})"
        r" (?:like|love|hate)(?: to \w+)?|what am i allergic to",
        r"喜欢|爱|讨厌|过敏|\b(?:likes?|loves?|hates?|favou?rite|allergic)\b",
    ),
    _matter(
        "having",
        rf"{_MINE}{_NOW}(?:有|养了?)(?:几|多少)[只个口台辆条]?{_HAN}{{0,3}}|{_MINE}{_NOW}上几年级",
        r"how many (?:children|kids|sons|daughters|brothers|sisters|siblings|cats|dogs|pets|cars)"
        r" do (?:i|we) have|(?:what|which) (?:grade|school) (?:am i|is my \w+) in",
        rf"{_DIGIT}|\b(?:an?|one|two|three|four|five|grade|school)\b",
    ),
    _matter(
        "present",
        rf"{_MINE}(?:现在|正|刚才|[手身]里?上?|兜里|口袋里|[里上在])*(?:[拿穿戴握装]|心里想)着?的?{_HAN}{{0,3}}?"
        rf"是?{_WHAT}(?:东西|颜色的?衣服)?",
        r"what am i (?:holding|wearing|thinking)(?: of| about)?(?: right)?(?: now)?",
        r"[拿穿想戴握装]着|\b(?:holding|wearing|thinking)\b",
    ),
)

_UNTOLD = Text(
    "这件事你没告诉过我，我不知道。说“记住”，再说要记的事，我就会记下来。",
    "You haven't told me that, so I don't know. Say: remember, and what.",
)
# 我 that is not merely who is to be served: 给我讲个笑话.
_OWN = re.compile(r"(?<![给帮诉教陪让跟对为])[我咱俺]|\b(?:i|i'm|my|we|our)\b", re.IGNORECASE)


def matter_of(question: str) -> Matter | None:
    """What of the user's own a question asks for; None where others could know."""
    text = question.strip()
    if _ELSE.search(re.sub(f"^{_CALL}", "", text)):
        return None
    return next((one for one in MATTERS if one.zh.fullmatch(text) or one.en.fullmatch(text)), None)


def tells(text: str) -> bool:
    """Whether somebody who says this may be telling of himself."""
    return _OWN.search(text) is not None and matter_of(text) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Claim):
    """What only the user can know was asked for."""

    matter: Matter


class Private(Skill[Asked]):
    """Says that it was not told. A claim's intent is the name of its `Matter`.

    The model answers out of what the user was recalled to have told, and what he tells in this
    conversation it sees; without either it would invent.
    """

    name = "private"

    def claim(self, said: Said) -> Asked | None:
        """See `Skill`."""
        matter = matter_of(said.text)
        if matter is None or any(tells(exchange.question) for exchange in said.history):
            return None
        return Asked(skill=self.name, intent=matter.name, said=said, certain=False, matter=matter)

    def answer(self, claim: Asked, box: Box, then: Then) -> None:
        """See `Skill`."""

        def known(recalled: str) -> None:
            told = claim.matter.evidence.search(recalled) is not None
            then(None if told else _UNTOLD.of(claim.said.language))

        box.facts.recall(claim.said.text, known)


SKILL = Private
