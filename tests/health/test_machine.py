"""Facts about a machine that is made of files."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st

from appliance.health import machine
from tests.fake_machine import Tree


def test_cores_are_grouped_by_kind_the_fastest_first(tree: Tree) -> None:
    assert machine.clusters(tree.root) == (
        machine.Cluster((4, 5, 6, 7), 1024, 2_400_000),
        machine.Cluster((0, 1, 2, 3), 398, 1_800_000),
    )


def test_only_big_cores_compute(tree: Tree) -> None:
    assert machine.big_cores(tree.root) == 4


def test_cores_that_are_off_or_forbidden_do_not_count(tree: Tree) -> None:
    tree.write("sys/devices/system/cpu/online", "0-4,6")
    assert machine.big_cores(tree.root) == 2
    assert machine.big_cores(tree.root, allowed={0, 1, 2}) == 3


def test_a_machine_that_tells_no_capacities_uses_all_cores(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.write("sys/devices/system/cpu/online", "0-1")
    assert machine.big_cores(tmp_path) == 2


def test_a_cpu_quota_bounds_the_threads(tree: Tree) -> None:
    tree.write("proc/self/cgroup", "0::/system.slice/lory.service")
    tree.write("sys/fs/cgroup/system.slice/lory.service/cpu.max", "max 100000")
    tree.write("sys/fs/cgroup/system.slice/cpu.max", "250000 100000")
    assert machine.cpu_quota(tree.root) == 2.5
    assert machine.big_cores(tree.root) == 2


def test_memory_is_what_a_new_process_can_have(tree: Tree) -> None:
    assert machine.memory(tree.root) == machine.Memory(8_000_000 * 1024, 7_000_000 * 1024, False)


def test_the_tightest_cgroup_bounds_the_memory_and_its_page_cache_counts_as_free(
    tree: Tree,
) -> None:
    tree.write("proc/self/cgroup", "0::/a/b")
    tree.write("sys/fs/cgroup/a/memory.max", 2_000_000_000)
    tree.write("sys/fs/cgroup/a/memory.current", 1_500_000_000)
    tree.write("sys/fs/cgroup/a/memory.stat", "anon 900\ninactive_file 300000000")
    tree.write("sys/fs/cgroup/a/b/memory.max", "max")
    assert machine.memory(tree.root) == machine.Memory(2_000_000_000, 800_000_000, True)


def test_a_limit_of_the_older_cgroups_counts_as_well(tree: Tree) -> None:
    tree.write("proc/self/cgroup", "4:memory:/a\n0::/")
    tree.write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", 1_000_000_000)
    tree.write("sys/fs/cgroup/memory/a/memory.usage_in_bytes", 600_000_000)
    tree.write("sys/fs/cgroup/memory/a/memory.stat", "total_inactive_file 100000000")
    assert machine.memory(tree.root) == machine.Memory(1_000_000_000, 500_000_000, True)


def test_the_hottest_zone_comes_first_with_its_throttling_point(tree: Tree) -> None:
    zone = "sys/class/thermal/thermal_zone1"
    tree.write(f"{zone}/type", "bigcore0")
    tree.write(f"{zone}/temp", 81_500)
    tree.write(f"{zone}/trip_point_0_type", "passive")
    tree.write(f"{zone}/trip_point_0_temp", 85_000)
    tree.write(f"{zone}/trip_point_1_type", "critical")
    tree.write(f"{zone}/trip_point_1_temp", 115_000)
    hottest, cooler = machine.temperatures(tree.root)
    assert hottest == machine.Temperature("bigcore0", 81.5, 85.0)
    assert cooler.zone == "soc-thermal"


def test_the_ddr_controller_is_read_with_its_governor(tree: Tree) -> None:
    place = "sys/class/devfreq/dmc"
    tree.write(f"{place}/cur_freq", 528_000_000)
    tree.write(f"{place}/max_freq", 2_112_000_000)
    tree.write(f"{place}/governor", "dmc_ondemand")
    tree.write("sys/class/devfreq/fb000000.gpu/cur_freq", 300_000_000)
    assert machine.frequencies(tree.root) == (
        machine.Frequency("ddr", 528_000_000, 2_112_000_000, "dmc_ondemand"),
    )


def test_a_mouses_battery_is_not_the_boxs(tree: Tree) -> None:
    for name, scope in (("BAT0", "System"), ("hid-mouse", "Device")):
        place = f"sys/class/power_supply/{name}"
        tree.write(f"{place}/type", "Battery")
        tree.write(f"{place}/scope", scope)
        tree.write(f"{place}/capacity", 40)
        tree.write(f"{place}/status", "Discharging")
    assert machine.batteries(tree.root) == (machine.Battery("BAT0", 40, False),)


def test_a_machine_that_tells_nothing_is_not_guessed_about(tmp_path: Path) -> None:
    assert machine.board(tmp_path) == ""
    assert machine.clusters(tmp_path) == ()
    assert machine.big_cores(tmp_path) == 1
    assert machine.memory(tmp_path) is None
    assert machine.frequencies(tmp_path) == ()
    assert machine.temperatures(tmp_path) == ()
    assert machine.batteries(tmp_path) == ()
    assert not machine.has_rtc(tmp_path)


def test_the_device_tree_names_the_board(tree: Tree) -> None:
    assert machine.board(tree.root) == "Test Board RK3588"


@given(st.binary(max_size=64))
@example(b"\xc2\xb2")
@example(b"0-99999999999999999999")
@example(b"1-")
def test_files_of_nonsense_are_read_as_nothing(junk: bytes) -> None:
    with TemporaryDirectory() as name:
        root = Path(name)
        for path in ("proc/meminfo", "proc/self/cgroup", "sys/devices/system/cpu/online"):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(junk)
        assert machine.big_cores(root) == 1
        assert machine.memory(root) is None
