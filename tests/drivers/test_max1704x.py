"""The fuel gauge over its modelled chip, on the wire and through the arbiter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.arbiter import BusThread
from drivers.bus import BusError, DeviceNotFoundError
from drivers.gauge_poller import ABSENT_INTERVAL, INTERVAL, GaugePoller
from drivers.keypad_i2c import I2CKeypad
from drivers.keypad_poller import KeypadPoller
from drivers.max1704x import ADDRESS, Max1704x
from drivers.virtual.bus import VirtualBus
from drivers.virtual.keypad import VirtualKeypad
from drivers.virtual.max17048 import VirtualMax17048


@pytest.fixture
def bus() -> VirtualBus:
    return VirtualBus(record=True)


@given(st.floats(0, 100), st.floats(2.5, 4.35), st.floats(-80, 80))
def test_what_the_battery_holds_is_read_as_it_is(percent: float, volts: float, rate: float) -> None:
    bus = VirtualBus()
    bus.attach(ADDRESS, VirtualMax17048(percent, volts, rate))
    charge = Max1704x(bus).read()
    assert charge.percent == pytest.approx(percent, abs=0.01)
    assert charge.volts == pytest.approx(volts, abs=1e-4)
    if abs(rate) > 1:
        assert charge.charging == (rate > 0)


def test_the_bytes_on_the_wire_are_register_numbers_and_words(bus: VirtualBus) -> None:
    bus.attach(ADDRESS, VirtualMax17048(percent=50.5, volts=3.7, rate=-10.4))
    Max1704x(bus).read()
    assert [(t.is_read, t.data.hex()) for t in bus.trace] == [
        (False, "08"), (True, "0012"),
        (False, "02"), (True, "b900"),
        (False, "04"), (True, "3280"),
        (False, "16"), (True, "ffce"),
    ]  # fmt: skip


def test_an_older_chip_does_not_tell_whether_it_charges(bus: VirtualBus) -> None:
    chip = VirtualMax17048()
    chip.version = 0x0003
    bus.attach(ADDRESS, chip)
    assert Max1704x(bus).read().charging is None
    assert not any(t.data == b"\x16" for t in bus.trace)


def test_a_full_battery_on_a_charger_is_not_more_than_full(bus: VirtualBus) -> None:
    bus.attach(ADDRESS, VirtualMax17048(percent=103.0))
    assert Max1704x(bus).read().percent == 100.0


def test_another_chip_at_the_address_is_no_gauge(bus: VirtualBus) -> None:
    bus.attach(ADDRESS, VirtualMax17048(volts=0.0))
    with pytest.raises(BusError):
        Max1704x(bus).read()


def test_where_nothing_answers_there_is_no_gauge(bus: VirtualBus) -> None:
    with pytest.raises(DeviceNotFoundError):
        Max1704x(bus).read()


def test_the_poller_looks_seldom_and_more_seldom_where_there_is_none(bus: VirtualBus) -> None:
    poller = GaugePoller(Max1704x(bus))
    assert poller.run(100.0) == 100.0 + ABSENT_INTERVAL
    assert poller.charge is None
    chip = VirtualMax17048(percent=42.0)
    bus.attach(ADDRESS, chip)
    assert poller.run(300.0) == 300.0 + INTERVAL
    assert poller.charge is not None and poller.charge.percent == 42.0
    bus.detach(ADDRESS)
    poller.run(400.0)
    assert poller.charge is None


def test_the_keypad_goes_before_the_gauge_when_both_are_due(bus: VirtualBus) -> None:
    bus.attach(ADDRESS, VirtualMax17048())
    bus.attach(0x27, VirtualKeypad(clock=None))
    gauge = GaugePoller(Max1704x(bus))
    thread = BusThread(bus, [KeypadPoller(I2CKeypad(bus), lambda event: None), gauge], lambda: 5.0)
    thread.step()
    assert {t.address for t in bus.trace} == {0x27}
    assert gauge.charge is None
    thread.step()
    assert gauge.charge is not None
