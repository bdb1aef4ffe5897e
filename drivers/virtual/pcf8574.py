"""A PCF8574 with a 4×4 key matrix soldered to it, as the wire sees it."""

from __future__ import annotations

from drivers.keypad_pcf8574 import LAYOUT
from drivers.keys import Key


class VirtualPcf8574:
    """Eight quasi-bidirectional pins (PCF8574 datasheet, section 8): a pin written 1 is a weak
    pull-up that anything may hold low, a pin written 0 is low.

    Rows are on P0–P3, columns on P4–P7. Keys are plain contacts without diodes: three keys at
    the corners of a rectangle show a fourth.
    """

    def __init__(self, layout: tuple[tuple[Key, ...], ...] = LAYOUT) -> None:
        self._pins = {
            key: (row, 4 + column) for row, line in enumerate(layout) for column, key in
            enumerate(line)
        }  # fmt: skip
        self._latch = 0xFF  # all high at power-on
        self._down: set[Key] = set()

    def press(self, key: Key) -> None:
        """`key` goes down, together with those that are down already."""
        self._down.add(key)

    def release(self, key: Key | None = None) -> None:
        """`key` goes up; all of them if None."""
        if key is None:
            self._down.clear()
        else:
            self._down.discard(key)

    def write(self, data: bytes) -> None:
        if data:
            self._latch = data[-1]

    def read(self, length: int) -> bytes:
        low = {pin for pin in range(8) if not self._latch >> pin & 1}
        spread = True
        while spread:  # a low pin pulls down every pin it is shorted to
            spread = False
            for key in self._down:
                pins = set(self._pins[key])
                if pins & low and not pins <= low:
                    low |= pins
                    spread = True
        return bytes([sum(1 << pin for pin in range(8) if pin not in low)]) * length
