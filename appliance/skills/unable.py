"""What the box cannot do, recognised before the model is asked, and said honestly.

A small language model says "好的" to an alarm it cannot set. So requests for what no part of the
box can do never reach it. A skill that `does` one of them takes its row out by being
there. A request is found by its whole sentence, never by a word: what to say when one dials 120 is
a question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from appliance.skills.skill import Claim, Said, Skill
from ui.strings import Text

# Talk *about* a thing (what it is, who invented it, how a phone does it) is the model's business.
_ABOUT = re.compile(
    r"是什么|什么是|什么意思|发明|历史|原理|怎么(说|写|读|拼|翻译|用|画|形容|描述|制作)|如何(写"
    r"|用|描述)"
    r"|英[文语]|翻译|由来|区别|为什么|作文|故事|笑话|诗|成语|这个词|写一[篇首段个封]"
    r"|手机上|苹果手机|安卓|电脑上|代码|程序|python"
    r"|\b(what is an?|who invented|history of|how (does|do|did)|meaning of|translate|write|story"
    r"|joke|poem|explain|code|program)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ability:
    """One kind of request. `zh` and `en` find it in a text."""

    name: str
    zh: re.Pattern[str]
    en: re.Pattern[str]
    answer: Text


def _ability(name: str, zh: str, en: str, answer_zh: str, answer_en: str) -> Ability:
    return Ability(
        name,
        re.compile(zh),
        re.compile(en, re.IGNORECASE),
        Text(answer_zh, answer_en),
    )


# What a request may begin and end with; in between stands what is wanted.
_ASK = r"(请|帮我|麻烦|给我|替我|我想|我要|想|能不能|可以|可不可以|能|小鹿|嗨|喂|你|现在|[，,\s])*"
_DONE = r"(吧|呗|了|一下|好吗|行吗|可以吗|好不好|吗|[。！!？?\s])*$"
_DEVICE = (
    r"(灯|台灯|顶灯|空调|电视机?|窗帘|电?风扇|电扇|暖气|加湿器|净化器|插座|热水器"
    r"|扫地机器?人?|投影仪?)"
)

_ABOUT_DAY = (
    r"(今天|明天|后天|大后天|今晚|明早|昨天|今日|明日|现在|外面|室外|这周|本周|下周|这周末|周末"
    r"|周[一二三四五六日末]|星期[一二三四五六日天]"
    r"|最近|这几天|未来几天|早上|晚上|下午|上午|中午|北京|上海|广州|深圳|成都|杭州|南京|武汉"
    r"|西安|重庆|天津|这里|当地|这边|家里|的|,|，)*"
)
_HOW = (
    r"(怎么样|怎样|如何|好吗|好不好|咋样|啥样|预报|情况|是多少|多少|是什么|有哪些|有什么|高吗"
    r"|低吗|多少度|是多少度|适合出门)*"
)
_ASKS = r"(吗|么|呢|不|没有|了)*"
_WHAT = r"(什么|哪些|啥)"
_WHO = r"(?!.*(?:几|多少)[？?。]*$)[^，。？！,.?!什怎哪谁吗]{1,8}?"

UNABLE: tuple[Ability, ...] = (
    _ability(
        "weather",
        rf"^{_ASK}{_ABOUT_DAY}(天气|气温|温度|冷热){_HOW}{_DONE}"
        rf"|^{_ASK}{_ABOUT_DAY}(会|要|有没有|会不会|要不要|是不是要|用不用|需要|该不该|能不能)*"
        rf"(下雨|下雪|刮风|降温|带伞|打伞|有雨|有雪|出太阳|下冰雹|起雾){_DONE}"
        rf"|^(?!你){_ASK}{_ABOUT_DAY}((多少|几)度|冷不冷|热不热|冷吗|热吗|冷|热|什么天气"
        rf"|天气){_ASKS}{_DONE}"
        rf"|^{_ASK}(查|看|报|问|播|说)(一?下|一?查|一?看)?{_ABOUT_DAY}天气(预报|情况)?{_DONE}",
        r"^(what's|how's|how is|what is|check|tell me)?( the)? ?weather( like| forecast)?"
        r"( (today|tomorrow|tonight|now|outside|this week|in \w+))*\W*$"
        r"|^(will|is) it (going to )?(rain|snow|be (cold|hot|windy|sunny))"
        r"( (today|tomorrow|tonight|this week))*\W*$",
        "我没有联网，看不到天气。",
        "I'm offline, so I can't see the weather.",
    ),
    _ability(
        "news",
        rf"^{_ASK}(今天|最新|最近|今日|昨天|现在|当前|这几天)*(的|有|有没有)*{_WHAT}*(重大|国际"
        rf"|国内|体育|娱乐)?"
        rf"(的)?(新闻|消息|头条|股价|股市|行情|汇率|比分|热搜|油价|金价){_HOW}(是"
        rf"|有)?{_WHAT}*{_DONE}"
        rf"|^{_ASK}(播|放|读|念|看|听|查|讲|来)(一?下|点儿?|一?些|个|报)*"
        rf"(今天|最新|最近|今日)?的?(新闻|头条|股价|股市|汇率){_DONE}",
        r"^(what's|what is|what are|tell me|read|read me|play|give me)?( in)?( the)?"
        r" ?(latest|today's|recent|current|breaking)? ?(news|headlines|stock prices?|exchange rate)"
        r"( (today|now))?\W*$",
        "我没有联网，不知道最近的新闻。",
        "I'm offline, so I don't have any news.",
    ),
    _ability(
        "call",
        rf"^{_ASK}(打|拨)(个|通|一个|一通|一下)?(电话|视频|视频电话|语音)"
        rf"((给|找|叫){_WHO})?{_DONE}"
        rf"|^{_ASK}(给|跟|和|向|找){_WHO}(打|发|拨|通)(个|条|一个|一条|通|一通|一下|封)?"
        rf"(电话|视频|短信|微信|消息|邮件|语音|信息|号){_DONE}"
        rf"|^{_ASK}(拨打|拨|打|呼叫|叫)(一下)?(电话)?\s*(110|119|120|122|10086|\d{{5,12}}|急救"
        rf"|救护车|警察)(电话)?{_DONE}"
        rf"|^{_ASK}(呼叫|联系|联系一下|致电){_WHO}{_DONE}"
        rf"|^{_ASK}(发|回)(条|个|一条|一个|封)?(短信|微信|消息|邮件|信息)((给|到){_WHO})?{_DONE}",
        r"^(please |can you |could you )*(call|phone|ring|dial|text) (?!me\b|it\b|this\b|that\b"
        r"|them\b|a\b|an\b|of\b|for\b|the color|us\b|center|back)"
        r"(my |our |the )?[\w'-]{1,16}( [\w'-]{1,16})?\W*$"
        r"|^(please |can you |could you )*(make a (phone )?call|send (a |an )?(text|message"
        r"|email|sms))"
        r"( to [\w' ]{1,24})?\W*$",
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
        rf"(都|给我)?(打开|关掉|关上|关闭|关|开|拉上|拉开|调[高低大小亮暗到][^，。？！]{{0,6}})"
        rf"{_DONE}"
        rf"|^{_ASK}{_DEVICE}(的?(温度|亮度))?调[高低大小亮暗到][^，。？！]{{0,6}}{_DONE}",
        r"^(please |can you |could you |lory,? )*(turn|switch) (on|off) (the |my |all the )?"
        r"[\w ]{0,16}\b(lights?|lamp|tv|television|fan|heater|heating|ac|air con\w*|curtains?)\b"
        r"(?! in (?!the|my|our|here|there)\w+$)"
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
                reply = ability.answer.of(said.language)
                return Claim(skill=self.name, intent=ability.name, said=said, reply=reply)
        return None


SKILL = Unable
