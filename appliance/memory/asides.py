"""Databases that cannot be used now are kept beside: damaged ones for whoever wants to look, those
of a later version of this program until it is there again.

    lory.db.damaged-1      what SQLite or its own check refused, with its WAL
    lory.db.version-3      of a later version; taken back by the program that knows it
    lory.db.between-1      what an older program wrote meanwhile; its contents were added
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

COMPANIONS = ("", "-wal", "-shm")


def move_aside(path: Path, label: str) -> Path:
    """Rename a database with its companions; returns its new place.

    Raises:
        OSError: the folder does not take it.
    """
    number, aside = 1, path.with_name(f"{path.name}.{label}")
    if not label.startswith("version-"):
        aside = path.with_name(f"{path.name}.{label}-1")
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.{label}-{number}")
    _rename(path, aside)
    return aside


def take_back(path: Path, version: int) -> Path | None:
    """Put a database that was kept for a later program, and that version `version` knows, in its
    place again. Returns where what stood there is kept now, `path` itself if nothing did; None:
    nothing was kept.
    """
    kept = [
        (int(match[1]), found)
        for found in path.parent.glob(f"{path.name}.version-*")
        if (match := re.search(r"\.version-(\d+)(?:-\d+)?\Z", found.name))
    ]
    known = [each for each in kept if each[0] <= version]
    if not known:
        return None
    between = move_aside(path, "between") if path.exists() else path
    _rename(max(known)[1], path)
    return between


def was_emptied(path: Path) -> bool:
    """Whether a file of no bytes held something: its log does, or other databases stand beside it.

    SQLite would take it for a new database and throw the log away.
    """
    try:
        if path.exists() and path.stat().st_size > 0:
            return False
        if _size(path.with_name(path.name + "-wal")) > 0:
            return True
        return path.exists() and any(other != path for other in path.parent.glob("*.db"))
    except OSError:
        return False


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _rename(path: Path, to: Path) -> None:
    for companion in COMPANIONS:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + companion).rename(to.with_name(to.name + companion))
