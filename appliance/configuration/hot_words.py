"""Hot words as people write them into one line, whatever they put between them."""

from __future__ import annotations

import re

# Whatever stands in no word: C++, AT&T, 阿尔伯特·爱因斯坦 are some.
_BETWEEN = re.compile(r"[^\w·.&+'’#-]+")


def split_hot_words(line: str) -> tuple[str, ...]:
    """The words, each once, in their order."""
    return tuple(dict.fromkeys(word for word in _BETWEEN.split(line) if word))
