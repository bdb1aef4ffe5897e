"""A sentence with its times folded away: what rules look at.

All neighbouring times become one sign, whatever they were: 明天早上七点半叫我起床 is drawn as
`⟨when⟩叫我起床`. So a rule says where a time may stand, and never how times are spelt; and a rule
that must match the whole sketch has accounted for every word of the sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from appliance.understanding.moments import Moment, gather
from appliance.understanding.plain import clean, plain
from appliance.understanding.scan import scan_plain
from appliance.understanding.tokens import Before, Duration, Lead, Number, Token

# Signs of the private use area, which `plain` takes out of every text.
WHEN = "\ue000"  # a moment, a date, a repeat
SPAN = "\ue001"  # a length of time
LEAD = "\ue002"  # so long before
AGO = "\ue003"  # so long ago, or before what was named
CLASH = "\ue004"  # times that contradict each other: 三点到五点
SIGNS = WHEN + SPAN + LEAD + AGO + CLASH
WORDS = f"[^{SIGNS}]"
"""A character class: anything but a time."""

_GLUE = re.compile(
    r"[ ,]*(?:的|在|从|于|是)?(?:开始|起|左右|那天|当天|这天|准时|整|大概|大约"
    r"|差不多)?[ ,]*(?:的|在|是)?[ ,]*"
    r"|[ ,]*(?:(?:at|on|by|in|the|of|for|from|starting|beginning|to|and) ?){0,3}[ ,]*"
)
_AT_MOST = 400
"""Characters in which rules look for times; what is longer is quoted text."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """`drawn` holds the sentence with signs; `moments` and `tokens` what stands behind each sign,
    `spans` where each character of `drawn` came from."""

    text: str
    drawn: str
    spans: tuple[tuple[int, int], ...]
    tokens: dict[int, tuple[Token, ...]]

    def words(self, start: int, end: int) -> str:
        """The user's own words behind a part of the drawing."""
        if start >= end:
            return ""
        return clean(self.text[self.spans[start][0] : self.spans[end - 1][1]])

    def moment(self, at: int) -> Moment:
        """What the sign `WHEN` at this place stands for."""
        return gather(self.tokens[at]) or Moment()

    def span(self, at: int) -> Duration:
        """What the sign `SPAN`, `LEAD` or `AGO` at this place stands for."""
        token = self.tokens[at][0]
        if isinstance(token, Lead | Before):
            return token.span
        assert isinstance(token, Duration)
        return token


def sketch(text: str) -> Sketch:
    """Scan a sentence and draw it."""
    flat = plain(text)
    groups = _groups(flat, [t for t in scan_plain(flat[:_AT_MOST]) if not isinstance(t, Number)])
    drawn: list[str] = []
    spans: list[tuple[int, int]] = []
    tokens: dict[int, tuple[Token, ...]] = {}
    at = 0
    for group in groups:
        start, end = group[0].start, group[-1].end
        drawn += flat[at:start]
        spans += ((i, i + 1) for i in range(at, start))
        tokens[len(drawn)] = tuple(group)
        drawn.append(_sign(group))
        spans.append((start, end))
        at = end
    drawn += flat[at:]
    spans += ((i, i + 1) for i in range(at, len(flat)))
    return Sketch(text, "".join(drawn), tuple(spans), tokens)


def _groups(text: str, tokens: list[Token]) -> list[list[Token]]:
    groups: list[list[Token]] = []
    for token in tokens:
        if groups and _joins(text, groups[-1][-1], token):
            groups[-1].append(token)
        else:
            groups.append([token])
    return groups


def _joins(text: str, one: Token, other: Token) -> bool:
    lone = (Duration, Lead, Before)
    if isinstance(one, lone) or isinstance(other, lone):
        return False
    between = text[one.end : other.start]
    ranged = between.strip() in (
        "到",
        "至",
        "-",
        "~",
        "to",
        "until",
        "till",
        "还是",
        "或者",
        "或",
        "or",
    )
    return ranged or _GLUE.fullmatch(between) is not None


def _sign(group: list[Token]) -> str:
    match group[0]:
        case Duration():
            return SPAN
        case Lead():
            return LEAD
        case Before():
            return AGO
    return WHEN if gather(group) else CLASH
