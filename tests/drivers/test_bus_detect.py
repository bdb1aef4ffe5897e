"""What a scan of the buses says, as data."""

from __future__ import annotations

import errno

import pytest

from drivers.bus import BusPermission, I2CBus
from drivers.detect import (
    ALL_ADDRESSES,
    AdapterReport,
    Found,
    PartGuess,
    Trouble,
    detect,
)
from drivers.linux_i2c import Adapter
from drivers.virtual.bus import Part, VirtualBus
from drivers.virtual.keypad import VirtualKeypad
from drivers.virtual.oled import OledModel
from drivers.virtual.pcf8574 import VirtualPcf8574
from drivers.virtual.sh1106 import VirtualSh1106
from drivers.virtual.ssd1306 import VirtualSsd1306

ADAPTER = Adapter("/dev/i2c-1", "test")


def look_at(bus: I2CBus) -> AdapterReport:
    (report,) = detect([ADAPTER], lambda path: bus)
    return report


def bus_with(parts: dict[int, Part], *, max_transfer: int = 8192) -> VirtualBus:
    bus = VirtualBus(max_transfer=max_transfer, record=True)
    for address, part in parts.items():
        bus.attach(address, part)
    return bus


def test_the_reference_hardware() -> None:
    bus = bus_with({0x27: VirtualKeypad(), 0x3C: VirtualSsd1306()})
    assert look_at(bus) == AdapterReport(
        ADAPTER,
        (Found(0x27, PartGuess.KEYPAD), Found(0x3C, PartGuess.OLED, "ssd1306")),
    )
    assert bus.closed


@pytest.mark.parametrize(
    "chip, controller", [(VirtualSsd1306, "ssd1306"), (VirtualSh1106, "sh1106")]
)
@pytest.mark.parametrize("is_on", [False, True])
def test_the_controller_is_guessed_from_the_status_byte(
    chip: type[OledModel], controller: str, is_on: bool
) -> None:
    model = chip()
    model.is_on = is_on
    assert look_at(bus_with({0x3D: model})).found == (Found(0x3D, PartGuess.OLED, controller),)


def test_a_pcf8574_at_the_keypads_address_is_told() -> None:
    report = look_at(bus_with({0x27: VirtualPcf8574()}))
    assert report.found == (Found(0x27, PartGuess.PCF8574),)


def test_other_parts_are_listed_as_unknown_and_never_written_to() -> None:
    bus = bus_with({0x50: VirtualPcf8574(), 0x68: VirtualPcf8574()})
    assert look_at(bus).found == (
        Found(0x50, PartGuess.UNKNOWN),
        Found(0x68, PartGuess.UNKNOWN),
    )
    assert all(transfer.is_read for transfer in bus.trace)
    assert {transfer.address for transfer in bus.trace} == set(ALL_ADDRESSES)


def test_smbus_only_adapters_are_asked_for_our_parts_only() -> None:
    bus = bus_with({0x50: VirtualPcf8574(), 0x3C: VirtualSsd1306()}, max_transfer=32)
    report = look_at(bus)
    assert report.is_smbus_only
    assert [found.address for found in report.found] == [0x3C]
    assert 0x50 not in {transfer.address for transfer in bus.trace}


def test_an_empty_bus() -> None:
    assert look_at(VirtualBus()) == AdapterReport(ADAPTER)


def test_a_stuck_bus() -> None:
    bus = VirtualBus()
    bus.stuck = True
    report = look_at(bus)
    assert report.trouble is Trouble.STUCK and "held low" in report.detail
    assert bus.closed


def test_missing_permission_is_data_and_other_adapters_are_still_looked_at() -> None:
    other = Adapter("/dev/i2c-2", "")

    def open_bus(path: str) -> I2CBus:
        if path == ADAPTER.path:
            raise BusPermission(errno.EACCES, f"cannot open {path}: Permission denied")
        return bus_with({0x3C: VirtualSsd1306()})

    refused, seen = detect([ADAPTER, other], open_bus)
    assert refused.trouble is Trouble.PERMISSION and ADAPTER.path in refused.detail
    assert seen.adapter is other and len(seen.found) == 1
