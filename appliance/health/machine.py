"""Facts about the machine, read from /proc and /sys and from nowhere else.

Every function takes `root`, the directory that stands for `/`, so that tests read a tree of their
own. What a machine does not tell is None or empty, never a guess. Sources: the kernel's
Documentation/ABI/testing/sysfs-devices-system-cpu, sysfs-class-thermal, sysfs-class-power,
sysfs-class-devfreq, and Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/")
MOST_CPUS = 4096
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Cluster:
    """Cores of one kind. `capacity` is relative (1024: the machine's fastest); 0 is unknown."""

    cpus: tuple[int, ...]
    capacity: int
    max_khz: int | None


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes. `available` is what a new process can have: MemAvailable and cgroup, the smaller."""

    total: int
    available: int
    limited: bool  # a cgroup limit, not the machine, is what bounds it


@dataclass(frozen=True, slots=True)
class Frequency:
    """A clock that is scaled: a core or the DDR controller. Hertz."""

    name: str
    current: int
    highest: int | None
    governor: str


@dataclass(frozen=True, slots=True)
class Temperature:
    """One thermal zone, °C. `throttles_at` is its lowest passive or hot trip point."""

    zone: str
    celsius: float
    throttles_at: float | None


@dataclass(frozen=True, slots=True)
class Battery:
    """The box's own battery. `percent` in 0..100."""

    name: str
    percent: int
    charging: bool


@dataclass(frozen=True, slots=True)
class Resident:
    """Resident bytes of a process. The kernel can drop file-backed pages, anonymous ones not."""

    file_backed: int
    anonymous: int

    @property
    def total(self) -> int:
        return self.file_backed + self.anonymous


def board(root: Path = ROOT) -> str:
    """The board's name from the device tree or DMI, else the CPU's, else empty."""
    for place in ("proc/device-tree/model", "sys/class/dmi/id/product_name"):
        if name := _text(root / place).strip("\0 \n"):
            return name
    return _cpuinfo(root, "model name")


def processor(root: Path = ROOT) -> str:
    """The processor's name, or the part numbers of an Arm's cores; empty where none is told."""
    if name := _cpuinfo(root, "model name"):
        return name
    lines = _text(root / "proc/cpuinfo").splitlines()
    parts = {line.partition(":")[2].strip() for line in lines if line.startswith("CPU part")}
    return " ".join(sorted(parts))


def clusters(root: Path = ROOT, allowed: Collection[int] | None = None) -> tuple[Cluster, ...]:
    """The cores this process may use, grouped by kind, the fastest kind first.

    `allowed` is the affinity mask; it is asked of the kernel where `root` is `/`.
    """
    if allowed is None and root == ROOT:
        allowed = os.sched_getaffinity(0)
    kinds: dict[tuple[int, int], list[int]] = {}
    for cpu in _online(root):
        if allowed is None or cpu in allowed:
            place = root / f"sys/devices/system/cpu/cpu{cpu}"
            capacity = _number(place / "cpu_capacity") or 0
            kinds.setdefault((capacity, _max_khz(place) or 0), []).append(cpu)
    return tuple(
        Cluster(tuple(cpus), capacity, khz or None)
        for (capacity, khz), cpus in sorted(kinds.items(), reverse=True)
    )


def big_cores(root: Path = ROOT, allowed: Collection[int] | None = None) -> int:
    """How many threads an engine should have at most: the cores that are worth waiting for.

    Cores with less than 60 % of the fastest one's speed hold a parallel decode back more than
    they help (an A55 has about 35 % of an A76). A cgroup's CPU quota bounds it too. At least 1.
    """
    kinds = clusters(root, allowed)
    best = max((_speed(kind) for kind in kinds), default=0)
    count = sum(len(kind.cpus) for kind in kinds if _speed(kind) >= 0.6 * best)
    quota = cpu_quota(root)
    return max(1, count if quota is None else min(count, int(quota)))


def cpu_quota(root: Path = ROOT) -> float | None:
    """Cores' worth of time the cgroup allows, None for no limit."""
    quotas = []
    for group in _cgroups(root):
        quota, _, period = _text(group / "cpu.max").strip().partition(" ")
        limit, length = _whole(quota), _whole(period)
        if limit is not None and length:
            quotas.append(limit / length)
    return min(quotas, default=None)


def memory(root: Path = ROOT) -> Memory | None:
    """None where /proc/meminfo cannot be read."""
    fields = _kilobytes(root / "proc/meminfo")
    if "MemTotal" not in fields or "MemAvailable" not in fields:
        return None
    total, available = fields["MemTotal"], fields["MemAvailable"]
    limited = False
    for limit, used in _memory_limits(root):
        room = limit - used
        if room < available:
            available, limited = max(0, room), True
        total = min(total, limit)
    return Memory(total, available, limited)


def resident(pid: int | str = "self", root: Path = ROOT) -> Resident:
    """What a process has resident now; zeros where the kernel does not tell."""
    fields = _kilobytes(root / "proc" / str(pid) / "status")
    file_backed = fields.get("RssFile", 0) + fields.get("RssShmem", 0)
    return Resident(file_backed, fields.get("RssAnon", 0))


def frequencies(root: Path = ROOT) -> tuple[Frequency, ...]:
    """CPU policies, then the DDR controller where the kernel shows it.

    A DDR governor that saves power can halve the decode speed, so speeds are quoted with these.
    """
    return (*_cpu_frequencies(root), *_ddr_frequencies(root))


def temperatures(root: Path = ROOT) -> tuple[Temperature, ...]:
    """All thermal zones that answer, the hottest first."""
    zones = []
    for zone in _entries(root / "sys/class/thermal", "thermal_zone*"):
        degrees = _number(zone / "temp")
        if degrees is not None and degrees > 0:
            name = _text(zone / "type").strip() or zone.name
            zones.append(Temperature(name, degrees / 1000, _throttle_point(zone)))
    return tuple(sorted(zones, key=lambda zone: zone.celsius, reverse=True))


def batteries(root: Path = ROOT) -> tuple[Battery, ...]:
    """Batteries that feed the box (not those of a mouse or a headset)."""
    found = []
    for supply in _entries(root / "sys/class/power_supply", "*"):
        percent = _number(supply / "capacity")
        own = _text(supply / "scope").strip() != "Device"
        if _text(supply / "type").strip() == "Battery" and own and percent is not None:
            charging = _text(supply / "status").strip() in ("Charging", "Full")
            found.append(Battery(supply.name, percent, charging))
    return tuple(found)


def has_rtc(root: Path = ROOT) -> bool:
    """Whether a real-time clock keeps the time while the box is off."""
    return any(_entries(root / "sys/class/rtc", "rtc*"))


def _speed(kind: Cluster) -> float:
    return kind.capacity or kind.max_khz or 1


def _online(root: Path) -> Iterator[int]:
    """CPU numbers of a list such as `0-3,6`."""
    for part in _text(root / "sys/devices/system/cpu/online").strip().split(","):
        first, _, last = part.partition("-")
        begin, end = _whole(first), _whole(last or first)
        if begin is not None and end is not None:
            yield from range(begin, min(end, MOST_CPUS) + 1)


def _max_khz(cpu: Path) -> int | None:
    return _number(cpu / "cpufreq/cpuinfo_max_freq")


def _cpu_frequencies(root: Path) -> Iterator[Frequency]:
    for policy in _entries(root / "sys/devices/system/cpu/cpufreq", "policy*"):
        current = _number(policy / "scaling_cur_freq")
        highest = _number(policy / "cpuinfo_max_freq")
        if current is not None:
            cpus = _text(policy / "related_cpus").strip().replace(" ", ",")
            governor = _text(policy / "scaling_governor").strip()
            yield Frequency(
                f"cpu {cpus}", current * 1000, highest * 1000 if highest else None, governor
            )


def _ddr_frequencies(root: Path) -> Iterator[Frequency]:
    for device in _entries(root / "sys/class/devfreq", "*"):
        current = _number(device / "cur_freq")
        if "dmc" in device.name and current is not None:
            governor = _text(device / "governor").strip()
            yield Frequency("ddr", current, _number(device / "max_freq"), governor)


def _throttle_point(zone: Path) -> float | None:
    points = []
    for kind in _entries(zone, "trip_point_*_type"):
        degrees = _number(zone / kind.name.replace("_type", "_temp"))
        if _text(kind).strip() in ("passive", "hot") and degrees is not None:
            points.append(degrees / 1000)
    return min(points, default=None)


def _kilobytes(path: Path) -> dict[str, int]:
    """The sizes of a `Name:  123 kB` file, in bytes."""
    fields = {}
    for line in _text(path).splitlines():
        name, _, rest = line.partition(":")
        amount = rest.split()
        size = _whole(amount[0]) if amount else None
        if size is not None:
            fields[name] = size * 1024
    return fields


def _cgroups(root: Path, controller: str = "") -> Iterator[Path]:
    """This process's cgroup and all above it: the tightest limit counts.

    Version 2, or the hierarchy that version 1 has for a `controller`.
    """
    own = ""
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, path = (*line.split(":", 2), "", "")[:3]
        if controller in controllers.split(","):
            own = path.strip("/")
    top = root / "sys/fs/cgroup" / controller
    here = top / own if ".." not in own else top
    while here != top:
        yield here
        here = here.parent
    yield top


def _memory_limits(root: Path) -> Iterator[tuple[int, int]]:
    """Limit and use of every cgroup that bounds this process, in bytes.

    Page cache that goes as soon as memory is asked for does not count as used.
    """
    for group in _cgroups(root):
        limit = _number(group / "memory.max")
        if limit is not None:
            used = _number(group / "memory.current") or 0
            yield limit, used - _amount(group / "memory.stat", "inactive_file")
    for group in _cgroups(root, "memory"):
        limit = _number(group / "memory.limit_in_bytes")
        if limit is not None:
            used = _number(group / "memory.usage_in_bytes") or 0
            yield limit, used - _amount(group / "memory.stat", "total_inactive_file")


def _amount(path: Path, field: str) -> int:
    for line in _text(path).splitlines():
        name, _, amount = line.partition(" ")
        if name == field and (size := _whole(amount)) is not None:
            return size
    return 0


def _cpuinfo(root: Path, field: str) -> str:
    for line in _text(root / "proc/cpuinfo").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == field:
            return value.strip()
    return ""


def _entries(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern)) if folder.is_dir() else []


def _text(path: Path) -> str:
    # A sensor that is asleep fails the read itself (EAGAIN, ENODATA), not only the open.
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _number(path: Path) -> int | None:
    text = _text(path).strip()
    size = _whole(text.removeprefix("-"))
    return -size if size is not None and text.startswith("-") else size


def _whole(text: str) -> int | None:
    """The number that a text of ASCII digits stands for."""
    # str.isdigit alone also takes superscripts, which int refuses.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
