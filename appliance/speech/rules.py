"""Rewriting text by a table of patterns, one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable

Replacement = str | Callable[[re.Match[str]], str]
Rules = tuple[tuple[re.Pattern[str], Replacement], ...]


def rules(*pairs: tuple[str, Replacement]) -> Rules:
    """`^` and `$` are ends of lines."""
    return tuple((re.compile(pattern, re.M), replacement) for pattern, replacement in pairs)


def apply(table: Rules, text: str) -> str:
    """Every rule in order, each wherever it matches."""
    for pattern, replacement in table:
        text = pattern.sub(replacement, text)
    return text
