"""An RK3588 box with the reference hardware on virtual chips."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fake_machine import HEADSET, MEMINFO, NOW, RK3588_CPUINFO, Tree, look

from appliance.commands.doctor import Surroundings
from drivers.virtual.bus import VirtualBus
from drivers.virtual.keypad import VirtualKeypad
from drivers.virtual.ssd1306 import VirtualSsd1306


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


@pytest.fixture
def bus() -> VirtualBus:
    """The reference hardware on one bus."""
    made = VirtualBus()
    made.attach(0x3C, VirtualSsd1306())
    made.attach(0x27, VirtualKeypad(clock=None))
    return made


@pytest.fixture
def outside(tree: Tree, bus: VirtualBus, tmp_path: Path) -> Callable[..., Surroundings]:
    """The whole machine; keyword arguments replace parts of it."""

    def make(**changes: object) -> Surroundings:
        parts: dict[str, object] = {
            "is_box": True,
            "models": tmp_path / "models",
            "writable": (tmp_path,),
            "models_d": tmp_path / "models.d",
            "root": tree.root,
            "detect": lambda: look({"/dev/i2c-1": bus}),
            "sound": lambda: HEADSET,
            "now": lambda: NOW,
            **changes,
        }
        return Surroundings(**parts)  # type: ignore[arg-type]

    return make
