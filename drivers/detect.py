"""What hangs on the I2C buses of this machine, as data for `lory setup` and `lory doctor`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from drivers import keypad_i2c, oled
from drivers.bus import BusError, BusPermission, BusTimeout, DeviceNotFound, I2CBus
from drivers.keypad_i2c import KeypadGuess
from drivers.linux_i2c import Adapter, LinuxI2CBus, list_adapters, probe

ALL_ADDRESSES = range(0x08, 0x78)  # the rest is reserved (UM10204 section 3.1.12)
# Where this box's parts can be; all that is asked on SMBus-only adapters, which on a PC lead to
# memory modules and fans.
OUR_ADDRESSES = (*range(0x20, 0x28), *range(0x38, 0x40))

_SH1106_STATUS = (0x00, 0x08)  # low nibbles of the status byte seen on modules
_SSD1306_STATUS = (0x03, 0x04, 0x06, 0x07)


class PartGuess(Enum):
    OLED = "OLED"
    KEYPAD = "reference keypad"
    PCF8574 = "PCF8574 port expander"
    UNKNOWN = "unknown"


class Trouble(Enum):
    """Why an adapter could not be looked at."""

    PERMISSION = "permission"
    STUCK = "stuck"  # a line is held low
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Found:
    """A part that answers. `controller` is a guess for an OLED, such as "sh1106", else None."""

    address: int
    guess: PartGuess
    controller: str | None = None


@dataclass(frozen=True, slots=True)
class AdapterReport:
    """One adapter: what answered, or why it could not be asked. `detail` is the kernel's word."""

    adapter: Adapter
    found: tuple[Found, ...] = ()
    trouble: Trouble | None = None
    detail: str = ""
    is_smbus_only: bool = False


def detect(
    adapters: Iterable[Adapter] | None = None,
    open_bus: Callable[[str], I2CBus] = LinuxI2CBus,
) -> list[AdapterReport]:
    """Look at every adapter of this machine. Keys must be up; raises nothing for a bad bus."""
    chosen = list_adapters() if adapters is None else adapters
    return [_look_at(adapter, open_bus) for adapter in chosen]


def _look_at(adapter: Adapter, open_bus: Callable[[str], I2CBus]) -> AdapterReport:
    try:
        bus = open_bus(adapter.path)
    except BusError as error:
        return AdapterReport(adapter, trouble=_trouble(error), detail=str(error))
    is_smbus_only = bus.max_transfer <= 32
    found: list[Found] = []
    try:
        for address in OUR_ADDRESSES if is_smbus_only else ALL_ADDRESSES:
            if probe(bus, address):
                found.append(_guess_or_unknown(bus, address))
    except BusError as error:
        return AdapterReport(adapter, tuple(found), _trouble(error), str(error), is_smbus_only)
    finally:
        bus.close()
    return AdapterReport(adapter, tuple(found), is_smbus_only=is_smbus_only)


def _trouble(error: BusError) -> Trouble:
    if isinstance(error, BusPermission):
        return Trouble.PERMISSION
    return Trouble.STUCK if isinstance(error, BusTimeout) else Trouble.FAILED


def _guess_or_unknown(bus: I2CBus, address: int) -> Found:
    try:
        return _guess(bus, address)
    except DeviceNotFound:  # it answered once, then not
        return Found(address, PartGuess.UNKNOWN)


def _guess(bus: I2CBus, address: int) -> Found:
    if address in oled.ADDRESSES:
        return Found(address, PartGuess.OLED, _controller(bus.read(address, 1)[0]))
    if address == keypad_i2c.ADDRESS:
        return Found(address, _KEYPADS[keypad_i2c.identify(bus, address)])
    return Found(address, PartGuess.UNKNOWN)


_KEYPADS = {
    KeypadGuess.REFERENCE: PartGuess.KEYPAD,
    KeypadGuess.PCF8574: PartGuess.PCF8574,
    KeypadGuess.UNKNOWN: PartGuess.UNKNOWN,
}


def _controller(status: int) -> str | None:
    """By the status byte, which does not tell an SSD1309 from an SSD1306."""
    low = status & 0x0F
    if low in _SH1106_STATUS:
        return "sh1106"
    return "ssd1306" if low in _SSD1306_STATUS else None
