"""What recognisers write, made fit to be asked: simplified, without loops and inventions."""

from __future__ import annotations

import re

from appliance.speech.orthography import simplified

# The unit, then at least three more of it.
_LOOP = re.compile(r"(.{1,24}?)\1{3,}", re.S)
_LOOP_CHARACTERS = 10
_NO_WORDS = re.compile(r"[\d\W_零〇一二三四五六七八九幺]+")  # a number may well repeat itself

# A name says nothing of anything.
_NAMES = r"(?!.*[了的吧啊在有要把给很是我你太被能会]).{0,14}"
_GOODBYE = r"(我们)?(下次|下期|下集)?(节目|视频)?(再见|再会|见)?"
# What Whisper was trained on wherever nobody spoke: credits of subtitles and sign-offs. They count
# as a whole text, punctuation aside, never as a word in a question.
_CREDITS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(中文)?字幕(志愿者|组|提供者?|制作者?|翻译|校对|by){_NAMES}",
        r"(本?视频)?字幕由.{0,20}(提供|制作|翻译|校对)",
        r"(?=.*(点赞|订阅|打赏))(请|欢迎|记得|别忘了?|不吝|点赞|订阅|转发|打赏|支持|关注|收藏|分享|一键三连"
        r"|我们?的?|本|频道|栏目|和|并|与|小铃铛|开启|明镜|点点|喜欢|的话|如果|朋友|的|这个|视频){2,}",
        rf"(非常)?(谢谢|感谢|多谢)(大家|您|各位|你们?)?的?(观看|收看|收听|观赏)(本节目|视频)?{_GOODBYE}",
        rf"(本期|这期|今天的?)的?(视频|节目)(内容)?就?(先|到)*这里.{{0,12}}{_GOODBYE}",
        r"多谢.{0,4}收看.{0,12}再会",
        r"优优独播剧场.*",
        r"明镜需要您的支持.*",
        r"词曲李宗盛|作词.{1,8}作曲.{1,8}(编曲.{1,8})?",
        r"(subtitles?|captions?)by.{1,40}",
        r".{0,24}amaraorg.{0,12}",
        r"(thanks|thankyou)(somuch)?forwatching.{0,20}",
        r"(please)?(like|subscribe|share|comment|and|to|my|the|channel){2,}",
        r"mingpao.*",
    )
)
_ASKS = re.compile(
    r"怎么|怎样|如何|什么|为何|为啥|吗|呢|哪|谁|几|多少|能不能|可以|帮我|\b(how|what|why)\b", re.I
)
_MOST_CHARACTERS_PER_SECOND = 14.0
_NOISE_SECONDS = 2.8  # nobody needs so long for a syllable or two
# Of 114 clips of people the fastest had 7.8 characters a second; written twice it was 9.7 and more.
_MOST_REPEATED_A_SECOND = 8.5
_LEAST_UNIT = 3  # characters: 哈哈哈, 快跑快跑 are how people talk
_TAGS = re.compile(r"<\|[^|]*\|>")


def has_loop(text: str) -> bool:
    """Whether a unit is repeated as a recogniser does that lost its place."""
    return any(_is_loop(loop) for loop in _LOOP.finditer(text))


def collapse_loops(text: str) -> str:
    """Each loop once; a row of digits is none."""
    return _LOOP.sub(lambda loop: loop[1] if _is_loop(loop) else loop[0], text)


def _is_loop(loop: re.Match[str]) -> bool:
    return len(loop[0]) >= _LOOP_CHARACTERS and not _NO_WORDS.fullmatch(loop[1])


def said_once(text: str, seconds: float) -> str:
    """A short utterance that a recogniser wrote two or three times, the last perhaps cut, once.

    Only the sound tells: what was really said twice took the time of twice. `seconds` of speech,
    silence not counted.
    """
    spoken = [(place, sign) for place, sign in enumerate(text) if sign.isalnum()]
    if len(spoken) <= _MOST_REPEATED_A_SECOND * seconds:
        return text
    signs = "".join(sign for _, sign in spoken)
    if any(_repeats(signs, period) for period in range(1, _LEAST_UNIT)):
        return text
    for period in range(_LEAST_UNIT, 2 * len(signs) // 3 + 1):
        if _repeats(signs, period):
            return text[: spoken[period][0]].rstrip(" ,，、。")
    return text


def _repeats(signs: str, period: int) -> bool:
    """Whether `signs` is its beginning again and again, but for a sign or two misheard."""
    pairs = list(zip(signs, signs[period:], strict=False))
    wrong = sum(one != other for one, other in pairs)
    return wrong <= len(pairs) // 5


def is_invented(text: str, seconds: float, rms_db: float) -> bool:
    """Whether a text of `seconds` of audio at this level was not spoken but made up.

    Subtitle credits as a whole are; so is anything short at a level nobody speaks at, and more
    characters than anybody can say in the time. No word is suspect by itself: people ask about
    subtitles, too.
    """
    words = re.sub(r"[\W_]", "", simplified(text))
    spoken = len(words)
    credits = not _ASKS.search(words) and any(each.fullmatch(words) for each in _CREDITS)
    faint = rms_db < -55.0 and spoken <= 12
    # Steady noise of some seconds becomes one or two characters.
    sparse = spoken <= 2 and seconds >= _NOISE_SECONDS
    hasty = spoken > 4 + _MOST_CHARACTERS_PER_SECOND * seconds
    return not spoken or credits or faint or sparse or hasty


def tidy(text: str) -> str:
    """Simplified characters, full-width punctuation after hanzi, no engine tags."""
    text = simplified(_TAGS.sub("", text)).strip()
    return re.sub(r"(?<=[\u4e00-\u9fff])\s*([,?!;:])\s*", lambda mark: _FULL_WIDTH[mark[1]], text)


_FULL_WIDTH = {",": "，", "?": "？", "!": "！", ";": "；", ":": "："}
