"""SSD1309: 128×64, panel supply from outside. Solomon Systech, rev 1.1 (Jul 2011)."""

from __future__ import annotations

from drivers.addressing import WindowAddressing
from drivers.oled import Controller, Look, contrast, display_power, inversion, orientation


def setup(look: Look) -> list[bytes]:
    """The commands from reset to ready, display off.

    Sources: section 9 "Command Table" with section 10 "Command Descriptions". There is no charge
    pump, so 8Dh is not sent; FDh opens the command lock.
    """
    return [
        b"\xfd\x12",  # unlock: the chip hears commands again after a lock
        display_power(False),
        b"\xd5\x70",  # table 9-5 as revised in rev 1.1: divide 1, oscillator 0111b
        b"\xa8\x3f",  # multiplex ratio 64
        b"\xd3\x00",  # no display offset
        b"\x40",  # RAM row 0 on top
        b"\x20\x00",  # horizontal addressing
        b"\x21\x00\x7f",  # all columns
        b"\x22\x00\x07",  # all pages
        *orientation(look.rotate),
        b"\xda\x12",  # alternative COM pins, no left/right remap
        contrast(look.contrast),
        b"\xd9\x22",  # pre-charge, the reset value
        b"\xdb\x34",  # VCOMH 0.78 VCC, the reset value
        b"\x2e",  # no scrolling
        b"\xa4",  # show RAM
        inversion(look.invert),
    ]


SSD1309 = Controller("ssd1309", WindowAddressing(), setup)
