"""Hot words as people write them into one line: between blanks, commas of any kind, bars."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"[\s,，、;；|/]+")


def split_hot_words(line: str) -> tuple[str, ...]:
    """The words, each once, in their order."""
    return tuple(dict.fromkeys(word for word in _BETWEEN.split(line) if word))
