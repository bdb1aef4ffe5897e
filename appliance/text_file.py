"""Files that people write, copy and break: read with bounds, and told where they are wrong.

An editor puts a byte order mark first or saves UTF-16, a phone's keyboard writes “quotes”, a copy
breaks off in the middle, a folder or a pipe has the file's name. Each of these is one clear line
with the file, the line and what is wanted, and costs as little of the rest as can be.
"""

from __future__ import annotations

import re
import stat
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance.errors import LoryError

MAX_BYTES = 256 << 10
"""Of one file of settings or descriptions, some hundred times what one needs."""
_MOST_MENDS = 64  # of one file; a file with more mistakes is none of ours
_FAR = 200  # tables, and lines of one, among which the beginning of a mistake is looked for

_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
# What stands for a sign of TOML in texts of other keyboards; NFKC knows the full-width ones.
_MEANT = {
    **dict.fromkeys("“”„‟«»「」『』", '"'),
    **dict.fromkeys("‘’‚‛", "'"),
    **dict.fromkeys("【〔", "["),
    **dict.fromkeys("】〕", "]"),
    **dict.fromkeys("、", ","),
    **dict.fromkeys("。", "."),
    **dict.fromkeys("–—−", "-"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", ""),
}
_HANZI = re.compile(r"[\u3400-\u9fff]")
_HEADER = re.compile(r"[\s\u200b\ufeff]*[\[［【〔]")
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")


class TextFileError(LoryError, ValueError):
    """What is wrong with a file, in one line that names it and, where there is one, the line."""


@dataclass(frozen=True, slots=True)
class Mishap:
    """Something of a file that was left out: where (from 1), and why, the file named."""

    line: int
    why: str


def read_text(path: Path, limit: int = MAX_BYTES) -> str:
    """The whole text of a regular file of at most `limit` bytes.

    Raises:
        FileNotFoundError: there is none.
        TextFileError: it is no file, too large, or not UTF-8.
        OSError: it cannot be read.
    """
    if path.is_symlink() and not path.exists():
        raise TextFileError(f"{path}: this link leads nowhere")
    if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for, for ever
        kind = "a folder" if path.is_dir() else "no regular file"
        raise TextFileError(f"{path}: it is {kind}; a text file is wanted")
    with path.open("rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise TextFileError(f"{path}: larger than {limit} bytes, which is the most")
    return decode(data, str(path))


def user_files(folder: Path | None) -> list[Path]:
    """The `*.toml` of a folder, but for hidden ones: `._NAME` is what a Mac leaves on a stick."""
    try:
        found = sorted(folder.glob("*.toml")) if folder is not None else []
    except OSError:
        return []
    return [path for path in found if not path.name.startswith(".")]


def decode(data: bytes, origin: str, chinese: bool = False) -> str:
    """UTF-8, with or without a byte order mark. `origin` names it in errors. `chinese`: all but
    ASCII is; a few hanzi in GB18030 may be UTF-8 of other scripts by accident.

    Raises:
        TextFileError: another encoding, which is named as far as it can be told.
    """
    found = next((name for bom, name in _BOMS if data.startswith(bom)), "")
    if not found and 4 * data.count(0) > len(data) > 0:
        found = "UTF-16"
    if found:
        raise TextFileError(f"{origin}: it is written in {found}; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
        # Of hanzi in pairs of bytes UTF-8 can only make signs of two bytes: no emoji, no kana.
        paired = not text.isascii() and all(char < "\u0800" for char in text)
        if chinese and paired and _is_gb18030(data):
            raise TextFileError(f"{origin}: it is written in GB18030 (GBK); save it as UTF-8")
        return text
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"byte 0x{data[error.start]:02X} is not UTF-8"
        if _is_gb18030(data):
            what = "it is written in GB18030 (GBK)"
        raise TextFileError(f"{origin}:{line}: {what}; save it as UTF-8") from error


def _is_gb18030(data: bytes) -> bool:
    """Whether it reads as Chinese in China's own encoding."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    strange = [char for char in text if ord(char) > 127]
    return 2 * len(_HANZI.findall(text)) > len(strange)


def parse_toml(text: str, origin: str) -> dict[str, Any]:
    """Its tables.

    Raises:
        TextFileError: not TOML; says where, and which sign stands in the place of which.
    """
    try:
        return _loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TextFileError(_explain(text, error, origin).why) from error


def rescue_toml(text: str, origin: str) -> tuple[dict[str, Any], list[Mishap]]:
    """As much of its tables as can be read, and what was left out: a line, or from the header of
    the table that is wrong to the next header.
    """
    mishaps: list[Mishap] = []
    lines = text.split("\n")
    while len(mishaps) < _MOST_MENDS:
        try:
            return _loads("\n".join(lines)), mishaps
        except tomllib.TOMLDecodeError as error:
            mishap = _explain("\n".join(lines), error, origin)
            mishaps.append(mishap)
            _cut(lines, mishap.line - 1)
    return {}, mishaps


def _loads(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError as error:
        raise tomllib.TOMLDecodeError("it is nested too deep") from error
    except ValueError as error:  # a number of more digits than Python reads, a day of no calendar
        raise tomllib.TOMLDecodeError(str(error)) from error


def _cut(lines: list[str], index: int) -> None:
    """Leave out a line; with a header all that stands under it, which belongs to nothing else."""
    end = index + 1
    if _HEADER.match(lines[index]):
        while end < len(lines) and not _HEADER.match(lines[end]):
            end += 1
    for number in range(index, end):
        lines[number] = ""


def _first_unreadable(lines: list[str]) -> int:
    """The line, from 1, on which begins what is open until the end."""
    headers = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    start = next((at for at in reversed(headers[-_FAR:]) if _reads(lines[:at])), 0)
    for end in range(min(len(lines), start + _FAR), start, -1):
        if lines[end - 1].strip() and _reads(lines[start : end - 1]):
            return end
    return start + 1


def _reads(lines: list[str]) -> bool:
    try:
        _loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _explain(text: str, error: tomllib.TOMLDecodeError, origin: str) -> Mishap:
    where = _AT.search(str(error))
    lines = text.split("\n")
    if where is None:  # something is open until the end: find where it was opened
        opened = _first_unreadable(lines)
        return Mishap(opened, f"{origin}:{opened}: {error}")
    number, column = int(where[1]), int(where[2])
    line = lines[number - 1] if number <= len(lines) else ""
    for sign, meant in _foreign(line[column - 1 :] + line[: column - 1]):
        name = f"{sign} (U+{ord(sign):04X})"
        wanted = f"stands where {meant} is wanted" if meant.strip() else "has no place there"
        return Mishap(number, f"{origin}:{number}: {name} {wanted}")
    return Mishap(number, f"{origin}:{number}: {error}")


def _foreign(text: str) -> Iterator[tuple[str, str]]:
    """Signs that are not TOML's but mean one of them, and which."""
    for sign in text:
        if ord(sign) < 128:
            continue
        meant = _MEANT.get(sign, unicodedata.normalize("NFKC", sign))
        if meant.isascii():
            yield sign, meant
