"""A machine made of files, and what is asked of reports about it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from appliance.checks.finding import Finding, Level, Report
from appliance.checks.sound import SoundDevices
from appliance.configuration.settings import Settings, Value
from drivers.bus import I2CBus
from drivers.detect import AdapterReport, detect
from drivers.linux_i2c import Adapter
from drivers.virtual.bus import VirtualBus

HEADSET = SoundDevices(("USB Headset: Audio (hw:1,0)",), ("USB Headset: Audio (hw:1,0)",))
NOW = 1_800_000_000.0

RK3588_CPUINFO = "processor : 0\nFeatures : fp asimd asimdhp asimddp\n"
MEMINFO = "MemTotal:        8000000 kB\nMemFree:         100000 kB\nMemAvailable:    7000000 kB\n"


class Tree:
    """A directory that stands for `/`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, text: object) -> None:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"{text}\n", encoding="utf-8")


Buses = Mapping[str, VirtualBus]


def look(buses: Buses) -> list[AdapterReport]:
    """What `detect` says of these buses, by path."""

    def open_bus(path: str) -> I2CBus:
        buses[path].closed = False  # an adapter can be opened again
        return buses[path]

    return detect([Adapter(path, "test-i2c") for path in buses], open_bus)


def settings(**values: Value) -> Settings:
    """`display_bus=2` sets `display.bus`."""
    return Settings({key.replace("_", ".", 1): value for key, value in values.items()})


def of(report: Report, area: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.area == area]


def worst(report: Report, area: str) -> Level:
    levels = [finding.level for finding in of(report, area)]
    return max(levels, key=list(Level).index)


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """An RK3588 with 8 GB: four A55 at 1.8 GHz, four A76 at 2.4 GHz."""
    made = Tree(tmp_path / "root")
    made.write("proc/device-tree/model", "Test Board RK3588\0")
    made.write("proc/cpuinfo", RK3588_CPUINFO)
    made.write("proc/meminfo", MEMINFO)
    made.write("sys/devices/system/cpu/online", "0-7")
    for cpu in range(8):
        big = cpu >= 4
        place = f"sys/devices/system/cpu/cpu{cpu}"
        made.write(f"{place}/cpu_capacity", 1024 if big else 398)
        made.write(f"{place}/cpufreq/cpuinfo_max_freq", 2_400_000 if big else 1_800_000)
    made.write("sys/class/thermal/thermal_zone0/type", "soc-thermal")
    made.write("sys/class/thermal/thermal_zone0/temp", 48_000)
    made.write("sys/class/rtc/rtc0/name", "rtc-hym8563")
    return made
