"""The parts are found whatever number their adapter has today."""

from __future__ import annotations

import errno

import pytest

from drivers.bus import BusError, BusPermissionError, DeviceNotFoundError, I2CBus
from drivers.linux_i2c import Adapter
from drivers.oled import Oled
from drivers.roaming_bus import LOST_INTERVAL, SEARCH_INTERVAL, RoamingBus
from drivers.ssd1306 import SSD1306
from drivers.virtual.bus import VirtualBus
from drivers.virtual.clock import VirtualClock
from drivers.virtual.keypad import VirtualKeypad
from drivers.virtual.ssd1306 import VirtualSsd1306

PARTS = (0x3C, 0x3D, 0x27)


class Machine:
    """Adapters by number; an unplugged one fails every transfer, as i2c-dev does."""

    def __init__(self, **buses: VirtualBus) -> None:
        self.buses = {f"/dev/i2c-{name[1:]}": bus for name, bus in buses.items()}
        self.clock = VirtualClock()
        self.moves: list[str] = []

    def adapters(self) -> list[Adapter]:
        return [Adapter(path, "") for path in sorted(self.buses)]

    def open(self, path: str) -> I2CBus:
        if path not in self.buses:
            raise DeviceNotFoundError(errno.ENOENT, f"cannot open {path}")
        return Plugged(self, path)

    def bus(self, number: int = 1) -> RoamingBus:
        return RoamingBus(
            f"/dev/i2c-{number}",
            PARTS,
            adapters=self.adapters,
            open_bus=self.open,
            clock=self.clock,
            on_move=self.moves.append,
        )


class Plugged:
    """One opened adapter."""

    def __init__(self, machine: Machine, path: str) -> None:
        self._machine = machine
        self._path = path
        self._bus = machine.buses[path]
        self.max_transfer = self._bus.max_transfer

    def write(self, address: int, data: bytes) -> None:
        self._still_there().write(address, data)

    def read(self, address: int, length: int) -> bytes:
        return self._still_there().read(address, length)

    def exchange(self, address: int, data: bytes, length: int) -> bytes:
        return self._still_there().exchange(address, data, length)

    def close(self) -> None:
        pass

    def _still_there(self) -> VirtualBus:
        if self._machine.buses.get(self._path) is not self._bus:
            raise DeviceNotFoundError(errno.ENODEV, f"{self._path} is gone")
        return self._bus


def with_parts(max_transfer: int = 8192) -> VirtualBus:
    bus = VirtualBus(max_transfer=max_transfer)
    bus.attach(0x3C, VirtualSsd1306())
    bus.attach(0x27, VirtualKeypad())
    return bus


def test_the_configured_number_is_enough_where_the_parts_are() -> None:
    machine = Machine(_1=with_parts(), _2=with_parts())
    assert machine.bus().path == "/dev/i2c-1"
    assert machine.moves == []


@pytest.mark.parametrize("others", [{}, {"_1": VirtualBus()}, {"_2": VirtualBus()}])
def test_parts_on_another_number_are_found_and_that_is_told(others: dict[str, VirtualBus]) -> None:
    machine = Machine(_11=with_parts(), **others)
    assert machine.bus().path == "/dev/i2c-11"
    assert machine.moves == ["/dev/i2c-11"]


def test_without_parts_anywhere_the_configured_adapter_waits_for_them() -> None:
    machine = Machine(_1=VirtualBus(), _2=VirtualBus())
    bus = machine.bus()
    with pytest.raises(BusError):
        bus.read(0x3C, 1)
    machine.buses["/dev/i2c-1"].attach(0x3C, VirtualSsd1306())
    assert bus.read(0x3C, 1)


def test_without_any_adapter_it_is_told_what_was_wanted() -> None:
    with pytest.raises(DeviceNotFoundError, match="i2c-1"):
        Machine().bus()


def test_memory_modules_are_left_alone() -> None:
    machine = Machine(_1=VirtualBus(), _2=with_parts(max_transfer=32))
    assert machine.bus().path == "/dev/i2c-1"


def test_missing_permission_is_not_walked_around() -> None:
    machine = Machine(_11=with_parts())

    def refuse(path: str) -> I2CBus:
        raise BusPermissionError(errno.EACCES, path)

    with pytest.raises(BusPermissionError):
        RoamingBus("/dev/i2c-1", PARTS, adapters=machine.adapters, open_bus=refuse)


def test_an_adapter_that_comes_back_under_another_number_is_lit_again() -> None:
    machine = Machine(_11=with_parts())
    panel = Oled(machine.bus(), SSD1306)

    def run(seconds: float) -> None:
        end = machine.clock.now + seconds
        while machine.clock.now < end:
            panel.run(machine.clock.now)
            machine.clock.now += 0.005

    picture = bytes(range(256)) * 4
    panel.show(picture)
    run(1.0)
    del machine.buses["/dev/i2c-11"]
    run(5.0)
    assert not panel.present
    again = with_parts()
    machine.buses["/dev/i2c-12"] = again
    run(SEARCH_INTERVAL + 3.0)
    chip = again._parts[0x3C]
    assert isinstance(chip, VirtualSsd1306)
    assert chip.frame() == picture
    assert machine.moves == ["/dev/i2c-11", "/dev/i2c-12"]


def test_an_absent_adapter_is_searched_for_seldom() -> None:
    machine = Machine(_11=with_parts())
    bus = machine.bus()
    del machine.buses["/dev/i2c-11"]
    searches = 0

    def count() -> list[Adapter]:
        nonlocal searches
        searches += 1
        return []

    bus._adapters = count
    for _ in range(1000):
        with pytest.raises(BusError):
            bus.read(0x3C, 1)
        machine.clock.now += 0.01
    assert searches <= 2 + 10 / SEARCH_INTERVAL


def test_parts_that_moved_while_another_adapter_took_the_number_are_found() -> None:
    machine = Machine(_1=with_parts())
    bus = machine.bus()
    machine.buses["/dev/i2c-1"].detach(0x3C)
    machine.buses["/dev/i2c-1"].detach(0x27)
    machine.buses["/dev/i2c-2"] = with_parts()
    for _ in range(round((LOST_INTERVAL + 5) / 0.5)):
        machine.clock.now += 0.5
        try:
            bus.read(0x3C, 1)
        except BusError:
            continue
        break
    assert bus.path == "/dev/i2c-2"
