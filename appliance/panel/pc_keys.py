"""Which key of the pad a key of the PC stands for.

A terminal sends characters, not keys: Shift with a digit arrives as the US layout's sign, so the
signs mean long digits, `*` and `#` among them. Enter has no shift in most terminals, so capital
letters are long presses of A–D as well.
"""

from __future__ import annotations

from typing import NamedTuple

from drivers.keys import Key


class PadStroke(NamedTuple):
    """A short or a long press of one key of the pad."""

    key: Key
    is_long: bool


_NAMED = {
    "escape": Key.A,
    "tab": Key.B,
    "enter": Key.D,
    "ctrl+j": Key.D,  # a line feed, which is what pasted and scripted line ends are
    "left": Key.STAR,
    "right": Key.HASH,
}
_LETTERS = {"a": Key.A, "b": Key.B, "c": Key.C, "d": Key.D, ",": Key.STAR, ".": Key.HASH}
_SHIFTED = {"<": Key.STAR, ">": Key.HASH}
_SHIFTED_DIGITS = ")!@#$%^&*("  # of the US layout, from 0 to 9


def stroke_of(name: str, character: str | None) -> PadStroke | None:
    """The stroke for a key event of textual (`Key.key`, `Key.character`); None: not of the pad."""
    base, is_shifted = name.removeprefix("shift+"), name.startswith("shift+")
    if base in _NAMED:
        return PadStroke(_NAMED[base], is_shifted)
    return _of_character(character, is_shifted) if character else None


def _of_character(character: str, is_shifted: bool) -> PadStroke | None:
    if character in "0123456789":
        return PadStroke(Key(int(character)), is_shifted)
    if character in _SHIFTED_DIGITS:
        return PadStroke(Key(_SHIFTED_DIGITS.index(character)), True)
    if character in _SHIFTED:
        return PadStroke(_SHIFTED[character], True)
    key = _LETTERS.get(character.lower())
    return None if key is None else PadStroke(key, is_shifted or character.isupper())
