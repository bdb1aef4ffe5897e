"""What a killed pip left behind: distributions of which only a part was written.

pip copies the files, then writes INSTALLER, and last RECORD, which names INSTALLER
(`pip/_internal/operations/install/wheel.py`). A distribution without that counts as installed for
everybody who asks, pip included, and fails when it is used. While pip replaces one it gives the old
one a name that begins with `~`.
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
from importlib.metadata import Distribution
from pathlib import Path


def own_folders() -> list[Path]:
    """Where a virtual environment's distributions are; none elsewhere: what is there is not ours.

    Debian's own packages, say, have no RECORD at all.
    """
    if sys.prefix == sys.base_prefix:
        return []
    return sorted({Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")})


def is_half(found: Distribution) -> bool:
    """Whether a distribution of this environment was not installed to its end."""
    folder = Path(str(found.locate_file("")))
    return folder in own_folders() and not _is_whole(found.read_text("RECORD"))


def _is_whole(record: str | None) -> bool:
    return "INSTALLER" in (record or "")


def clear_halves(folders: list[Path] | None = None) -> list[str]:
    """Take away what says that they are installed, so that pip installs them anew.

    Returns the names of what was cleared. Their files are overwritten by the next installation.
    """
    cleared = []
    for folder in own_folders() if folders is None else folders:
        broken = [info for info in folder.glob("*.dist-info") if not _is_whole(_record(info))]
        for each in (*broken, *folder.glob("~*")):
            shutil.rmtree(each, ignore_errors=True)
            cleared.append(each.name)
    return cleared


def _record(info: Path) -> str:
    try:
        return (info / "RECORD").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
