"""The modelled bus: routing, wire time, faults."""

from __future__ import annotations

import pytest

from drivers.bus import BusTimeoutError, DeviceNotFoundError
from drivers.virtual.bus import VirtualBus


class Memory:
    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def read(self, length: int) -> bytes:
        return bytes(range(length))


def test_wire_time_is_nine_bits_a_byte_plus_start_and_stop() -> None:
    bus = VirtualBus(100_000)
    bus.attach(0x3C, Memory())
    bus.write(0x3C, bytes(10))
    assert bus.wire_time == pytest.approx((9 * 11 + 2) / 100_000)
    assert bus.read(0x3C, 3) == b"\0\1\2"
    assert bus.wire_time == pytest.approx((9 * 15 + 4) / 100_000)
    assert (bus.transfers, bus.bytes_on_wire) == (2, 15)


def test_a_full_frame_is_about_23_ms_at_400_khz() -> None:
    bus = VirtualBus()
    bus.attach(0x3C, Memory())
    bus.write(0x3C, bytes(1025))
    assert bus.wire_time == pytest.approx(0.0231, abs=0.0001)


def test_wire_time_is_slept_only_in_real_time() -> None:
    slept: list[float] = []
    for real_time in (False, True):
        bus = VirtualBus(real_time=real_time, sleep=slept.append)
        bus.attach(0x3C, Memory())
        bus.write(0x3C, b"x")
    assert slept == [pytest.approx(20 / 400_000)]


def test_an_absent_part_acknowledges_nothing() -> None:
    bus = VirtualBus(record=True)
    with pytest.raises(DeviceNotFoundError):
        bus.read(0x3C, 1)
    assert bus.wire_time == pytest.approx(11 / 400_000)
    assert not bus.trace[0].acknowledged


def test_the_part_sees_only_what_it_acknowledged() -> None:
    bus, part = VirtualBus(), Memory()
    bus.attach(0x3C, part)
    bus.nack_every(0x3C, 5)
    bus.write(0x3C, b"abc")
    with pytest.raises(DeviceNotFoundError):
        bus.write(0x3C, b"def")
    bus.write(0x3C, b"ghij")
    with pytest.raises(DeviceNotFoundError):
        bus.write(0x3C, b"k")
    assert part.written == [b"abc", b"d", b"ghij", b""]


def test_faults_end_after_their_count() -> None:
    bus = VirtualBus()
    bus.attach(0x3C, Memory())
    bus.nack_every(0x3C, 1, times=2)
    for _ in range(2):
        with pytest.raises(DeviceNotFoundError):
            bus.write(0x3C, b"x")
    bus.write(0x3C, b"x")


def test_a_stuck_bus_times_out_until_it_heals() -> None:
    bus = VirtualBus()
    bus.attach(0x3C, Memory())
    bus.stuck = True
    with pytest.raises(BusTimeoutError):
        bus.write(0x3C, b"x")
    bus.heal()
    bus.write(0x3C, b"x")


def test_transfers_are_limited_as_on_the_adapter() -> None:
    bus = VirtualBus(max_transfer=32)
    bus.attach(0x3C, Memory())
    bus.write(0x3C, bytes(32))
    for wrong in (b"", bytes(33)):
        with pytest.raises(ValueError, match="carries 1 to 32"):
            bus.write(0x3C, wrong)
    with pytest.raises(ValueError, match="7-bit"):
        bus.write(0x78, b"x")
