"""SH1106: 132×64 RAM, of which the glass shows columns 2–129. Sino Wealth, V2.3."""

from __future__ import annotations

from drivers.addressing import PageAddressing
from drivers.oled import Controller, Look, contrast, display_power, inversion, orientation

COLUMN_OFFSET = 2  # (132 - 128) / 2: modules wire the middle segments
_CONVERTER_ON = b"\xad\x8b"


def setup(look: Look) -> list[bytes]:
    """The commands from reset to ready, display off.

    Source: "Command Table", whose numbers stand beside the bytes, with "Command Description". The
    DC-DC converter is switched while the display is off, as command 10 asks; "Power On and
    Initialization" has 6, 17, 13, 9, 3 and 5 before display on. There are no addressing modes.
    """
    return [
        display_power(False),  # 11
        b"\xd5\x50",  # 15: clock divide 1, oscillator at its reset value
        b"\xa8\x3f",  # 9: multiplex ratio 64
        b"\xd3\x00",  # 14: no display offset
        b"\x40",  # 4: RAM row 0 on top
        _CONVERTER_ON,  # 10: DC-DC converter on while the display is
        b"\x32",  # 3: pump voltage 8.0 V, the reset value
        *orientation(look.rotate),  # 6, 13
        b"\xda\x12",  # 17: alternative COM pins
        contrast(look.contrast),  # 5
        b"\xd9\x22",  # 16: pre-charge, the reset value
        b"\xdb\x35",  # 18: VCOM deselect, the reset value
        b"\xa4",  # 7: show RAM
        inversion(look.invert),  # 8
    ]


SH1106 = Controller(
    "sh1106", PageAddressing(COLUMN_OFFSET), setup, dark_only=frozenset((_CONVERTER_ON,))
)
