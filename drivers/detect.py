"""What hangs on the I2C buses of this machine, as data for `lory setup` and `lory doctor`.

Adapters differ in what they say of an address where nobody is (ENXIO, EREMOTEIO, EIO, ETIME,
ETIMEDOUT, EAGAIN), and some need a second for it or spoil the transfer that follows. So any refusal
is a missing part at first; only a bus on which nothing at all answered is said to be in trouble.
Source: Linux, Documentation/i2c/fault-codes.rst, which leaves the choice to the driver.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from drivers import keypad_i2c, oled
from drivers.bus import BusError, BusPermissionError, BusTimeoutError, I2CBus
from drivers.keypad_i2c import KeypadGuess
from drivers.linux_i2c import Adapter, LinuxI2CBus, list_adapters, probe

ALL_ADDRESSES = range(0x08, 0x78)  # the rest is reserved (UM10204 section 3.1.12)
# Where this box's parts can be; all that is asked on SMBus-only adapters, which on a PC lead to
# memory modules and fans.
OUR_ADDRESSES = (*range(0x20, 0x28), *range(0x38, 0x40))

# Where the parts of the reference build are: asked first, and whatever it takes.
_LIKELY = (*oled.ADDRESSES, keypad_i2c.ADDRESS)
PATIENCE = 3.0
"""Seconds after which an adapter that is slow to refuse is asked for nothing more."""

# Low nibbles of the status byte seen on modules. Nothing defines them; of SSD1306 and its clones
# 03, 04, 05, 06, 07, 0B and 0F were seen. 00 was seen on both kinds.
_SH1106_STATUS = 0x08
_EITHER_STATUS = 0x00


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
    """A part that answers. `controller` is a guess for an OLED, such as "sh1106"; None: no idea."""

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
    clock: Callable[[], float] = time.monotonic,
) -> list[AdapterReport]:
    """Look at every adapter of this machine. Keys must be up; raises nothing for a bad bus."""
    chosen = list_adapters() if adapters is None else adapters
    return [_look_at(adapter, open_bus, clock) for adapter in chosen]


def _look_at(
    adapter: Adapter, open_bus: Callable[[str], I2CBus], clock: Callable[[], float]
) -> AdapterReport:
    try:
        bus = open_bus(adapter.path)
    except BusError as error:
        return AdapterReport(adapter, trouble=_trouble(error), detail=str(error))
    is_smbus_only = bus.max_transfer <= 32
    asked = _in_order(OUR_ADDRESSES if is_smbus_only else ALL_ADDRESSES)
    try:
        found, refusal = _ask(bus, asked, clock)
    finally:
        bus.close()
    if found or refusal is None:
        return AdapterReport(adapter, found, is_smbus_only=is_smbus_only)
    return AdapterReport(adapter, (), _trouble(refusal), str(refusal), is_smbus_only)


def _in_order(addresses: Sequence[int]) -> list[int]:
    """Where our parts mostly are comes first, then where they can be."""
    ranks = {address: rank for rank, address in enumerate((*_LIKELY, *OUR_ADDRESSES)[::-1])}
    return sorted(addresses, key=lambda address: -ranks.get(address, -1))


def _ask(
    bus: I2CBus, addresses: Sequence[int], clock: Callable[[], float]
) -> tuple[tuple[Found, ...], BusError | None]:
    """What answers, by address, and the first refusal that was no plain missing acknowledge."""
    started = clock()
    found: dict[int, Found] = {}
    refusal: BusError | None = None
    for address in addresses:
        if clock() - started > PATIENCE and address not in _LIKELY:
            break
        try:
            if _answers(bus, address):
                found[address] = _guess_or_unknown(bus, address)
        except BusError as error:
            refusal = refusal or error
            if isinstance(error, BusPermissionError):
                break
    return tuple(found[address] for address in sorted(found)), refusal


def _answers(bus: I2CBus, address: int) -> bool:
    """As `probe`; where a part of ours may be a refusal is asked again, as an odd one is
    everywhere: the refusal before may have spoilt it.
    """
    try:
        if probe(bus, address):
            return True
    except BusPermissionError:
        raise
    except BusError:
        return probe(bus, address)
    return address in OUR_ADDRESSES and probe(bus, address)


def _trouble(error: BusError) -> Trouble:
    if isinstance(error, BusPermissionError):
        return Trouble.PERMISSION
    return Trouble.STUCK if isinstance(error, BusTimeoutError) else Trouble.FAILED


def _guess_or_unknown(bus: I2CBus, address: int) -> Found:
    try:
        return _guess(bus, address)
    except BusError:  # it answered once, then not
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
    """By the status byte, which does not tell an SSD1309 from an SSD1306; None: it may be any."""
    low = status & 0x0F
    if low == _EITHER_STATUS:
        return None
    return "sh1106" if low == _SH1106_STATUS else "ssd1306"
