"""The glass of a running box over a local socket: `lory shot` and `lory record` look through it.

Whoever connects is sent pictures of 1024 bytes (page layout), the present one first, then every
other one; who reads slowly misses some, never the newest. Nothing is read: a viewer can change
nothing. The socket lies in the runtime directory with mode 0600: the box's user and root may look.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from appliance import paths
from appliance.errors import CommandError
from drivers.addressing import FRAME_BYTES

if TYPE_CHECKING:
    from appliance.front.watched_glass import WatchedGlass

log = logging.getLogger("lory.glass")

SERVICE_RUNTIME = Path("/run/lory")
_UNSENT = 8 * FRAME_BYTES  # a viewer this far behind is sent the newest picture next
_NAMES = "glass-*.sock"


class NoBoxError(CommandError):
    """There is no glass to look at; the message says why and what to do."""


@contextlib.asynccontextmanager
async def open_to_viewers(glass: WatchedGlass) -> AsyncIterator[None]:
    """Serve `glass` on a socket of this process. A box whose socket cannot be made runs without."""
    path = paths.runtime_dir() / f"glass-{os.getpid()}.sock"
    viewers: set[_Viewer] = set()
    try:
        listener = _listen(path)
    except OSError as error:
        log.warning("nobody can look at the glass: %s: %s", path, error)
        yield
        return
    loop = asyncio.get_running_loop()
    server = await loop.create_unix_server(lambda: _Viewer(glass, viewers), sock=listener)
    try:
        yield
    finally:
        server.close()
        for viewer in tuple(viewers):
            viewer.close()
        path.unlink(missing_ok=True)


def connect(directories: Sequence[Path] | None = None) -> socket.socket:
    """Look at the box that was started last: this user's, else the service's.

    Raises:
        NoBoxError: none runs, or this user may not look.
    """
    places = directories or (paths.runtime_dir(), SERVICE_RUNTIME)
    forbidden: Path | None = None
    for path in _sockets(places):
        viewer = socket.socket(socket.AF_UNIX)
        try:
            with _short(path) as address:
                viewer.connect(address)
        except OSError as error:
            viewer.close()
            if isinstance(error, PermissionError):
                forbidden = path
            continue
        return viewer
    closed = next((place for place in places if _is_closed(place)), forbidden)
    if closed is not None:
        raise NoBoxError(f"{closed} belongs to another user's box; try again with sudo")
    raise NoBoxError("no box is running; start one with `lory panel` or `systemctl start lory`")


def pictures(viewer: socket.socket) -> Iterator[bytes]:
    """What the box shows, picture after picture, until it ends. Raises TimeoutError as set."""
    received = b""
    while chunk := viewer.recv(FRAME_BYTES - len(received)):
        received += chunk
        if len(received) == FRAME_BYTES:
            yield received
            received = b""


class _Viewer(asyncio.Protocol):
    """One connection: sends the picture whenever it is another one."""

    def __init__(self, glass: WatchedGlass, viewers: set[_Viewer]) -> None:
        self._glass = glass
        self._viewers = viewers
        self._sent: bytes | None = None
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(_UNSENT)
        # The kernel's own buffer would hold hundreds of old pictures for a viewer that is slow.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNSENT)
        self._transport = transport
        self._viewers.add(self)
        self._unwatch = self._glass.watch(self._send)
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        self._viewers.discard(self)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._send()

    def close(self) -> None:
        """End it at once; what was not read by now is lost."""
        self._transport.abort()

    def _send(self) -> None:
        picture = self._glass.picture
        if picture != self._sent and not self._paused:
            self._sent = picture
            self._transport.write(picture)


def _listen(path: Path) -> socket.socket:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # of a process with this number that was killed
    listener = socket.socket(socket.AF_UNIX)
    try:
        with _short(path) as address:
            listener.bind(address)
        path.chmod(0o600)
    except OSError:
        listener.close()
        raise
    return listener


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """A name of `path` that fits a socket address, which has 107 bytes (unix(7))."""
    directory = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)


def _sockets(places: Sequence[Path]) -> list[Path]:
    """Of each place in turn, the youngest first."""
    return [
        path
        for place in places
        for path in sorted(place.glob(_NAMES), key=_made, reverse=True)
    ]  # fmt: skip


def _made(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # it went away
        return 0.0


def _is_closed(place: Path) -> bool:
    try:
        return place.is_dir() and not os.access(place, os.R_OK | os.X_OK)
    except OSError:
        return False
