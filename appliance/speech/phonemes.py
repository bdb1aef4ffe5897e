"""Normalised text to Kokoro's phonemes: words, readings by phrase, tone sandhi, pauses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from pypinyin import Style, lazy_pinyin, load_phrases_dict

from appliance.speech import english, pinyin
from appliance.speech.sandhi import apply_sandhi
from appliance.speech.words import split_words

# Readings that pypinyin 0.55 gets wrong in everyday sentences.
_READINGS = {
    **{"调小": "tiáo xiǎo", "调大": "tiáo dà", "调低": "tiáo dī", "调高": "tiáo gāo"},
    **{"音量调": "yīn liàng tiáo", "空调": "kōng tiáo", "调到": "tiáo dào", "调成": "tiáo chéng"},
    **{"睡觉": "shuì jiào", "觉得": "jué de", "什么": "shén me", "怎么": "zěn me"},
    **{"会议": "huì yì", "还有": "hái yǒu", "还是": "hái shì", "还要": "hái yào"},
    **{"长得": "zhǎng de", "长大": "zhǎng dà", "全长": "quán cháng", "多长": "duō cháng"},
    **{"中了": "zhòng le", "重量": "zhòng liàng", "重启": "chóng qǐ", "几行": "jǐ háng"},
    **{"只有": "zhǐ yǒu", "一只": "yì zhī", "两只": "liǎng zhī", "三只": "sān zhī"},
    **{"睡不着": "shuì bù zháo", "着急": "zháo jí", "着火": "zháo huǒ", "为了": "wèi le"},
    **{"得去": "děi qù", "总得": "zǒng děi", "你得": "nǐ děi", "我得": "wǒ děi"},
    **{"好好地": "hǎo hǎo de", "慢慢地": "màn màn de", "地里": "dì lǐ", "便宜": "pián yi"},
}

_PAUSES = {
    **{"，": ", ", "、": ", ", "。": ". ", "！": "! ", "？": "? ", "；": "; ", "：": ": "},
    **{",": ", ", ".": ". ", "!": "! ", "?": "? ", ";": "; ", ":": ": "},
    **{"—": "— ", "…": "… ", "“": " “", "”": "” ", "（": " (", "）": ") ", "(": " (", ")": ") "},
}
_PARTS = re.compile(
    r"(?P<hanzi>[〇\u3400-\u9fff]+)|(?P<latin>[A-Za-z][A-Za-z']*)|(?P<other>.)", re.S
)

load_phrases_dict(
    {phrase: [[syllable] for syllable in reading.split()] for phrase, reading in _READINGS.items()}
)


def to_phonemes(text: str) -> str:
    """Phonemes of text that is already normalised (no digits). Unknown characters are silent."""
    result = "".join(_sounds(text))
    result = re.sub(r" +", " ", re.sub(r" +(?=[,.!?;:)])", "", result))
    return result.strip() if re.search(r"\w", result) else ""


def _sounds(text: str) -> Iterator[str]:
    for part in _PARTS.finditer(text):
        if part["hanzi"]:
            yield " ".join(_hanzi(part["hanzi"])) + " "
        elif part["latin"]:
            yield english.phonemes(part["latin"]) + " "
        else:
            yield _PAUSES.get(part["other"], " ")


def _one_each(unknown: str) -> str:
    # One entry per character, though pypinyin's stub only promises a string.
    return cast(str, list(unknown))


def _hanzi(run: str) -> Iterator[str]:
    words = split_words(run)
    flat = lazy_pinyin(words, style=Style.TONE3, neutral_tone_with_five=True, errors=_one_each)
    readings, start = [], 0
    for word in words:
        readings.append(flat[start : start + len(word)])
        start += len(word)
    for spoken in apply_sandhi(words, readings):
        yield "".join(pinyin.phonemes(syllable) for syllable in spoken)


_BREAKS = (". ", "! ", "? ", "; ", ", ", ": ", " ")


def split_long(sounds: str, limit: int) -> list[str]:
    """Pieces of at most `limit` symbols, cut at the strongest pause in the second half."""
    pieces = []
    while len(sounds) > limit:
        cut = limit
        for mark in _BREAKS:
            found = sounds.rfind(mark, limit // 2, limit)
            if found >= 0:
                cut = found + len(mark)
                break
        pieces.append(sounds[:cut].strip())
        sounds = sounds[cut:]
    if sounds.strip():
        pieces.append(sounds.strip())
    return pieces
