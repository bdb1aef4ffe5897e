"""Where pieces come from: wheels by the user's own pip, HTTPS with resume, files.

Each source hands out a piece as a stream of bytes that nobody has checked yet; the fetcher hashes
what it reads. Nothing is ever installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any, Protocol

import msgspec
from msgspec import Struct

from appliance import __version__
from appliance.models.catalogue import Part
from appliance.models.errors import (
    CancelledError,
    DiskFullError,
    ModelError,
    NetworkError,
    NotAtSourceError,
    ToolMissingError,
    WrongHashError,
)
from appliance.models.hashing import CHUNK
from appliance.models.store import writing

Report = Callable[[int], None]  # bytes of the current piece that have arrived so far
Cancel = Callable[[], bool]

_POLL_S = 0.2
_TIMEOUT_S = 30.0
_ATTEMPTS = 4

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


class _Begun(Struct, frozen=True):
    """An HTTPS download that was begun; it goes on only if it is still the same file."""

    url: str
    validator: str
    total: int


Opener = Callable[[urllib.request.Request, float], Any]


def _urlopen(request: urllib.request.Request, timeout: float) -> Any:
    return urllib.request.urlopen(request, timeout=timeout)


class HttpsSource:
    """`https:` pieces, with `Range` requests so that an interruption costs nothing."""

    def __init__(self, opener: Opener = _urlopen) -> None:
        self._open = opener

    @contextmanager
    def open(self, part: Part, work: Path, report: Report, cancel: Cancel) -> Iterator[Piece]:
        target, note = work / "download", work / "download.json"
        for attempt in range(_ATTEMPTS):
            try:
                self._fetch(part.source, target, note, report, cancel)
                break
            except (HTTPException, TimeoutError, ConnectionError) as error:
                if attempt == _ATTEMPTS - 1:
                    raise NetworkError(f"{part.source}: {error}") from error
        try:
            with target.open("rb") as stream:
                yield Piece(stream, target.stat().st_size, movable=target)
        except WrongHashError:
            target.unlink(missing_ok=True)
            raise
        target.unlink(missing_ok=True)
        note.unlink(missing_ok=True)

    def _fetch(self, url: str, target: Path, note: Path, report: Report, cancel: Cancel) -> None:
        have, begun = _resumable(url, target, note)
        if begun and have == begun.total:
            return
        headers = {"User-Agent": f"lory/{__version__}"}
        if have and begun:
            headers |= {"Range": f"bytes={have}-", "If-Range": begun.validator}
        with self._request(url, headers) as response:
            if not response.url.startswith("https://"):
                raise NetworkError(f"{url} leads to {response.url}, which is not encrypted")
            if response.status != 206:
                have = 0
            validator = response.headers.get("ETag") or response.headers.get("Last-Modified") or ""
            total = have + int(response.headers.get("Content-Length") or 0)
            with writing(target.parent):
                note.write_bytes(msgspec.json.encode(_Begun(url, validator, total)))
                self._copy(response, target, have, report, cancel)
        if total and target.stat().st_size < total:
            raise ConnectionError("it ended early")

    def _request(self, url: str, headers: dict[str, str]) -> Any:
        request = urllib.request.Request(url, headers=headers)
        try:
            return self._open(request, _TIMEOUT_S)
        except urllib.error.HTTPError as error:
            if error.code in (404, 410):
                raise NotAtSourceError(f"{url}: not there (HTTP {error.code})") from error
            raise NetworkError(f"{url}: HTTP {error.code} {error.reason}") from error
        except urllib.error.URLError as error:
            raise NetworkError(f"cannot reach {url}: {error.reason}") from error

    def _copy(self, response: Any, target: Path, have: int, report: Report, cancel: Cancel) -> None:
        with target.open("r+b" if have else "wb") as output:
            output.seek(have)
            while chunk := _read(response):
                if cancel():
                    raise CancelledError("stopped; the next fetch goes on from here")
                output.write(chunk)
                have += len(chunk)
                report(have)
            output.truncate()


def _read(response: Any) -> bytes:
    try:
        return bytes(response.read(CHUNK))
    except OSError as error:
        # A read error is the network's, not the disk's on which we write.
        raise ConnectionError(str(error)) from error


def _resumable(url: str, target: Path, note: Path) -> tuple[int, _Begun | None]:
    try:
        begun = msgspec.json.decode(note.read_bytes(), type=_Begun)
        size = target.stat().st_size
    except (OSError, msgspec.DecodeError):
        return 0, None
    if begun.url != url or not begun.validator or size > begun.total:
        return 0, None
    return size, begun


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
            path = self._folder / part.source.rsplit("/", 1)[-1]
            return path if path.is_file() else None
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
    return {"pypi": WheelSource(), "https": HttpsSource(), "file": FileSource()}
