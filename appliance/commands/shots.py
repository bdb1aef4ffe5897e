"""`lory shot` and `lory record`: a picture and a film of the glass of the box that runs."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from appliance.errors import CommandError
from appliance.panel.pixels import braille_rows

if TYPE_CHECKING:
    import socket


PATIENCE = 10.0  # seconds until a box that says nothing counts as hanging
_STANDARD_OUTPUT = Path("-")


def shot(arguments: argparse.Namespace) -> int:
    """The present picture, as PNG or in braille."""
    from appliance.front.glass_socket import connect, pictures
    from appliance.front.snapshot import save_png

    with connect() as viewer:
        picture = _first(pictures(viewer), viewer)
    if arguments.text:
        print("\n".join(braille_rows(picture)))
        return 0
    _save(arguments.output, "png", lambda path: save_png(picture, path, arguments.scale))
    return 0


def record(arguments: argparse.Namespace) -> int:
    """A film until Ctrl-C, the end of the time, or of the box."""
    from appliance.front.glass_socket import connect, pictures
    from appliance.front.snapshot import save_gif

    if arguments.seconds is None:
        print("recording; Ctrl-C ends it", file=sys.stderr)
    with connect() as viewer:
        shown = pictures(viewer)
        first = _first(shown, viewer)
        film = timed(_until_told(first, shown, viewer, arguments.seconds), time.monotonic)
    _save(arguments.output, "gif", lambda path: save_gif(film, path, arguments.scale))
    return 0


def _first(shown: Iterator[bytes], viewer: socket.socket) -> bytes:
    """The present picture, which a box sends at once.

    Raises:
        CommandError: it does not.
    """
    viewer.settimeout(PATIENCE)
    try:
        picture = next(shown, None)
    except TimeoutError as error:
        raise CommandError(f"the box hangs: no picture within {PATIENCE:.0f} s") from error
    if picture is None:
        raise CommandError("the box ended before it showed anything")
    return picture


def timed(shown: Iterable[bytes], clock: Callable[[], float]) -> list[tuple[bytes, float]]:
    """Pictures with the seconds each was shown, the last one until `shown` ended."""
    film: list[tuple[bytes, float]] = []
    since, last = clock(), None
    for picture in shown:
        now = clock()
        if last is not None:
            film.append((last, now - since))
        since, last = now, picture
    if last is not None:
        film.append((last, clock() - since))
    return film


def _until_told(
    first: bytes, shown: Iterator[bytes], viewer: socket.socket, seconds: float | None
) -> Iterator[bytes]:
    """The first picture and more, until the time is over, Ctrl-C is pressed or the box ends."""
    end = None if seconds is None else time.monotonic() + seconds
    viewer.settimeout(seconds)
    try:
        yield first
        for picture in shown:
            yield picture
            if end is not None:
                viewer.settimeout(max(0.001, end - time.monotonic()))
    except (KeyboardInterrupt, TimeoutError):
        return


def _save(output: Path | None, kind: str, save: Callable[[Path | IO[bytes]], None]) -> None:
    """Write where asked and print the file's name."""
    if output == _STANDARD_OUTPUT:
        save(sys.stdout.buffer)
        return
    path = output or Path(f"lory-{datetime.now():%Y%m%d-%H%M%S}.{kind}")
    try:
        save(path)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise CommandError(f"cannot write {path}: {reason}") from error
    print(path)
