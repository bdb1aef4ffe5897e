"""The file that a typed or pasted path means: as a shell, a file manager or a desktop writes it."""

from __future__ import annotations

import os
import re
import shlex
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote_to_bytes

# Quotes that an input method writes, and those of chat programs.
_QUOTED = re.compile(r"[“‘「『\"'](.*)[”’」』\"']", re.DOTALL)
# Source: RFC 8089; the host is this machine, or left out.
_FILE_URL = re.compile(r"file:(?://[^/]*)?(/.*)", re.IGNORECASE | re.DOTALL)


def typed_path(typed: str) -> Path | None:
    """The file; None: nothing was typed. What is there as it was written comes first."""
    line = typed.strip()
    if not line:
        return None
    readings = [_home(reading) for reading in _readings(line)]
    return next((each for each in readings if _is_there(each)), readings[-1])


def _readings(line: str) -> list[str]:
    """What the line may mean, ending with the likeliest where there is nothing."""
    words: list[str] = []
    with suppress(ValueError):  # a quote that is not closed
        words = shlex.split(line)
    quoted = _QUOTED.fullmatch(line)
    readings = [line, *words[:1]] if len(words) == 1 else [line]
    if quoted is not None:
        readings.append(quoted[1].strip())
    for each in list(readings):
        if (url := _FILE_URL.fullmatch(each)) is not None:
            # Percents stand for bytes of the name, of whatever encoding.
            readings.append(os.fsdecode(unquote_to_bytes(url[1])))
    return readings


def _home(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:  # nobody of that name
        return Path(text)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # longer than a path can be; with a NUL
        return False
