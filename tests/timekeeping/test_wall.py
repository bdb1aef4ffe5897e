"""The time of day, and by what it is trusted."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.timekeeping.trust import Trust, vouched_by_kernel, zone_is_told
from appliance.timekeeping.wall import WallTime

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
STALE = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class Machine:
    """A system clock, the seconds since the boot, a helper that may be absent."""

    def __init__(self, root: Path, system: datetime = STALE) -> None:
        self.root = root
        self.base = system
        self.boot = 40.0
        self.has_helper = False
        self.asked = threading.Event()
        self.start("first-boot")

    def start(self, boot_id: str) -> None:
        place = self.root / "proc/sys/kernel/random/boot_id"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(boot_id + "\n", encoding="ascii")

    def system(self) -> datetime:
        return self.base + timedelta(seconds=self.boot)

    def set_system(self, moment: datetime) -> bool:
        if self.has_helper:
            self.base = moment - timedelta(seconds=self.boot)
        self.asked.set()
        return self.has_helper

    def wall(self, host: bool = False) -> WallTime:
        return WallTime(
            self.root / "clock.json",
            self.set_system,
            host=host,
            root=self.root,
            since_boot=lambda: self.boot,
            system=self.system,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def settle(wall: WallTime, machine: Machine) -> None:
    """Wait for the thread that asks the helper."""
    assert machine.asked.wait(10)
    for thread in threading.enumerate():
        if thread.name == "set-clock":
            thread.join(10)


def test_a_time_that_only_looks_set_is_not_trusted(machine: Machine) -> None:
    wall = machine.wall()
    assert wall() is not None
    assert wall.trust is Trust.NONE


def test_a_clock_that_was_never_set_is_no_time(tmp_path: Path) -> None:
    assert Machine(tmp_path, datetime(1970, 1, 1, tzinfo=UTC)).wall()() is None


def test_a_pc_that_shows_a_box_keeps_its_own_time(machine: Machine) -> None:
    wall = machine.wall(host=True)
    assert wall.trust is Trust.HOST
    wall.told_by_chip(NOON, 10.0)
    assert wall.utc() == machine.system()


def test_what_the_user_sets_counts_on_steadily_whatever_the_system_does(machine: Machine) -> None:
    wall = machine.wall()
    wall.set(NOON)
    machine.boot += 90
    machine.base -= timedelta(days=400)
    assert wall.utc() == NOON + timedelta(seconds=90)
    assert wall.trust is Trust.USER


def test_with_a_helper_the_system_is_set_and_goes_on_by_itself(machine: Machine) -> None:
    machine.has_helper = True
    wall = machine.wall()
    wall.set(NOON)
    settle(wall, machine)
    assert machine.system() == NOON
    machine.base += timedelta(seconds=5)  # disciplined by somebody since
    assert wall.utc() == NOON + timedelta(seconds=5)
    assert wall.trust is Trust.USER


def test_a_restart_of_the_box_remembers_what_was_set_in_this_boot(machine: Machine) -> None:
    machine.wall().set(NOON)
    machine.boot += 60
    again = machine.wall()
    assert again.utc() == NOON + timedelta(seconds=60)
    assert again.trust is Trust.USER


def test_after_another_boot_it_is_not_trusted(machine: Machine) -> None:
    machine.wall().set(NOON)
    machine.start("second-boot")
    again = machine.wall()
    assert again.utc() == machine.system()
    assert again.trust is Trust.NONE


def test_a_sound_chip_on_the_bus_is_the_truth(machine: Machine) -> None:
    wall = machine.wall()
    wall.told_by_chip(NOON, machine.boot - 10)
    assert wall.utc() == NOON + timedelta(seconds=10)
    assert wall.trust is Trust.OWN_CHIP


def test_what_the_user_set_is_newer_than_the_chip(machine: Machine) -> None:
    wall = machine.wall()
    wall.set(NOON)
    wall.told_by_chip(NOON - timedelta(days=1), machine.boot)
    assert wall.utc() == NOON
    assert wall.trust is Trust.USER


def test_a_time_server_s_word_is_newer_than_the_chip(machine: Machine) -> None:
    mark = machine.root / "run/systemd/timesync/synchronized"
    mark.parent.mkdir(parents=True)
    mark.touch()
    wall = machine.wall()
    wall.told_by_chip(NOON, machine.boot)
    assert wall.utc() == machine.system()
    assert wall.trust is Trust.SYNCHRONISED


def test_a_time_server_reached_later_in_this_boot_is_noticed(machine: Machine) -> None:
    wall = machine.wall()
    assert wall.trust is Trust.NONE
    mark = machine.root / "run/systemd/timesync/synchronized"
    mark.parent.mkdir(parents=True)
    mark.touch()
    assert wall.trust is Trust.SYNCHRONISED


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 40, b"{", b'{"boot": 3}', b"\xff\xfe{", b'{"boot":"first-boot"}']
)
def test_a_broken_file_is_a_clock_that_was_not_set(machine: Machine, content: bytes) -> None:
    (machine.root / "clock.json").write_bytes(content)
    assert machine.wall().trust is Trust.NONE


def test_a_state_folder_that_cannot_be_written_loses_only_the_restart(machine: Machine) -> None:
    (machine.root / "clock.json").mkdir()
    wall = machine.wall()
    wall.set(NOON)
    assert wall.utc() == NOON


def kernel_chip(root: Path, *, source: str, seconds: float | None) -> None:
    chip = root / "sys/class/rtc/rtc0"
    chip.mkdir(parents=True)
    (chip / "hctosys").write_text(source + "\n", encoding="ascii")
    if seconds is not None:
        (chip / "since_epoch").write_text(f"{seconds:.0f}\n", encoding="ascii")


def test_a_kernel_s_chip_from_which_the_time_was_taken_is_trusted(tmp_path: Path) -> None:
    kernel_chip(tmp_path, source="1", seconds=time.time() - 1)
    assert vouched_by_kernel(tmp_path) is Trust.KERNEL_CHIP


@pytest.mark.parametrize(
    ("source", "behind"),
    [("0", 0.0), ("1", 86400.0 * 5), ("1", None), ("1", 1.7e9), ("yes", 0.0)],
    ids=["not the source", "another time", "refuses to tell", "counts from its making", "odd"],
)
def test_a_chip_that_did_not_give_the_time_is_not(
    tmp_path: Path, source: str, behind: float | None
) -> None:
    seconds = None if behind is None else time.time() - behind
    kernel_chip(tmp_path, source=source, seconds=seconds)
    assert vouched_by_kernel(tmp_path) is Trust.NONE


def test_a_zone_is_told_by_the_environment_or_by_the_system(tmp_path: Path) -> None:
    assert not zone_is_told({}, tmp_path)
    assert zone_is_told({"TZ": "Asia/Shanghai"}, tmp_path)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/localtime").touch()
    assert zone_is_told({}, tmp_path)
