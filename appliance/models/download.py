"""One file over HTTPS: resumed where it broke off, also at another place of the same bytes.

What stands behind an address is not trusted: a login page, an error page with a friendly status, a
server that begins anew although a part was asked for, are all met in the wild. Where the hash of
the file is known, a download that was begun at one place goes on at the next, and the hash says
whether they had the same. Sources: RFC 9110, sections 13.1.5, 14 and 15.3.7.
"""

from __future__ import annotations

import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from appliance import __version__
from appliance.models.errors import (
    CancelledError,
    NetworkError,
    NotAtSourceError,
    WrongHashError,
)
from appliance.models.hashing import CHUNK, sha256_file
from appliance.models.store import writing

Report = Callable[[int], None]  # bytes of the current piece that have arrived so far
Cancel = Callable[[], bool]
Opener = Callable[[urllib.request.Request, float], Any]

_TIMEOUT_S = 15.0
REPORT_EVERY_S = 0.2
_ATTEMPTS = 4
_PAGE_STARTS = (b"<!doctype html", b"<html")


def urlopen(request: urllib.request.Request, timeout: float) -> Any:
    """The standard library's, through the proxies that the environment names."""
    return urllib.request.urlopen(request, timeout=timeout)


@dataclass(frozen=True)
class Wanted:
    """What is known of the file before it is asked for."""

    size: int | None = None
    sha256: str | None = None


class _Begun(Struct, frozen=True):
    """A download that was begun. `what` names the file: its hash, where none is known its URL.
    `urls` are the places that gave some of it, the latest last; `validator` (ETag or date) says
    whether that one still has the same file. `total` in bytes.
    """

    what: str
    validator: str
    total: int
    urls: tuple[str, ...]


