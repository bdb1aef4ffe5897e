"""Hanzi in the order of how often they are written, in whatever words.

The language model counts words: 计 is rare as one, and common in 计划. Who looks for a single hanzi
looks for the common one.
"""

from __future__ import annotations

from math import log10
from pathlib import Path
from typing import Final

from ui.input.model import UNIT, DataError

FIRST_COST: Final = 1200  # of the most frequent; the others have theirs by Zipf's law


class Hanzi:
    """The hanzi of a file, the most frequent first; None: no order, and everything is usual.

    What is in use today, in simplified writing, is listed; 妳, 嗎 and the like are not. Raises
    DataError when the file cannot be read.
    """

    def __init__(self, path: Path | None) -> None:
        order = "" if path is None else _read(path)
        self._costs = {
            hanzi: FIRST_COST + round(UNIT * log10(rank)) for rank, hanzi in enumerate(order, 1)
        }
        self._last = FIRST_COST + round(UNIT * log10(len(order) + 1))

    def cost(self, hanzi: str) -> int:
        """-1024 * log10 of how likely this one is among all that are written."""
        return self._costs.get(hanzi, self._last)

    def usual(self, text: str) -> bool:
        """Whether a word is written with listed hanzi only."""
        return not self._costs or self._costs.keys() >= set(text)


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read ({error})") from error
    return "".join(line for line in text.split("\n") if not line.startswith("#"))
