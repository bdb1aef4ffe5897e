"""What a scan of the buses says, as data."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

import pytest

from drivers.bus import BusPermissionError, DeviceNotFoundError, I2CBus
from drivers.detect import (
    ALL_ADDRESSES,
    AdapterReport,
    Found,
    PartGuess,
    Trouble,
    detect,
)
from drivers.linux_i2c import Adapter, _bus_error
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
            raise BusPermissionError(errno.EACCES, f"cannot open {path}: Permission denied")
        return bus_with({0x3C: VirtualSsd1306()})

    refused, seen = detect([ADAPTER, other], open_bus)
    assert refused.trouble is Trouble.PERMISSION and ADAPTER.path in refused.detail
    assert seen.adapter is other and len(seen.found) == 1


class Odd:
    """An adapter that says of a missing part what its driver's author liked best."""

    max_transfer = 8192

    def __init__(
        self, number: int, *, spoils: bool = False, seconds: float = 0.0, **parts: Part
    ) -> None:
        self.bus = bus_with({int(name[1:], 16): part for name, part in parts.items()})
        self.number = number
        self.spoils = spoils
        self.seconds = seconds
        self.now = 0.0
        self.is_spoilt = False

    def clock(self) -> float:
        return self.now

    def read(self, address: int, length: int) -> bytes:
        return self._pass_on(lambda: self.bus.read(address, length))

    def write(self, address: int, data: bytes) -> None:
        self._pass_on(lambda: self.bus.write(address, data))

    def exchange(self, address: int, data: bytes, length: int) -> bytes:
        return self._pass_on(lambda: self.bus.exchange(address, data, length))

    def close(self) -> None:
        self.bus.close()

    def _pass_on(self, transfer: Callable[[], Any]) -> Any:
        if self.is_spoilt:
            self.is_spoilt = False
            raise _bus_error(OSError(self.number, ""), "spoilt")
        try:
            return transfer()
        except DeviceNotFoundError as error:
            self.now += self.seconds
            self.is_spoilt = self.spoils
            raise _bus_error(OSError(self.number, ""), "refused") from error


ODD_REFUSALS = [
    errno.EIO,
    errno.ETIME,
    errno.ETIMEDOUT,
    errno.EAGAIN,
    errno.EPROTO,
    errno.EBUSY,
    errno.ENXIO,
    errno.EREMOTEIO,
]


@pytest.mark.parametrize("number", ODD_REFUSALS)
@pytest.mark.parametrize("spoils", [False, True])
def test_parts_are_found_whatever_the_adapter_says_of_missing_ones(
    number: int, spoils: bool
) -> None:
    odd = Odd(number, spoils=spoils, _3C=VirtualSsd1306(), _27=VirtualKeypad())
    (report,) = detect([ADAPTER], lambda path: odd, odd.clock)
    assert report.trouble is None
    assert [found.guess for found in report.found] == [PartGuess.KEYPAD, PartGuess.OLED]


@pytest.mark.parametrize("spoils", [False, True])
def test_an_adapter_that_needs_a_second_for_a_no_is_done_within_seconds(spoils: bool) -> None:
    odd = Odd(
        errno.ETIMEDOUT, spoils=spoils, seconds=1.0, _3D=VirtualSsd1306(), _27=VirtualKeypad()
    )
    (report,) = detect([ADAPTER], lambda path: odd, odd.clock)
    assert [found.address for found in report.found] == [0x27, 0x3D]
    assert odd.now <= 8.0


@pytest.mark.parametrize(
    ("number", "trouble"),
    [(errno.ETIMEDOUT, Trouble.STUCK), (errno.EIO, Trouble.STUCK), (errno.ETIME, Trouble.STUCK)],
)
def test_a_bus_on_which_everything_is_refused_oddly_is_stuck(number: int, trouble: Trouble) -> None:
    odd = Odd(number, seconds=1.0)
    (report,) = detect([ADAPTER], lambda path: odd, odd.clock)
    assert report.trouble is trouble and report.detail
    assert odd.now <= 10.0


@pytest.mark.parametrize("status", range(1, 16))
def test_whatever_a_clone_answers_it_is_driven_as_one_with_a_charge_pump(status: int) -> None:
    chip = VirtualSsd1306()
    chip.status_id = status
    (found,) = look_at(bus_with({0x3C: chip})).found
    assert found.controller == ("sh1106" if status == 0x08 else "ssd1306")


def test_a_status_that_both_kinds_have_is_no_guess() -> None:
    chip = VirtualSsd1306()
    chip.status_id = 0x00
    (found,) = look_at(bus_with({0x3C: chip})).found
    assert found.controller is None
