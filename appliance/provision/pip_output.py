"""pip's output, turned into progress. Read with `--progress-bar raw` (pip >= 24.1) and `-v`.

Lines that are used: "Collecting NAME", "Progress DONE of TOTAL" (bytes of one file), "Installing
collected packages: …", and in a verbose build ninja's "[12/193] …" or make's "[ 12%] …".
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from ui.strings import Text

_PROGRESS = re.compile(r"\s*Progress (\d+) of (\d+)")
_NAMED = re.compile(r"\s*(?:Collecting|Processing) (?:.*/)?([A-Za-z0-9][\w.]*(?:-[A-Za-z]\w*)*)")
_NINJA = re.compile(r"\s*\[(\d+)/(\d+)\]")
_MAKE = re.compile(r"\s*\[\s*(\d+)%\]")
_INSTALLING = re.compile(r"\s*Installing collected packages:")


class PipOutput(ABC):
    """Feed it lines; `fraction` never falls. `bytes_done` counts downloads."""

    def __init__(self) -> None:
        self.fraction = 0.0
        self.text = Text("准备", "preparing")
        self.bytes_done = 0
        self._file_done = 0

    @abstractmethod
    def feed(self, line: str) -> None: ...

    def _count_bytes(self, line: str) -> tuple[int, int] | None:
        """Bytes of the file that is arriving, and its size."""
        found = _PROGRESS.match(line)
        if found is None:
            return None
        done, total = int(found[1]), int(found[2])
        self.bytes_done += done - self._file_done
        self._file_done = 0 if done >= total else done
        return done, total

    def _reach(self, fraction: float) -> None:
        self.fraction = max(self.fraction, min(fraction, 1.0))


class WheelsOutput(PipOutput):
    """Many wheels, one pip after the other: by bytes against an estimate, by names where a mirror
    is a directory, and at the least by what is installed.
    """

    def __init__(self, bytes_expected: int, names_expected: int) -> None:
        super().__init__()
        self._bytes_expected = bytes_expected
        self._names_expected = names_expected
        self._names: set[str] = set()

    def feed(self, line: str) -> None:
        if self._count_bytes(line) is not None:
            self._reach(0.85 * min(1.0, self.bytes_done / self._bytes_expected))
        elif (named := _NAMED.match(line)) is not None:
            self._file_done = 0
            self._names.add(named[1].lower())
            self.text = Text(f"下载 {named[1]}", f"fetching {named[1]}")
            self._reach(0.85 * min(1.0, len(self._names) / self._names_expected))
        elif _INSTALLING.match(line):
            self.text = Text("安装软件包", "installing packages")

    def installed(self, share: float) -> None:
        """So much of the whole, 0..1, is installed by now."""
        self._reach(share)


class BuildOutput(PipOutput):
    """One source package: 5 % download, the rest the compiler's."""

    _DOWNLOAD = 0.05
    _BUILD = 0.93

    def __init__(self) -> None:
        super().__init__()
        self.text = Text("准备编译 llama.cpp", "preparing llama.cpp")

    def feed(self, line: str) -> None:
        if (arriving := self._count_bytes(line)) is not None:
            self.text = Text("下载 llama.cpp 源码", "fetching the source of llama.cpp")
            self._reach(self._DOWNLOAD * arriving[0] / max(1, arriving[1]))
        elif (ninja := _NINJA.match(line)) is not None:
            self._compiled(int(ninja[1]) / max(1, int(ninja[2])), f"{ninja[1]}/{ninja[2]}")
        elif (make := _MAKE.match(line)) is not None:
            self._compiled(int(make[1]) / 100, f"{make[1]}%")

    def _compiled(self, share: float, shown: str) -> None:
        self.text = Text(f"编译 llama.cpp {shown}", f"compiling llama.cpp {shown}")
        self._reach(self._DOWNLOAD + self._BUILD * share)
