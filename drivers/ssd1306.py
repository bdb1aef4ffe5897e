"""SSD1306: 128×64, charge pump on the chip. Solomon Systech, rev 1.1 (Apr 2008)."""

from __future__ import annotations

from drivers.addressing import WindowAddressing
from drivers.oled import Controller, Look, contrast, display_power, inversion, orientation


def setup(look: Look) -> list[bytes]:
    """The commands from reset to ready, display off.

    Sources: table 9-1 "Command Table" with section 10 "Command Descriptions"; the order is that of
    the application note's "Software Initialization" and "Charge Pump Setting" (8Dh before AFh).
    """
    return [
        display_power(False),  # 10.1.12
        b"\xd5\x80",  # 10.1.16 clock divide 1, oscillator at its reset value
        b"\xa8\x3f",  # 10.1.11 multiplex ratio 64
        b"\xd3\x00",  # 10.1.15 no display offset
        b"\x40",  # 10.1.6 RAM row 0 on top
        b"\x8d\x14",  # application note, section 2: charge pump on while the display is
        b"\x20\x00",  # 10.1.3 horizontal addressing
        b"\x21\x00\x7f",  # 10.1.4 all columns
        b"\x22\x00\x07",  # 10.1.5 all pages
        *orientation(look.rotate),  # 10.1.8, 10.1.14
        b"\xda\x12",  # 10.1.18 alternative COM pins, no left/right remap: 64 rows
        contrast(look.contrast),  # 10.1.7
        b"\xd9\xf1",  # 10.1.17 longest second phase: the pumped supply is weak
        b"\xdb\x20",  # 10.1.19 VCOMH 0.77 VCC, the reset value
        b"\x2e",  # 10.2.3 no scrolling
        b"\xa4",  # 10.1.9 show RAM
        inversion(look.invert),  # 10.1.10
    ]


SSD1306 = Controller("ssd1306", WindowAddressing(), setup)
