"""A pad whose wires meet other keys than the usual ones: its layout as it was learnt."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.keys import Key, Keypad

LABELS = "0123456789ABCD*#"
"""What is printed on the keys, in the order of their codes."""


def read_layout(text: str) -> tuple[Key, ...]:
    """For each code, the key that is printed there. Blanks and commas are ignored.

    Raises:
        ValueError: not each of the sixteen labels once.
    """
    labels = [label for label in text.upper() if label not in " ,"]
    if sorted(labels) != sorted(LABELS):
        raise ValueError(f"{text!r} does not name each of {LABELS} once")
    return tuple(Key(LABELS.index(label)) for label in labels)


def write_layout(keys: Sequence[Key]) -> str:
    """The inverse of `read_layout`."""
    return "".join(LABELS[key] for key in keys)


class RelabelledKeypad:
    """`drivers.keys.Keypad` on another one: code n of `pad` is the key `layout[n]`."""

    def __init__(self, pad: Keypad, layout: Sequence[Key]) -> None:
        self._pad = pad
        self._layout = tuple(layout)

    def read(self) -> Key | None:
        """Raises BusError when the pad does not answer."""
        key = self._pad.read()
        return None if key is None else self._layout[key]

    def close(self) -> None:
        self._pad.close()
