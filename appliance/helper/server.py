"""The helper's end: one line in, `ok` or `no` and the reason out, one box at a time.

systemd or procd hands over the listening socket and starts it at the first word; it ends after a
quiet minute. Who may ask is told by the kernel (SO_PEERCRED), not by the asker. Sources: unix(7);
sd_listen_fds(3).
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import struct
from collections.abc import Callable, Collection

from appliance.helper import kernel_clock
from appliance.helper.words import LONGEST, SetClock, WakeAt, Word, WordError, parse

PATIENCE = 2.0
"""Seconds a box has for its line: another may wait behind it."""
QUIET = 60.0
"""Seconds without a word after which the helper ends."""

_FIRST_HANDED_OVER = 3  # SD_LISTEN_FDS_START

log = logging.getLogger("lory.helper")

Perform = Callable[[Word], None]


def perform(word: Word) -> None:
    """Do it. Raises OSError with the kernel's reason."""
    match word:
        case SetClock(at):
            kernel_clock.set_clock(at)
        case WakeAt(at):
            kernel_clock.wake_at(at)


def serve(
    listener: socket.socket, users: Collection[int], do: Perform = perform, quiet: float = QUIET
) -> None:
    """Answer until nobody has asked for `quiet` seconds. `users`: the ids that may ask."""
    listener.settimeout(quiet)
    while True:
        try:
            peer, _ = listener.accept()
        except TimeoutError:
            return
        with peer:
            _answer(peer, users, do)


def _answer(peer: socket.socket, users: Collection[int], do: Perform) -> None:
    peer.settimeout(PATIENCE)
    with contextlib.suppress(OSError):  # it hung up, or said nothing
        user = _user(peer)
        reply = _reply(_line(peer), do) if user in users else "no: not for this user"
        peer.sendall(f"{reply}\n".encode())


def _user(peer: socket.socket) -> int:
    credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])


def _line(peer: socket.socket) -> bytes:
    """What stands before the line's end; a longer line is cut, and then is no word."""
    data = b""
    while b"\n" not in data and len(data) < LONGEST:
        more = peer.recv(LONGEST - len(data))
        if not more:
            break
        data += more
    return data.partition(b"\n")[0]


def _reply(line: bytes, do: Perform) -> str:
    try:
        word = parse(line)
        do(word)
    except WordError as error:
        log.warning("refused: %r", line)
        return f"no: {error}"
    except OSError as error:
        log.warning("%r failed: %s", line, error)
        return f"no: {error.strerror or error}"
    log.info("done: %r", word)
    return "ok"


def handed_over(env: dict[str, str]) -> socket.socket | None:
    """The listening socket that systemd opened, None where it opened none for us."""
    if env.get("LISTEN_PID") != str(os.getpid()) or env.get("LISTEN_FDS") != "1":
        return None
    return socket.socket(fileno=_FIRST_HANDED_OVER)
