"""What a language model writes for the eye, made fit for the ear: Markdown, LaTeX, code, links."""

from __future__ import annotations

import html
import re

from appliance.speech.rules import apply, rules
from ui.tex_signs import SIGNS

_LINK = "链接"
_CODE = "代码请看屏幕。"

_MARKDOWN = rules(
    (r"^[ \t]*`{3}[^\n]*$", ""),
    (r"!?\[([^\]\n]*)\]\([^)\n]*\)", r"\1"),
    (r"(?:https?://|ftp://)[^\s，。！？；、）)>\u4e00-\u9fff]+", _LINK),
    (r"</?[A-Za-z][^<>\n]{0,60}>", ""),
    (r"^[ ]{0,3}#{1,6}\s+", ""),
    (r"^[ \t]*>(?:\s|$)", ""),
    (r"^[ \t]*[-*+•·]\s+(?:\[[ xX]\]\s+)?", ""),
    (r"^[ \t]*(\d{1,2})[.)]\s+", r"第\1，"),
    (r"^[ \t]*([-*_=][ \t]*){3,}$", ""),
    (r"^[ \t]*\|?[ \t:|-]*-[ \t:|-]*\|[ \t:|-]*$", ""),
    (r"^[ \t]*\|[ \t]*|[ \t]*\|[ \t]*$", ""),
    (r"[ \t]*\|[ \t]*", "，"),
    (r"\*{2,}|_{2,}|~{2,}|`+", ""),
    (r"(?<![\d*\s])\*(?!\s*\d)|(?<![\d*])\*(?=[^\d\s*])", ""),
)

_LATEX = rules(
    (r"\\[()\[\]]|\${2}", " "),
    (r"\$([^$\n]*\\[A-Za-z][^$\n]*)\$", r" \1 "),  # a sum, and no dollars
    (r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"\2分之\1"),
    (r"\\sqrt\s*\{([^{}]*)\}", r"根号\1"),
    (r"\\(?:text|mathrm|mathbf|operatorname)\s*\{([^{}]*)\}", r"\1"),
    (r"\^\s*\{([^{}]*)\}", r"^\1"),
    (r"_\s*\{([^{}]*)\}", r" \1"),
    (r"\\cdot(?![A-Za-z])", "×"),  # shown as a dot, and said as what it means
    (rf"\\({'|'.join(SIGNS)})(?![A-Za-z])", lambda found: SIGNS[found[1]]),
    (r"\\(?:left|right|quad|,|;|!)", " "),
    (r"\\[a-z]{2,}|\\(?=[{}%#&_$])", " "),
)


# Dollars around a formula: no hanzi between them, no blank next to them, and something that no sum
# of money has. `$5和$10` is money.
_INSIDE = r"[^$\n\u3400-\u9fff]{0,200}?"
FORMULA = re.compile(rf"\$(?=[^\s$])({_INSIDE}[\\^_={{}}a-zA-Z+*/<>]{_INSIDE})(?<=\S)\$(?!\d)")


def plain(text: str) -> str:
    """The words of it, one line a line."""
    if "&" in text:
        text = html.unescape(text)
    text = FORMULA.sub(r"\1", text) if text.count("$") > 1 and "$$" not in text else text
    if any(mark in text for mark in ("\\", "$$", "^{", "_{")):
        text = apply(_LATEX, text)
    return apply(_MARKDOWN, text)


class CodeBlocks:
    """Follows an answer clause by clause; code is not read aloud, only mentioned once."""

    _FENCE = re.compile(r"^\s*`{3}", re.M)

    def __init__(self) -> None:
        self._inside = False

    def without_code(self, text: str) -> str:
        """What of the next piece of the answer is to be said."""
        pieces = self._FENCE.split(text)
        said = "" if self._inside else pieces[0]
        for piece in pieces[1:]:
            self._inside = not self._inside
            # After a fence comes the language's name, up to the end of the line.
            said += _CODE if self._inside else piece.partition("\n")[2]
        return said
