"""SH1106: 132×64 RAM, of which the glass shows columns 2–129. Sino Wealth, V2.3."""

from __future__ import annotations

from drivers.differ import PageAddressing
from drivers.oled import Controller, Look, contrast, display_power, inversion, orientation

COLUMN_OFFSET = 2  # (132 - 128) / 2: modules wire the middle segments


def setup(look: Look) -> list[bytes]:
    """The commands from reset to ready, display off.

    Source: "Command Table" with "Command Descriptions" 1–21. The DC-DC converter may be switched
    only while the display is off (command 11). There are no addressing modes to choose from.
    """
    return [
        display_power(False),  # 12
        b"\xd5\x50",  # 16: clock divide 1, oscillator at its reset value
        b"\xa8\x3f",  # 10: multiplex ratio 64
        b"\xd3\x00",  # 15: no display offset
        b"\x40",  # 4: RAM row 0 on top
        b"\xad\x8b",  # 11: DC-DC converter on while the display is
        b"\x32",  # 3: pump voltage 8.0 V, the reset value
        *orientation(look.rotate),  # 6, 14
        b"\xda\x12",  # 18: alternative COM pins
        contrast(look.contrast),  # 5
        b"\xd9\x22",  # 17: pre-charge, the reset value
        b"\xdb\x35",  # 19: VCOM deselect, the reset value
        b"\xa4",  # 7: show RAM
        inversion(look.invert),  # 8
    ]


SH1106 = Controller("sh1106", PageAddressing(COLUMN_OFFSET), setup)
