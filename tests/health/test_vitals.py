"""Heat and battery through the box: threads, icons, the frugal mode, and the end."""

import asyncio
import time
from types import SimpleNamespace

import pytest

from appliance.configuration.settings import Settings
from appliance.front.hardware import virtual_front
from appliance.front.sensors import read_sensors
from appliance.health.battery import READINGS_TO_BELIEVE, Battery, Charge, Level
from appliance.health.machine import Temperature
from appliance.health.vitals import Reading, Vitals
from appliance.supervision.compute import Compute
from drivers.arbiter import BusThread
from drivers.gauge_poller import GaugePoller
from drivers.max1704x import ADDRESS, Max1704x
from drivers.virtual.bus import VirtualBus
from drivers.virtual.max17048 import VirtualMax17048
from tests.waiting import PATIENCE

HOT = (Temperature("soc", 79.0, 80.0),)
COOL = (Temperature("soc", 45.0, 80.0),)


class Body:
    """Vitals fed by hand; what they asked for is kept."""

    def __init__(self, settings=None, cores=4):
        self.settings = Settings(settings or {})
        self.limits = []
        self.changes = 0
        self.ended = 0
        self.busy = False
        self.vitals = Vitals(self.settings, cores, lambda: Reading((), None))
        self.vitals.body = self

    def limit_threads(self, threads):
        self.limits.append(threads)

    def vitals_changed(self):
        self.changes += 1

    def battery_empty(self):
        self.ended += 1

    def feel(self, percent=None, charging=False, zones=COOL):
        charge = None if percent is None else Charge(percent, charging)
        self.vitals.feel(Reading(zones, charge))


def test_heat_takes_threads_and_shows_degrees_until_it_is_cool_again():
    body = Body()
    body.feel(zones=HOT)
    assert body.limits[-1] == 3 and body.vitals.celsius == 79
    for _ in range(10):
        body.feel(zones=COOL)
    assert body.limits[-1] == 4 and body.vitals.celsius is None


def test_nothing_is_told_while_nothing_changes():
    body = Body()
    for _ in range(20):
        body.feel(80.0)
    assert body.changes == 1


def test_a_battery_is_shown_only_when_it_is_low_and_not_charging():
    body = Body()
    body.feel(80.0)
    assert body.vitals.low_percent is None
    body.feel(18.0)
    assert body.vitals.low_percent == 18
    body.feel(18.0, charging=True)
    assert body.vitals.low_percent is None


def test_a_battery_that_wavers_about_the_bound_does_not_flicker():
    battery = Battery(4.0)
    levels = []
    for percent in (21.0, 20.0, 20.5, 19.8, 24.0, 26.0):
        battery.feel(Charge(percent, False))
        levels.append(battery.level)
    assert levels == [Level.FINE, *[Level.LOW] * 4, Level.FINE]


def test_an_empty_battery_ends_the_box_once_and_one_dip_does_not():
    body = Body()
    body.feel(3.0)
    body.feel(9.0)
    assert body.ended == 0
    for _ in range(READINGS_TO_BELIEVE + 3):
        body.feel(3.0)
    assert body.ended == 1


def test_an_empty_battery_on_a_charger_ends_nothing():
    body = Body()
    for _ in range(10):
        body.feel(1.0, charging=True)
    assert body.ended == 0


@pytest.mark.parametrize(
    ("wanted", "percent", "frugal"),
    [("auto", 80.0, False), ("auto", 15.0, True), ("on", None, True), ("off", 15.0, False)],
)
def test_the_frugal_mode_is_a_setting_and_comes_by_itself_on_a_low_battery(wanted, percent, frugal):
    body = Body({"power.frugal": wanted})
    body.feel(percent)
    assert body.vitals.frugal == frugal
    assert body.limits[-1] == (2 if frugal else 4)


def test_a_limit_holds_whoever_else_computes():
    compute = Compute(4)
    assert compute.limit(2) and compute.llm_threads == 2
    assert not compute.occupy("tts") and compute.llm_threads == 2
    assert compute.limit(4) and compute.llm_threads == 3


def battery(root, percent):
    supply = root / "sys/class/power_supply/BAT0"
    supply.mkdir(parents=True)
    for name, text in (("type", "Battery"), ("capacity", percent), ("status", "Discharging")):
        (supply / name).write_text(f"{text}\n")


def test_a_gauge_on_the_bus_goes_before_the_kernels_battery(tmp_path):
    battery(tmp_path, percent=55)
    bus = VirtualBus()
    front = SimpleNamespace(gauge=GaugePoller(Max1704x(bus)), modelled=False)
    thread = BusThread(bus, [front.gauge], time.monotonic)
    thread.step()
    assert read_sensors(Settings(), front, tmp_path).charge == Charge(55, False)
    bus.attach(ADDRESS, VirtualMax17048(percent=30.0, rate=10.0))
    front.gauge.run(0.0)
    assert read_sensors(Settings(), front, tmp_path).charge == Charge(30.0, True)
    nothing = Settings({"power.gauge": "none"})
    assert read_sensors(nothing, SimpleNamespace(gauge=None), tmp_path).charge is None


def test_a_laptop_that_shows_a_box_does_not_end_it_on_its_own_battery(tmp_path):
    battery(tmp_path, percent=3)
    front, _ = virtual_front(Settings(), lambda _: None, real_time=False)
    assert read_sensors(Settings(), front, tmp_path).charge is None
    asked_for = Settings({"power.gauge": "system"})
    assert read_sensors(asked_for, front, tmp_path).charge == Charge(3, False)


def test_it_looks_at_once_and_then_rests():
    body = Body()
    looks = []

    async def watch():
        body.vitals._read = lambda: looks.append(1) or Reading(HOT, None)
        task = asyncio.get_running_loop().create_task(body.vitals.watch())
        async with asyncio.timeout(PATIENCE):
            while not body.limits:
                await asyncio.sleep(0)
        task.cancel()

    asyncio.run(watch())
    assert len(looks) == 1 and body.limits == [3]
