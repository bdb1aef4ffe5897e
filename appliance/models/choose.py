"""Which set to run: by what can be reached, and by the machine. It always says why."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from appliance.models.catalogue import Catalogue

_PROBE_S = 8.0


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

    Where a better one fits but cannot be reached, the default is chosen and the sentence says what
    is missed and how to carry it over.
    """
    router, best = catalogue.sets["router"], catalogue.sets["rk3588"]
    small = machine.ram_mb < catalogue.sets["default"].ram_mb * 0.7
    board = machine.is_rk3588 or machine.arch == "aarch64"
    fitting = router if small else best if board else catalogue.sets["default"]
    needs = frozenset[str]().union(*(model.schemes for model in catalogue.expand([fitting.name])))
    missing = needs - reachable
    memory = f"{machine.ram_mb / 1000:.1f} GB of memory, {machine.cores} cores"
    if not missing:
        return Choice(fitting.name, f"{memory}: set {fitting.name!r}. {fitting.note}")
    sites = "the release pages" if "https" in missing else "a package index"
    advice = (
        f"{sites} of set {fitting.name!r} cannot be reached; download it elsewhere and run: "
        "lory models import DIRECTORY"
    )
    note = catalogue.sets["default"].note
    if small:
        return Choice("default", f"{memory}: too little for set 'default', but {advice}. {note}")
    return Choice("default", f"{memory}: {advice}. Until then set 'default'. {note}")


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
    index: Callable[[], bool] | None = None,
    pages: Callable[[str], bool] | None = None,
) -> frozenset[str]:
    """Which schemes answer: asks the user's package index and one release page, a few seconds."""
    found = set()
    if (index or _index_answers)():
        found.add("pypi")
    urls = [
        part.source
        for model in catalogue.expand(["rk3588"])
        for part in model.parts
        if part.scheme == "https"
    ]
    if urls and (pages or _page_answers)(urls[0]):
        found.add("https")
    return frozenset(found)


def _index_answers() -> bool:
    command = [sys.executable, "-m", "pip", "index", "versions", "silero-vad", "--no-input"]
    command += ["--disable-pip-version-check", "--retries", "0", "--timeout", str(int(_PROBE_S))]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=3 * _PROBE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _page_answers(url: str) -> bool:
    request = urllib.request.Request(url, method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=_PROBE_S) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False
