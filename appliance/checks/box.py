"""The machine itself: cores, memory, heat, battery, clock, storage."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from appliance.checks.finding import Finding, fail, ok, warn
from appliance.health import machine
from appliance.health.machine import Cluster, Frequency, Memory

WARM_CELSIUS = 75.0
# No clock that was ever set shows a time before this project's first version: 2026-11-01 UTC.
PROJECT_BEGAN = 1_793_491_200.0
LOW_BATTERY_PERCENT = 15
LEAST_FREE_BYTES = 200_000_000


def check_machine(root: Path) -> Iterator[Finding]:
    """The board, its cores and how fast they run now."""
    kinds = machine.clusters(root)
    if not kinds:
        return
    name = machine.board(root) or "?"
    cores = " + ".join(_cluster(kind) for kind in kinds)
    big = machine.big_cores(root)
    yield ok(
        "machine",
        f"{name}：{cores}，计算用 {big} 个核",
        f"{name}: {cores}; {big} used for computing",
    )
    for clock in machine.frequencies(root):
        yield from _frequency(clock)


def _cluster(kind: Cluster) -> str:
    speed = f"{kind.max_khz / 1e6:.1f} GHz" if kind.max_khz else "CPU"
    return f"{len(kind.cpus)} × {speed}"


def _frequency(clock: Frequency) -> Iterator[Finding]:
    """Only what costs speed is worth a line: a DDR or core governor that saves power."""
    if clock.governor == "powersave" or (
        clock.name == "ddr" and clock.governor != "performance" and clock.highest
    ):
        top = f" / {clock.highest / 1e6:.0f}" if clock.highest else ""
        speed = f"{clock.name} {clock.current / 1e6:.0f}{top} MHz"
        yield warn(
            "machine",
            f"{speed}，调频策略 {clock.governor}：回答会变慢",
            f"{speed}, governor {clock.governor}: answers are slower",
            "改成 performance；报告速度时注明频率",
            "set it to performance; quote frequencies with every speed",
        )


def check_memory(root: Path, anonymous_mb: int, file_mb: int) -> Iterator[Finding]:
    """What the chosen models take together, in 10^6 bytes, against what there is.

    Anonymous memory must fit; file-backed weights can be evicted and read again, slowly.
    """
    found = machine.memory(root)
    if found is None:
        return
    yield _memory(found, anonymous_mb, file_mb)


def _memory(found: Memory, anonymous_mb: int, file_mb: int) -> Finding:
    available, total = found.available // 1_000_000, found.total // 1_000_000
    need_mb = anonymous_mb + file_mb
    bound_zh = "（受 cgroup 限制）" if found.limited else ""
    bound_en = " (bounded by a cgroup)" if found.limited else ""
    zh = f"可用 {available} MB，共 {total} MB{bound_zh}；模型需要 {need_mb} MB"
    en = f"{available} MB available of {total} MB{bound_en}; the models need {need_mb} MB"
    smaller_zh, smaller_en = (
        "换小一些的模型：lory models list",
        "take smaller models: lory models list",
    )
    if anonymous_mb > total:
        return fail("memory", zh, en, smaller_zh, smaller_en)
    if need_mb > available:
        return warn(
            "memory",
            zh,
            en,
            f"若 Lory 正在运行，占用的就是它；否则关掉别的程序，或{smaller_zh}",
            f"if Lory runs now, that is its own use; else close programs or {smaller_en}",
        )
    return ok("memory", zh, en)


def check_temperature(root: Path) -> Iterator[Finding]:
    """The hottest zone, against its own throttling point where it tells one."""
    zones = machine.temperatures(root)
    if not zones:
        yield ok("temperature", "这台机器不报告温度", "this machine does not tell its temperature")
        return
    hottest = zones[0]
    what = f"{hottest.zone} {hottest.celsius:.0f} °C"
    limit = hottest.throttles_at or WARM_CELSIUS
    if hottest.celsius >= min(limit, WARM_CELSIUS):
        yield warn(
            "temperature",
            f"{what}，会降频",
            f"{what}: it will throttle",
            "加散热片或风扇，别盖住外壳",
            "add a heat sink or a fan, and uncover the case",
        )
    else:
        yield ok("temperature", what, what)


def check_battery(root: Path) -> Iterator[Finding]:
    """Nothing where there is no battery."""
    for battery in machine.batteries(root):
        charging_zh, charging_en = ("，充电中", ", charging") if battery.charging else ("", "")
        zh, en = f"{battery.percent}%{charging_zh}", f"{battery.percent} %{charging_en}"
        if battery.percent <= LOW_BATTERY_PERCENT and not battery.charging:
            yield warn("battery", zh, en, "请充电", "charge it")
        else:
            yield ok("battery", zh, en)


def check_clock(root: Path, now: float) -> Iterator[Finding]:
    """`now` in seconds since 1970. An offline box has nobody to ask what time it is."""
    if now < PROJECT_BEGAN:
        yield warn(
            "clock",
            "时钟没有设置",
            "the clock is not set",
            "date -s '2026-12-31 23:59'，再 hwclock -w",
            "date -s '2026-12-31 23:59', then hwclock -w",
        )
    elif not machine.has_rtc(root):
        yield warn(
            "clock",
            "没有实时时钟：断电后时间会丢",
            "no real-time clock: the time is lost with the power",
            "加一个 DS3231 之类的模块，或每次开机后设时间",
            "add a module such as a DS3231, or set the time after each start",
        )
    else:
        yield ok("clock", "已设置", "set")


def check_storage(places: Iterable[Path]) -> Iterator[Finding]:
    """Directories that are written; they need not exist yet."""
    for place in places:
        there = _nearest(place)
        free = shutil.disk_usage(there).free
        room = f"{free / 1e9:.1f} GB"
        if not os.access(there, os.W_OK | os.X_OK):
            yield fail(
                "storage",
                f"{place} 不可写",
                f"{place} cannot be written",
                "检查所有者、挂载方式，或用 lory 用户运行",
                "check its owner and mount, or run as user lory",
            )
        elif free < LEAST_FREE_BYTES:
            yield warn(
                "storage",
                f"{place} 只剩 {room}",
                f"{place} has only {room} left",
                "腾出空间",
                "free some space",
            )
        else:
            yield ok("storage", f"{place} 可写，剩 {room}", f"{place} is writable, {room} free")


def _nearest(place: Path) -> Path:
    """The closest directory that exists."""
    while not place.is_dir() and place != place.parent:
        place = place.parent
    return place
