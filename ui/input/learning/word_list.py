"""What was learnt as text, to be kept, edited and taken to another box.

A line is `word TAB pinyin [TAB count]`, or `word TAB word TAB count TAB pair`, or
`word TAB word TAB word TAB gain TAB fix`; pinyin is parted by apostrophes, or by spaces as in the
lists of other programs. `#` begins a comment.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from typing import Final

from ui.input.learning.user import (
    MAX_OWN_LENGTH,
    FixRow,
    Learnt,
    PairRow,
    WordRow,
)

DEFAULT_COUNT: Final = 2.0  # of a word without one
_FORM: Final = "word TAB pinyin [TAB count] is wanted, as in 小鹿 TAB xiao'lu TAB 3"
# Controls, formats such as marks of direction, halves of a pair, private and unassigned signs,
# separators of lines; and letters and symbols whose picture is empty.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FORM_SIGN: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_TONE: Final = re.compile("[\u0300\u0301\u0304\u030c]|(?<=[a-z])[1-5]")
_APOSTROPHE: Final = re.compile("['’‘`´]")
_BLANKS: Final = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def to_text(learnt: Learnt) -> str:
    """All rows of `learnt`, whose counts must be those of its step."""
    lines = [f"{row.text}\t{chr(39).join(row.reading)}\t{row.count:.4g}" for row in learnt.words]
    lines += [f"{row.before}\t{row.after}\t{row.count:.4g}\tpair" for row in learnt.pairs]
    lines += [f"{row.before}\t{row.last}\t{row.word}\t{row.gain:.4g}\tfix" for row in learnt.fixes]
    return "".join(line + "\n" for line in lines)


def from_text(
    text: str, step: int, can_spell: Callable[[tuple[str, ...]], bool], own: Callable[[str], bool]
) -> Learnt:
    """The rows of a text, true at `step`. `own`: whether the model does not hold a word.

    ValueError names the first line that cannot be read.
    """
    words: list[WordRow] = []
    pairs: list[PairRow] = []
    fixes: list[FixRow] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        line = line.removesuffix("\r")
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        try:
            if len(fields) == 5 and fields[4] == "fix":
                before, last = map(_visible, fields[:2])
                fixes.append(FixRow(before, last, _word(fields[2]), _number(fields[3]), step))
            elif len(fields) == 4 and fields[3] == "pair":
                before, after = _visible(fields[0]), _word(fields[1])
                pairs.append(PairRow(before, after, _number(fields[2], above=0), step))
            elif len(fields) not in (2, 3):
                raise ValueError(_FORM)
            else:
                count = _number(fields[2], above=0) if len(fields) > 2 else DEFAULT_COUNT
                word, reading = _word(_visible(fields[0]).strip()), _reading(fields[1])
                if len(word) > MAX_OWN_LENGTH:
                    raise ValueError(f"a word of more than {MAX_OWN_LENGTH} characters")
                if not can_spell(reading):
                    raise ValueError(f"no such pinyin: {fields[1]!r}; {_FORM}")
                words.append(WordRow(word, reading, count, step, own(word)))
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error
    return Learnt(step, tuple(words), tuple(pairs), tuple(fixes))


def _word(text: str) -> str:
    if not _visible(text).strip():
        raise ValueError(f"a word is wanted: {_FORM}")
    return text


def _visible(text: str) -> str:
    """A word could never be seen or chosen by what cannot be seen in it."""
    for before, sign in zip(f" {text}", text, strict=False):
        # What chooses a form shows only on what has several: on emoji, not on hanzi.
        formless = bool(_FORM_SIGN.match(sign)) and "\u2e80" <= before <= "\u9fff"
        if unicodedata.category(sign) in _UNSEEN or sign in _BLANKS or formless:
            raise ValueError(f"the word holds U+{ord(sign):04X}, which cannot be seen")
    return text


def _reading(pinyin: str) -> tuple[str, ...]:
    """The syllables; tones, as dictionaries and chat programs write them, are left out."""
    parted = (
        unicodedata.normalize("NFD", pinyin.lower()).replace("u\u0308", "v").replace("e\u0302", "e")
    )
    letters = _TONE.sub("", parted.replace("u:", "v"))
    return tuple(_APOSTROPHE.sub(" ", letters).split())


def _number(text: str, above: float = -math.inf) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"{text!r} is no number; {_FORM}") from None
    if not above < number < math.inf:
        raise ValueError(f"a number above {above:g} is wanted")
    return number
