"""Clock chips over their models: the time on the wire, and the mark that it was lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers import ds3231, pcf8563
from drivers.arbiter import BusThread
from drivers.bus import BusError, DeviceNotFoundError
from drivers.rtc import KINDS, Kind, RealTimeClock, find
from drivers.rtc_poller import ABSENT_INTERVAL, Kept, RtcPoller
from drivers.virtual.bus import VirtualBus
from drivers.virtual.clock import VirtualClock
from drivers.virtual.ds3231 import VirtualDs3231
from drivers.virtual.pcf8563 import VirtualPcf8563

Chip = VirtualDs3231 | VirtualPcf8563
MODELS: dict[str, type[Chip]] = {"DS3231": VirtualDs3231, "PCF8563": VirtualPcf8563}
moments = st.datetimes(
    datetime(2000, 1, 1), datetime(2199, 12, 31, 23, 59, 59), timezones=st.just(UTC)
).map(lambda moment: moment.replace(microsecond=0))


def fitted(kind: Kind, clock: VirtualClock) -> tuple[VirtualBus, Chip, RealTimeClock]:
    bus = VirtualBus(record=True)
    chip = MODELS[kind.name](clock)
    bus.attach(kind.address, chip)
    return bus, chip, kind.make(bus)


each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@each_kind
def test_a_new_chip_says_that_its_time_is_lost(kind: Kind) -> None:
    _, _, driver = fitted(kind, VirtualClock())
    assert driver.read() is None


@each_kind
@given(moment=moments, seconds=st.integers(0, 40_000_000))
def test_what_was_set_is_counted_on(kind: Kind, moment: datetime, seconds: int) -> None:
    clock = VirtualClock()
    _, _, driver = fitted(kind, clock)
    driver.set(moment)
    assert driver.read() == moment
    clock.now += seconds
    later = moment + timedelta(seconds=seconds)
    if later.year < 2200:
        assert driver.read() == later


@each_kind
def test_a_supply_that_failed_takes_the_trust_away_again(kind: Kind) -> None:
    clock = VirtualClock()
    _, chip, driver = fitted(kind, clock)
    driver.set(datetime(2026, 11, 24, 8, 30, tzinfo=UTC))
    chip.power_lost()
    assert driver.read() is None


@each_kind
def test_a_local_moment_is_kept_in_utc(kind: Kind) -> None:
    _, _, driver = fitted(kind, VirtualClock())
    driver.set(datetime(2026, 1, 1, 7, 0, tzinfo=timezone(timedelta(hours=8))))
    assert driver.read() == datetime(2025, 12, 31, 23, 0, tzinfo=UTC)


@each_kind
@pytest.mark.parametrize("moment", [datetime(2026, 1, 1), datetime(1999, 1, 1, tzinfo=UTC)])
def test_a_moment_that_the_chip_cannot_hold_is_refused(kind: Kind, moment: datetime) -> None:
    _, _, driver = fitted(kind, VirtualClock())
    with pytest.raises(ValueError):
        driver.set(moment)
    assert driver.read() is None


def test_the_bytes_of_a_ds3231_are_those_of_its_data_sheet() -> None:
    bus, _, driver = fitted(KINDS[0], VirtualClock())
    driver.set(datetime(2026, 11, 24, 8, 30, 15, tzinfo=UTC))
    driver.read()
    assert [(t.is_read, t.data.hex()) for t in bus.trace] == [
        (False, "0015300802241126"),
        (False, "0e"), (True, "1c"), (False, "0e1c"),
        (False, "0f"), (True, "88"), (False, "0f08"),
        (False, "0f"), (True, "08"),
        (False, "00"), (True, "15300802241126"),
    ]  # fmt: skip


def test_the_bytes_of_a_pcf8563_are_those_of_its_data_sheet() -> None:
    bus, _, driver = fitted(KINDS[1], VirtualClock())
    driver.set(datetime(2026, 11, 24, 8, 30, 15, tzinfo=UTC))
    assert [t.data.hex() for t in bus.trace] == ["0020", "0215300824021126", "0000"]


def test_a_ds3231_that_counts_in_twelve_hours_is_understood() -> None:
    bus, _, driver = fitted(KINDS[0], VirtualClock())
    driver.set(datetime(2026, 11, 24, 8, 30, tzinfo=UTC))
    for register, hour in ((0x52, 0), (0x41, 1), (0x72, 12), (0x61, 13)):
        bus.write(ds3231.ADDRESS, bytes((2, register)))
        read = driver.read()
        assert read is not None and read.hour == hour


def test_a_ds3231_counts_on_battery_after_it_was_set() -> None:
    bus, chip, driver = fitted(KINDS[0], VirtualClock())
    assert isinstance(chip, VirtualDs3231)
    bus.write(ds3231.ADDRESS, bytes((ds3231.CONTROL, 0x9C)))
    assert chip.rests_on_battery
    driver.set(datetime(2026, 11, 24, tzinfo=UTC))
    assert not chip.rests_on_battery


class Other:
    """Another chip at the address: every register reads the same."""

    def __init__(self, value: int) -> None:
        self.value = value

    def write(self, data: bytes) -> None:
        pass

    def read(self, length: int) -> bytes:
        return bytes([self.value]) * length


@pytest.mark.parametrize("address", [ds3231.ADDRESS, pcf8563.ADDRESS])
def test_another_chip_at_the_address_is_no_clock(address: int) -> None:
    bus = VirtualBus()
    bus.attach(address, Other(0x5F))
    with pytest.raises(BusError):
        next(kind for kind in KINDS if kind.address == address).make(bus).read()
    assert find(bus) is None


def test_where_nothing_answers_there_is_no_clock() -> None:
    with pytest.raises(DeviceNotFoundError):
        ds3231.DS3231(VirtualBus()).read()


def test_the_poller_reads_once_and_then_leaves_the_bus_alone() -> None:
    clock = VirtualClock()
    bus, _, driver = fitted(KINDS[1], clock)
    driver.set(datetime(2026, 11, 24, 8, 30, tzinfo=UTC))
    told: list[Kept] = []
    poller = RtcPoller(bus, lambda: told.append(poller.kept))
    assert poller.run(5.0) is None
    assert told == [Kept.SOUND] and poller.name == "PCF8563"
    assert poller.moment == datetime(2026, 11, 24, 8, 30, tzinfo=UTC) and poller.read_at == 5.0
    before = bus.transfers
    assert poller.run(500.0) is None
    assert bus.transfers == before


def test_the_poller_looks_again_for_a_chip_that_was_not_there() -> None:
    bus = VirtualBus()
    poller = RtcPoller(bus)
    assert poller.run(0.0) == ABSENT_INTERVAL
    assert poller.kept is Kept.UNKNOWN
    bus.attach(ds3231.ADDRESS, VirtualDs3231(VirtualClock()))
    poller.run(ABSENT_INTERVAL)
    assert poller.kept is Kept.LOST


def test_a_lost_chip_that_is_set_is_sound() -> None:
    bus, _, driver = fitted(KINDS[0], VirtualClock())
    poller = RtcPoller(bus)
    thread = BusThread(bus, [poller], VirtualClock())
    thread.step()
    assert poller.kept is Kept.LOST
    moment = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    poller.set(lambda: moment)
    thread.step()
    assert poller.kept is Kept.SOUND
    assert driver.read() == poller.moment == moment


def test_a_chip_that_refuses_to_be_set_is_given_up_after_some_tries() -> None:
    bus, _, _ = fitted(KINDS[0], VirtualClock())
    poller = RtcPoller(bus)
    poller.run(0.0)
    poller.set(lambda: datetime(2026, 11, 24, tzinfo=UTC))
    bus.nack_every(ds3231.ADDRESS, 1)
    assert [poller.run(float(at)) for at in range(3)] == [1.0, 2.0, None]
    assert poller.kept is Kept.LOST
