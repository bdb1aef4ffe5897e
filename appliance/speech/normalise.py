"""Text as the model writes it to text as a voice can read it: no digits, symbols or markup.

wetext's grammars read dates, times, telephone numbers, measures and fractions; the tables here
handle what they leave or get wrong (money with ￥, versions, units of computing, arithmetic),
and what a language model adds: Markdown, links, emoji.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import cast

from opencc import OpenCC
from wetext import Normalizer

_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

_DIGIT_NAMES = dict(zip("0123456789", "零一二三四五六七八九", strict=True))


def _spell_digits(text: str) -> str:
    return "".join(_DIGIT_NAMES.get(character, character) for character in text)


def _version(match: re.Match[str]) -> str:
    return _spell_digits(match[0]).replace(".", "点")


def _address(match: re.Match[str]) -> str:
    return match[0].replace("@", "艾特").replace(".", "点")


def _rules(*pairs: tuple[str, str | Callable[[re.Match[str]], str]]) -> tuple[_Rule, ...]:
    return tuple((re.compile(pattern, re.M), replacement) for pattern, replacement in pairs)


_MARKUP = _rules(
    (r"```[^\n`]*\n?", "\n"),
    (r"!?\[([^\]]*)\]\([^)]*\)", r"\1"),
    (r"https?://\S+?(?=[，。！？；、\s)）]|$)", "链接"),
    (r"<[^<>\n]{1,40}>", ""),
    (r"^\s{0,3}#{1,6}\s+", ""),
    (r"^\s*[-*+•]\s+", ""),
    (r"^\s*>\s?", ""),
    (r"^\s*(\d{1,2})[.)]\s+", r"第\1，"),
    (r"^\s*([-*_=]\s*){3,}$", ""),
    (r"[*_~`]{2,}|`", ""),
    (r"(?<![\d*])\*(?=\S)|(?<=\S)\*(?![\d*\s])", ""),
    (r"^\s*\|?[\s:|-]+\|[\s:|-]*$", ""),
    (r"\|", "，"),
)

# Chemical and computing units that wetext leaves as letters, or reads as something else.
_UNITS = {
    **{"GHz": "吉赫兹", "MHz": "兆赫兹", "kHz": "千赫兹", "Hz": "赫兹", "dB": "分贝"},
    **{"kWh": "千瓦时", "mAh": "毫安时", "kW": "千瓦", "mW": "毫瓦", "W": "瓦", "V": "伏"},
    **{"mA": "毫安", "ms": "毫秒", "Mbps": "兆比特每秒", "Gbps": "吉比特每秒", "fps": "帧每秒"},
    **{"GB": "G B", "MB": "兆字节", "TB": "T B", "KB": "K B", "kB": "K B", "km/h": "公里每小时"},
    **{"m/s": "米每秒", "Ω": "欧姆", "°": "度", "kcal": "千卡", "hPa": "百帕"},
}
_UNIT_NAMES = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_NUMBER = r"\d[\d,]*(?:\.\d+)?"

_WRITTEN = _rules(
    (rf"[￥¥]\s*({_NUMBER})\s*(万|亿|千|百)?元?", r"\1\2元"),
    (rf"€\s*({_NUMBER})", r"\1欧元"),
    (rf"£\s*({_NUMBER})", r"\1英镑"),
    (r"[\w.+-]+@[A-Za-z\d-]+(?:\.[A-Za-z\d-]+)+", _address),
    (r"(?<![\d.])\d+(?:\.\d+){2,}(?![\d.])", _version),
    (r"(?<=[vV])\d+(?:\.\d+)+", _version),
    (rf"({_NUMBER})\s*(?:℃|°C)", r"\1摄氏度"),
    (rf"({_NUMBER})\s*(?:{_UNIT_NAMES})(?![A-Za-z])", lambda m: m[1] + _unit(m[0], m[1])),
    (r"([A-Za-z]\d[\d.]*)-(?=\d)", r"\1 "),
    (r"(?<=[A-Za-z])(?=\d)", " "),
    (r"(?<=\d)(?=[A-Za-z])(?!(?:kg|g|mg|km|m|cm|mm|l|ml|mL|L|t)\b)", " "),
    (r"(?<=[A-Za-z])[-_](?=[\w])", " "),
    (r"(?<=[\d.])\s*-\s*(?=[\d.]+\s*[=＝])", "减"),
    (r"(?<=\d)\s*[*×xX·]\s*(?=\d)", "乘"),
    (r"(?<=\d)\s*÷\s*(?=\d)", "除以"),
    (r"(?<=[\w)）])\s*\+\s*(?=[\w(（])", "加"),
    (r"\s*[=＝]\s*", "等于"),
    (r"(?<=\w)\s*(?:<=|≤)\s*(?=\w)", "小于等于"),
    (r"(?<=\w)\s*(?:>=|≥)\s*(?=\w)", "大于等于"),
    (r"(?<=\w)\s*<\s*(?=\w)", "小于"),
    (r"(?<=\w)\s*>\s*(?=\w)", "大于"),
    (r"≈", "约等于"),
    (r"±", "正负"),
    (r"→", "到"),
    (r"(?<![A-Za-z])C#", "C sharp"),
    (r"(?<=[A-Za-z])\+\+", "加加"),
    (r"&", "和"),
    (r"(?<=\D)\.(?=[A-Za-z]{2,4}\b)", "点"),
)

_SPOKEN = _rules(
    (r"(?<=[零一二三四五六七八九十百千万亿点])\*(?=[零一二三四五六七八九十])", "乘"),
    (r"[%％]", "百分号"),
    (r"[~～]+", "，"),
    (r"[《》「」『』【】〈〉\[\]{}“”‘’\"]", " "),
    (r"\s*[（(]\s*", "，"),
    (r"\s*[）)]\s*", "，"),
    (r"—+|――+| - ", "，"),
    (r"…+|\.{2,}|。{2,}", "。"),
    (r"\n+", "。"),
    (r"[^\w\s，。！？；：、,.!?;:'-]|_", " "),
    (r"(?<![A-Za-z])'|'(?![A-Za-z])|-", " "),
    (r"\s+", " "),
    (r"(?<=[，。！？；：、])[\s，、；：,;:。.]+", ""),
    (r"^[\s，。；：、,.;:]+", ""),
)


def _unit(whole: str, number: str) -> str:
    return _UNITS[whole[len(number) :].strip()]


@cache
def _normaliser() -> Normalizer:
    return Normalizer(lang="zh", operator="tn")


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def _apply(rules: tuple[_Rule, ...], text: str) -> str:
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text


def _half_width(text: str) -> str:
    return "".join(
        chr(ord(c) - 0xFEE0) if "０" <= c <= "９" or "Ａ" <= c <= "Ｚ" or "ａ" <= c <= "ｚ" else c
        for c in text
    )


def _read_numbers(text: str) -> str:
    # Line by line: the grammars know no line breaks. What they cannot read is spelled.
    lines = []
    for line in text.split("\n"):
        read = cast(str, _normaliser().normalize(line)) if re.search(r"\d", line) else line
        lines.append(_spell_digits(read if read.strip() else line))
    return "\n".join(lines)


def normalise(text: str) -> str:
    """`text` for reading aloud: hanzi, Latin letters and the punctuation that makes pauses.

    Empty when nothing in it can be spoken. Never raises, whatever the model wrote.
    """
    text = _half_width(text.replace("\r", "\n").replace("\x00", ""))
    text = _apply(_MARKUP, text)
    text = _apply(_WRITTEN, text)
    text = _read_numbers(text)
    text = _apply(_SPOKEN, _simplifier().convert(text))
    return text.strip() if re.search(r"[^\W_]", text) else ""