class Download:
    """The file `target`, with a note beside it of how far it is. Both outlive an interruption."""

    def __init__(
        self, target: Path, opener: Opener = urlopen, report_every: float = REPORT_EVERY_S
    ) -> None:
        self.target = target
        self._note = target.with_name(target.name + ".json")
        self._open = opener
        self._every = report_every

    def bring(self, url: str, wanted: Wanted, report: Report, cancel: Cancel) -> None:
        """Make the file whole from `url`. Its hash is left to whoever reads it, but for a file
        that several places gave: a wrong one of those is taken anew from this one alone.

        Raises:
            NetworkError, NotAtSourceError, WrongHashError, DiskFullError, CancelledError.
        """
        self._bring(url, wanted, report, cancel)
        begun = self._begun()
        mixed = begun is not None and len(begun.urls) > 1
        if mixed and wanted.sha256 and sha256_file(self.target) != wanted.sha256:
            self.discard()
            self._bring(url, wanted, report, cancel)

    def discard(self) -> None:
        self.target.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _bring(self, url: str, wanted: Wanted, report: Report, cancel: Cancel) -> None:
        for attempt in range(_ATTEMPTS):
            try:
                self._go_on(url, wanted, report, cancel)
                return
            except (HTTPException, TimeoutError, ConnectionError) as error:
                if attempt == _ATTEMPTS - 1:
                    raise NetworkError(f"{url}: {error}") from error

    def _go_on(self, url: str, wanted: Wanted, report: Report, cancel: Cancel) -> None:
        have, begun = self._resumable(url, wanted)
        if begun and have == begun.total:
            return
        headers = {"User-Agent": f"lory/{__version__}"}
        if have and begun:
            headers["Range"] = f"bytes={have}-"
            if begun.validator and begun.urls[-1] == url:
                headers["If-Range"] = begun.validator
        with self._request(url, headers) as response:
            _refuse_other_things(url, response)
            if response.status != 206 or _start(response, have) != have:
                have, begun = 0, None
            total = have + int(response.headers.get("Content-Length") or 0)
            _refuse_other_sizes(url, total, wanted.size or (begun.total if begun else 0))
            before = begun.urls if begun else ()
            note = _Begun(
                _identity(url, wanted),
                _validator(response),
                total,
                (*(each for each in before if each != url), url),
            )
            with writing(self.target.parent):
                self._note.write_bytes(msgspec.json.encode(note))
                self._copy(url, response, have, report, cancel)
        if self.target.stat().st_size < total:
            raise ConnectionError("it ended early")

    def _request(self, url: str, headers: dict[str, str]) -> Any:
        try:
            return self._open(urllib.request.Request(url, headers=headers), _TIMEOUT_S)
        except urllib.error.HTTPError as error:
            if error.code == 416 and "Range" in headers:
                self.discard()
                raise ConnectionError("it has no such part") from error
            if error.code in (404, 410):
                raise NotAtSourceError(f"{url}: not there (HTTP {error.code})") from error
            raise NetworkError(f"{url}: HTTP {error.code} {error.reason}") from error
        except urllib.error.URLError as error:
            hint = ""
            if isinstance(error.reason, ssl.SSLCertVerificationError):
                hint = " (a login page of this network? a clock that is wrong?)"
            raise NetworkError(f"cannot reach {url}: {error.reason}{hint}") from error

    def _copy(self, url: str, response: Any, have: int, report: Report, cancel: Cancel) -> None:
        told = time.monotonic()
        with self.target.open("r+b" if have else "wb") as output:
            output.seek(have)
            while chunk := _read(response):
                if cancel():
                    raise CancelledError("stopped; the next fetch goes on from here")
                if have == 0 and chunk.lstrip()[:16].lower().startswith(_PAGE_STARTS):
                    raise _page(url)
                output.write(chunk)
                have += len(chunk)
                if time.monotonic() - told >= self._every:
                    told = time.monotonic()
                    report(have)
            output.truncate()
        report(have)

    def _resumable(self, url: str, wanted: Wanted) -> tuple[int, _Begun | None]:
        begun = self._begun()
        try:
            size = self.target.stat().st_size
        except OSError:
            return 0, None
        if begun is None or begun.what != _identity(url, wanted) or size > begun.total:
            return 0, None
        return (size, begun) if wanted.sha256 or begun.validator else (0, None)

    def _begun(self) -> _Begun | None:
        try:
            return msgspec.json.decode(self._note.read_bytes(), type=_Begun)
        except (OSError, msgspec.DecodeError):
            return None


def _identity(url: str, wanted: Wanted) -> str:
    return f"sha256:{wanted.sha256}" if wanted.sha256 else url


def _validator(response: Any) -> str:
    return response.headers.get("ETag") or response.headers.get("Last-Modified") or ""


def _start(response: Any, asked: int) -> int:
    """Where the part begins that came: `bytes 100-199/200`; where it does not say, as asked."""
    said = response.headers.get("Content-Range")
    first = (said or "").removeprefix("bytes").strip().partition("-")[0]
    return int(first) if first.isdigit() else -1 if said else asked


def _refuse_other_things(url: str, response: Any) -> None:
    """Raises: NetworkError: led away from HTTPS, or to a page for people."""
    if url.startswith("https://") and not response.url.startswith("https://"):
        raise NetworkError(f"{url} leads to {response.url}, which is not encrypted")
    if (response.headers.get("Content-Type") or "").lower().startswith("text/html"):
        raise _page(url)


def _refuse_other_sizes(url: str, total: int, size: int) -> None:
    if total and size and total != size:
        raise WrongHashError(f"{url}: {total} bytes are offered instead of {size}")


def _page(url: str) -> NetworkError:
    return NetworkError(f"{url}: a web page came, not the file (a login page of this network?)")


def _read(response: Any) -> bytes:
    """What has arrived, at least a byte but for the end: a slow source must be seen to be slow."""
    read = getattr(response, "read1", response.read)
    try:
        return bytes(read(CHUNK))
    except OSError as error:
        # A read error is the network's, not the disk's on which we write.
        raise ConnectionError(str(error)) from error
