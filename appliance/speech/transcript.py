"""What recognisers write, made fit to be asked: simplified, without loops and inventions."""

from __future__ import annotations

import re
from functools import cache

from opencc import OpenCC

# The unit, then at least three more of it.
_LOOP = re.compile(r"(.{1,24}?)\1{3,}", re.S)
_LOOP_CHARACTERS = 10

# What Whisper was trained on wherever nobody spoke: credits of subtitles.
_INVENTED = re.compile(
    r"(字幕|訂閱|订阅|點贊|点赞|打賞|打赏|轉發|转发|明鏡|明镜|優優獨播|优优独播|志愿者|志願者|Amara"
    r"|谢谢观看|謝謝觀看|谢谢收看|感谢观看|感谢收看|多谢观看|多謝觀看|thank you for watching"
    r"|thanks for watching|subscribe|MING PAO|CC\s*字幕|中文字幕)",
    re.I,
)
_MOST_CHARACTERS_PER_SECOND = 14.0
_TAGS = re.compile(r"<\|[^|]*\|>")


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def has_loop(text: str) -> bool:
    """Whether a unit is repeated as a recogniser does that lost its place."""
    return any(len(loop[0]) >= _LOOP_CHARACTERS for loop in _LOOP.finditer(text))


def collapse_loops(text: str) -> str:
    """Each loop once."""
    return _LOOP.sub(lambda loop: loop[1] if len(loop[0]) >= _LOOP_CHARACTERS else loop[0], text)


def is_invented(text: str, seconds: float, rms_db: float) -> bool:
    """Whether a text of `seconds` of audio at this level was not spoken but made up.

    Subtitle credits are; so is anything short at a level nobody speaks at, and more characters
    than anybody can say in the time.
    """
    spoken = len(re.sub(r"[\W_]", "", text))
    credits = bool(_INVENTED.search(text)) and spoken <= 40
    faint = rms_db < -55.0 and spoken <= 12
    # Steady noise of some seconds becomes one or two characters.
    sparse = spoken <= 3 and seconds > 1.5 and spoken < 0.5 * seconds
    hasty = spoken > 4 + _MOST_CHARACTERS_PER_SECOND * seconds
    return not spoken or credits or faint or sparse or hasty


def tidy(text: str) -> str:
    """Simplified characters, full-width punctuation after hanzi, no engine tags."""
    text = _simplifier().convert(_TAGS.sub("", text)).strip()
    return re.sub(r"(?<=[\u4e00-\u9fff])\s*([,?!;:])\s*", lambda mark: _FULL_WIDTH[mark[1]], text)


_FULL_WIDTH = {",": "，", "?": "？", "!": "！", ";": "；", ":": "："}
