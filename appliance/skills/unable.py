"""What the box cannot do, recognised before the model is asked, and said honestly.

A small language model says "好的" to an alarm it cannot set. So requests for what no part of the
box can do never reach it. A skill that `does` one of them takes its row out by being there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from appliance.skills.skill import Claim, Said, Skill

# Talk *about* a thing (what it is, who invented it, how a phone does it) is the model's business.
_ABOUT = re.compile(
    r"是什么|什么是|什么意思|发明|历史|原理|怎么(说|写|读|拼|翻译|用|画|形容|描述|制作)|如何(写|用|描述)"
    r"|英[文语]|翻译|由来|区别|为什么|作文|故事|笑话|诗|成语|这个词|写一[篇首段个封]"
    r"|手机上|苹果手机|安卓|电脑上|代码|程序|python"
    r"|\b(what is an?|who invented|history of|how (does|do|did)|meaning of|translate|write|story"
    r"|joke|poem|explain|code|program)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ability:
    """One kind of request. `answers` by language; `zh` and `en` find it in a text."""

    name: str
    zh: re.Pattern[str]
    en: re.Pattern[str]
    answers: Mapping[str, str]


def _ability(name: str, zh: str, en: str, answer_zh: str, answer_en: str) -> Ability:
    return Ability(
        name,
        re.compile(zh),
        re.compile(en, re.IGNORECASE),
        {"zh": answer_zh, "en": answer_en},
    )


_HOUR = r"[\d一二两三四五六七八九十半]+\s*[点:：]"
_SPAN = r"[\d一二两三四五六七八九十半百几]+\s*个?(小时|分钟|秒钟?|刻钟)"

# What a request may begin and end with; in between stands what is wanted.
_ASK = r"(请|帮我|麻烦|给我|替我|我想|我要|想|能不能|可以|可不可以|能|小鹿|嗨|喂|你|现在|[，,\s])*"
_DONE = r"(吧|呗|了|一下|好吗|行吗|可以吗|好不好|吗|[。！!？?\s])*$"
_DEVICE = (
    r"(灯|台灯|顶灯|空调|电视机?|窗帘|电?风扇|电扇|暖气|加湿器|净化器|插座|热水器"
    r"|扫地机器?人?|投影仪?)"
)

UNABLE: tuple[Ability, ...] = (
    _ability(
        "timer",
        rf"计时|{_SPAN}[之以]?后?(叫|提醒|告诉|喊|通知)|(定|设|开|来)个?{_SPAN}的?(计时|定时|倒)"
        r"|定时器|倒计时|秒表",
        r"\b(set|start|give me|begin)\b.{0,20}\b(timer|countdown|stopwatch)\b|\btimer for\b"
        r"|\bremind me in\b",
        "我还不能计时，请用手机或手表。",
        "I can't run timers yet. Please use a phone or a watch.",
    ),
    _ability(
        "alarm",
        r"(定|设|订|调|开|关|取消|来|加)[^，。？！]{0,12}闹[钟铃]|闹[钟铃](定|设|调|响|取消|改|关)"
        rf"|(叫|喊)(我|一下我|醒我)[^，。？！]{{0,4}}(起床|起来|醒)|叫醒我|{_HOUR}.{{0,4}}(叫|喊)我"
        r"|提醒(我|一下|你我)|(记得|到时候?)(叫|提醒|喊)",
        r"\b(set|cancel|make|turn off)\b.{0,24}\balarms?\b|\bwake me\b|\bremind me\b"
        r"|\b(set|make|create) (a |an )?reminder\b",
        "我还不能定闹钟，也不能提醒你，请用手机。",
        "I can't set alarms or reminders yet. Please use your phone.",
    ),
    _ability(
        "weather",
        r"(今天|明天|后天|大后天|今晚|明早|现在|外面|这周|本周|下周|周[一二三四五六日末]|最近|北京|上海"
        r"|广州|深圳|这里|当地)[^，。？！]{0,8}(天气|气温|下雨|下雪|刮风|几度|多少度|冷不冷|热不热|带伞)"
        r"|天气(怎么样|如何|好吗|预报)|(查|看|报|问)[^，。？！]{0,6}天气|(会|要)不会?下[雨雪]吗?$"
        r"|外面.{0,2}(冷|热|下雨|下雪)吗",
        r"\bweather\b.{0,20}\b(today|tomorrow|tonight|now|outside|like|this week|forecast)\b"
        r"|\b(what'?s|how'?s|how is|check) the weather\b|\b(will|is) it (going to )?(rain|snow)"
        r"|\bweather forecast\b",
        "我没有联网，看不到天气。",
        "I'm offline, so I can't see the weather.",
    ),
    _ability(
        "news",
        r"(今天|最新|最近|今日|昨天|现在)[^，。？！]{0,6}(新闻|消息|头条|股价|股市|行情|汇率|比分|热搜)"
        r"|(播|放|读|念|看|听|查|讲)(一?下|点|一?些|个)?(今天的?|最新的?)?(新闻|头条)"
        r"|(新闻|头条)有(什么|哪些)",
        r"\b(latest|today'?s|recent|current|breaking) (news|headlines|stock|score|exchange)"
        r"|\b(read|play|tell me|what'?s in|what'?s) (me )?the (news|headlines)\b",
        "我没有联网，不知道最近的新闻。",
        "I'm offline, so I don't have any news.",
    ),
    _ability(
        "call",
        r"(打|拨)(个|通|一个|一通)?(电话|视频)|给.{1,8}(打电话|发短信|发微信|发消息|发邮件|打个电话|拨号)"
        r"|拨打|(打|拨)\s*(110|119|120|10086|\d{5,})|呼叫[^，。？！]{1,6}$|发(条|个)?(短信|微信)",
        r"^(please |can you |could you )?(call|phone|ring|dial|text) (?!it\b|this\b|that\b|them\b"
        r"|a\b|the color)\w+|\bmake a (phone )?call\b|\bsend (a |an )?(text|message|email|sms)\b",
        "我不能打电话，也不能发消息，请用手机。",
        "I can't make calls or send messages. Please use your phone.",
    ),
    _ability(
        "music",
        rf"^{_ASK}(播放|播|放|来|听|点|换)(一?首|点儿?|一?个|一?段|一?下|几首|些)?"
        r"[^，。？！吗]{0,10}(音乐|歌曲?|曲子?|儿歌|收音机|广播|电台|有声书|评书|相声)"
        rf"(听听|给我听|来听)?{_DONE}"
        rf"|^{_ASK}(给我)?唱(一?首|一?个|一?支)?[^，。？！吗]{{0,8}}歌(听听|给我听)?{_DONE}"
        rf"|^{_ASK}(暂停|停止|继续)(播放|音乐|放歌){_DONE}|^{_ASK}(上|下)一首(歌)?{_DONE}",
        r"^(please |can you |could you |lory,? )*play (me )?(some |a |the |my )?"
        r"(?!role|game|chess|the role)[\w' ]{0,24}\b(music|songs?|jazz|radio|playlist|podcast)\b"
        r"|^(please |can you |could you )*sing (me |us )?(a |the |some )?[\w ]{0,16}\bsong\b",
        "我不能放音乐，也不会唱歌。",
        "I can't play music, and I can't sing.",
    ),
    _ability(
        "home",
        rf"^{_ASK}(打开|关闭|关掉|关上|开一?下|关一?下|开|关)(一?下)?[^，。？！吗]{{0,5}}{_DEVICE}"
        rf"{_DONE}|^{_ASK}(把|将)[^，。？！]{{0,6}}{_DEVICE}(的?(温度|亮度|音量|声音))?"
        rf"(都|给我)?(打开|关掉|关上|关闭|关|开|拉上|拉开|调[高低大小亮暗到][^，。？！]{{0,6}}){_DONE}"
        rf"|^{_ASK}{_DEVICE}(的?(温度|亮度))?调[高低大小亮暗到][^，。？！]{{0,6}}{_DONE}",
        r"^(please |can you |could you |lory,? )*(turn|switch) (on|off) (the |my |all the )?"
        r"[\w ]{0,16}\b(lights?|lamp|tv|television|fan|heater|heating|ac|air con\w*|curtains?)\b"
        r"|^(please |can you |could you |lory,? )*(turn|switch) the [\w ]{0,16}"
        r"(lights?|lamp|tv|fan|heater|heating|ac) (on|off)\b",
        "我没有连家里的电器，开关不了，请用手开。",
        "I'm not connected to anything in your home. Please use its switch.",
    ),
)


class Unable(Skill[Claim]):
    """Says no to what no skill can do. A claim's intent is the name of its `Ability`."""

    name = "unable"

    def claim(self, said: Said) -> Claim | None:
        """See `Skill`."""
        text = said.text.strip()
        if _ABOUT.search(text):
            return None
        for ability in UNABLE:
            if ability.name not in self.able and (
                ability.zh.search(text) or ability.en.search(text)
            ):
                reply = ability.answers[said.language.value]
                return Claim(skill=self.name, intent=ability.name, said=said, reply=reply)
        return None


SKILL = Unable
