"""Where a line may be broken: the pair rules of UAX #14 with the Chinese prohibitions.

Sources: Unicode Standard Annex #14, "Unicode Line Breaking Algorithm" (classes and rules LB4-LB31
are named below), and W3C "Requirements for Chinese Text Layout" (clreq), prohibition rules for
line start and line end. Classes come from general category and east Asian width, with the
punctuation that differs listed here. Tailored: typographic quotes are brackets, not ambiguous;
full-width digits are digits; the marks that clreq keeps from a line start (·～／) never begin one.
"""

from __future__ import annotations

import unicodedata
from enum import Enum, auto
from functools import lru_cache


class Class(Enum):
    """Line breaking classes, by the names of UAX #14, and two of ours.

    AQ: ’, closing quote or apostrophe. OA: an opening bracket that is not wide, for LB30.
    """

    BK = auto()
    CM = auto()
    ZWJ = auto()
    ZW = auto()
    WJ = auto()
    GL = auto()
    SP = auto()
    OP = auto()
    OA = auto()
    CL = auto()
    CP = auto()
    QU = auto()
    AQ = auto()
    NS = auto()
    EX = auto()
    IS = auto()
    SY = auto()
    PR = auto()
    PO = auto()
    HY = auto()
    BA = auto()
    BB = auto()
    B2 = auto()
    IN = auto()
    NU = auto()
    AL = auto()
    ID = auto()
    RI = auto()
    CB = auto()


_LISTED = {
    Class.BK: "\n\v\f\x85\u2028\u2029",
    Class.ZWJ: "\u200d",
    Class.ZW: "\u200b",
    Class.WJ: "\u2060\ufeff",
    Class.GL: "\xa0\u202f\u2007\u2011\u034f\u0f0c\u180e",
    Class.SP: " ",
    Class.OP: "“‘〝¡¿",
    Class.CL: "、。，．｡､”〞",
    Class.CP: ")]",
    Class.QU: "\"'«»‹›‟‛",
    Class.AQ: "’",
    Class.NS: "：；・･ー々〻〜ゝゞヽヾ～／ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ‼⁇⁈⁉·•",
    Class.EX: "!?！？",
    Class.IS: ",.:;",
    Class.SY: "/",
    Class.PR: "$+\\±№¥£€₩￥＄￡￦−",
    Class.PO: "%¢°‰‱′″℃℉％￠",
    Class.HY: "-",
    Class.BA: "\t\u3000\xad|‐‒–\u1680\u205f" + "".join(map(chr, range(0x2000, 0x200B))),
    Class.BB: "´",
    Class.B2: "—―⸺⸻",
    Class.IN: "…‥︙",
    Class.CB: "\ufffc",
}
_BY_CHAR = {char: name for name, chars in _LISTED.items() for char in chars}
_WIDE = {"W", "F"}
_REGIONAL = range(0x1F1E6, 0x1F200)


@lru_cache(maxsize=4096)
def line_break_class(char: str) -> Class:
    """The class of one character, ambiguous ones resolved (LB1)."""
    listed = _BY_CHAR.get(char)
    if listed is not None:
        return listed
    if ord(char) in _REGIONAL:
        return Class.RI
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Mc", "Cf", "Cc"):
        return Class.CM
    wide = unicodedata.east_asian_width(char) in _WIDE
    if category == "Ps":
        return Class.OP if wide else Class.OA
    if category == "Pe":
        return Class.CL
    if category == "Nd":
        return Class.NU
    return Class.ID if wide else Class.AL


_ALPHA = {Class.AL, Class.NU}
_OPENING = {Class.OP, Class.OA}
# Never before these, even after spaces (LB13).
_NOT_AT_START = {Class.CL, Class.CP, Class.EX, Class.IS, Class.SY}
# Never before these without a space: LB19 (QU), LB21, LB22.
_GLUED = {Class.QU, Class.AQ, Class.BA, Class.HY, Class.NS, Class.IN}
_NUMERIC = {  # LB25
    *((before, Class.PO) for before in (Class.CL, Class.CP, Class.NU, Class.ID)),
    *((before, Class.PR) for before in (Class.CL, Class.CP, Class.NU)),
    *((Class.PO, after) for after in (*_OPENING, *_ALPHA)),
    *((Class.PR, after) for after in (*_OPENING, *_ALPHA, Class.ID)),
    *((before, Class.NU) for before in (Class.HY, Class.IS, Class.SY)),
    *((Class.AL, after) for after in (Class.PR, Class.PO)),
}


def _may_break(before: Class, after: Class, spaces: bool) -> bool:
    """The pair rules, for classes that are neither marks nor spaces."""
    if after in _NOT_AT_START or before in _OPENING:  # LB13, LB14
        return False
    if Class.WJ in (before, after):  # LB11
        return False
    if before in (Class.CL, Class.CP) and after is Class.NS:  # LB16
        return False
    if before is Class.B2 and after is Class.B2:  # LB17
        return False
    if spaces:  # LB18
        return not (before is Class.QU and after in _OPENING)  # LB15
    if before in (Class.GL, Class.QU, Class.BB) or after in _GLUED:  # LB12, LB19, LB21, LB22
        return False
    if after is Class.GL:  # LB12a
        return before in (Class.BA, Class.HY)
    if before in (Class.AQ, Class.IS) and after in _ALPHA:  # LB29; an apostrophe in a word
        return False
    if (before, after) in _NUMERIC:
        return False
    if before in _ALPHA and after in (*_ALPHA, Class.OA):  # LB23, LB28, LB30
        return False
    return not (before is Class.CP and after in _ALPHA)  # LB30; all else is free by LB31


class Breaker:
    """Fed one character after the other, says whether the line may be broken before it."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget what came before: the next character begins a line."""
        self._before: Class | None = None
        self._spaces = False
        self._joined = False
        self._regional = 0

    def feed(self, char: str) -> bool:
        """Take the next character; True if a line may begin with it."""
        now = line_break_class(char)
        if now is Class.SP:  # LB7
            self._spaces = True
            return False
        before, spaces, joined = self._before, self._spaces, self._joined
        self._joined = now is Class.ZWJ
        if now in (Class.CM, Class.ZWJ):
            if before is not None and not spaces and before is not Class.ZW:
                return False  # LB9: it belongs to what it stands on
            now = Class.AL  # LB10
        self._regional = self._regional + 1 if now is Class.RI and not spaces else 0
        self._before, self._spaces = now, False
        if before is None or now is Class.ZW:
            return False
        if before is Class.ZW:  # LB8
            return True
        if joined:  # LB8a
            return False
        if now is Class.RI and before is Class.RI and not spaces:  # LB30a
            return self._regional % 2 == 1
        return _may_break(before, now, spaces)
