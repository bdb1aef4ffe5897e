"""Which set to run: by what can be reached, and by the machine. It always says why."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from appliance.models.catalogue import AnyModel, Catalogue, Part
from appliance.models.reach import answering, index_answers
from appliance.models.store import Store


@dataclass(frozen=True)
class Machine:
    """`ram_mb` in 10^6 bytes; `board` is the device tree's compatible list, empty on a PC."""

    ram_mb: int
    cores: int
    arch: str
    board: str = ""

    @property
    def is_rk3588(self) -> bool:
        return "rk3588" in self.board


@dataclass(frozen=True)
class Choice:
    """A set's name, and one honest sentence why it is this one."""

    name: str
    why: str


def choose_set(reachable: frozenset[str], machine: Machine, catalogue: Catalogue) -> Choice:
    """The best set whose sources (`pypi`, `https`) can be reached and that fits the machine.

    Where a better one fits but cannot be reached, the sentence says what is missed and how to carry
    it over.
    """
    default, router = catalogue.sets["default"], catalogue.sets["router"]
    memory = f"{machine.ram_mb / 1000:.1f} GB of memory, {machine.cores} cores"
    if machine.ram_mb < default.ram_mb * 0.7:
        small = "too little for set 'default', so set 'router'"
        return Choice(router.name, f"{memory}: {small}. {router.note}")
    board = machine.is_rk3588 or machine.arch == "aarch64"
    fitting = catalogue.sets["rk3588"] if board else default
    if all(model.comes_from(reachable) for model in catalogue.expand([fitting.name])):
        return Choice(fitting.name, f"{memory}: set {fitting.name!r}. {fitting.note}")
    sites = "the release pages" if "https" not in reachable else "a package index"
    advice = (
        f"{sites} of set {fitting.name!r} cannot be reached; download it elsewhere and run: "
        "lory models import DIRECTORY"
    )
    return Choice("default", f"{memory}: {advice}. Until then set 'default'. {default.note}")


def lacking(name: str, catalogue: Catalogue, store: Store) -> list[AnyModel]:
    """Models of a set of which neither they nor what is taken instead is installed."""
    better = catalogue.better([name])
    return [
        model
        for model in catalogue.expand([name])
        if not store.installed([model, better.get(model.name, model)])
    ]


def this_machine(root: Path = Path("/")) -> Machine:
    """Read from the kernel; `root` is for tests."""
    ram = 0
    for line in _text(root / "proc/meminfo").splitlines():
        if line.startswith("MemTotal:"):
            ram = int(line.split()[1]) * 1024 // 1_000_000
    compatible = _text(root / "proc/device-tree/compatible").replace("\0", " ").strip()
    return Machine(ram, os.cpu_count() or 1, platform.machine(), compatible)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def reachable_sources(
    catalogue: Catalogue,
    index: Callable[[], bool] = index_answers,
    pages: Callable[[Part], list[str]] = answering,
) -> frozenset[str]:
    """Which schemes answer: asks the user's package index and the places of one file, all at once,
    a few seconds.
    """
    largest = max(
        (part for model in catalogue.expand(["rk3588"]) for part in model.parts if part.mirrors),
        key=lambda part: len(part.mirrors),
    )
    with ThreadPoolExecutor() as pool:
        by_index, by_page = pool.submit(index), pool.submit(pages, largest)
        answered = {"pypi": by_index.result(), "https": bool(by_page.result())}
    return frozenset(scheme for scheme, answers in answered.items() if answers)
