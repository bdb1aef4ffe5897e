"""The keypads there are, by the names of `keypad.kind`. A new one adds its line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from drivers.bus import I2CBus
from drivers.keypad_evdev import EvdevKeypad
from drivers.keypad_i2c import I2CKeypad
from drivers.keypad_pcf8574 import Pcf8574Keypad
from drivers.keypad_serial import SerialKeypad
from drivers.keys import Keypad


@dataclass(frozen=True, slots=True)
class Place:
    """Where a keypad is: on a bus at an address, or behind a device file."""

    bus: I2CBus
    address: int
    device: str = ""


KINDS: Mapping[str, Callable[[Place], Keypad]] = {
    "i2c": lambda at: I2CKeypad(at.bus, at.address),
    "pcf8574": lambda at: Pcf8574Keypad(at.bus, at.address),
    "evdev": lambda at: EvdevKeypad(at.device),
    "serial": lambda at: SerialKeypad(at.device),
}
