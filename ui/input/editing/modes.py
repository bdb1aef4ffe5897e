"""What the digit keys write: the modes, their order and their marks."""

from __future__ import annotations

from typing import Final

from ui.gutter import TextMode

HANZI: Final = (TextMode.HANZI, TextMode.FULL_WIDTH)
ENGLISH: Final = (TextMode.ENGLISH, TextMode.CAPITALS)
OTHER_WIDTH: Final = {
    TextMode.HANZI: TextMode.FULL_WIDTH,
    TextMode.FULL_WIDTH: TextMode.HANZI,
    TextMode.ENGLISH: TextMode.CAPITALS,
    TextMode.CAPITALS: TextMode.ENGLISH,
}
"""Half and full width; in English small letters and capitals."""


def next_mode(mode: TextMode, first: TextMode) -> TextMode:
    """From Chinese to English to numbers, and round to the first there is."""
    if mode in HANZI:
        return TextMode.ENGLISH
    return TextMode.NUMBER if mode in ENGLISH else first


def marks(mode: TextMode) -> str:
    """What key 1 writes, one after another."""
    return "，。？！" if mode in HANZI else ".,?!'"
