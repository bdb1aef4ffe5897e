"""The configuration file: TOML, checked against the settings schema."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from appliance.configuration.checking import Complaint, check_all, check_each
from appliance.configuration.settings import SCHEMA, SETTINGS, SettingError, Value
from appliance.errors import LoryError
from appliance.text_file import TextFileError, parse_toml, read_text, rescue_toml


class ConfigError(LoryError, ValueError):
    """The file cannot be read or does not follow the schema; says where and what."""


def read_config(path: Path) -> dict[str, Value]:
    """Values the file sets. A file that does not exist sets none.

    Raises:
        ConfigError: unreadable, not TOML, or against the schema.
    """
    try:
        return check_all(_parse(path))
    except SettingError as error:
        raise ConfigError(f"{path}: {error}") from error


def _parse(path: Path) -> dict[str, Any]:
    """The tables of the file, none where there is no file."""
    try:
        return parse_toml(_read(path), str(path))
    except TextFileError as error:
        raise ConfigError(str(error)) from error


def _read(path: Path) -> str:
    """The file's text, empty where there is no file."""
    try:
        return read_text(path)
    except FileNotFoundError:
        return ""
    except TextFileError as error:
        raise ConfigError(str(error)) from error
    except (OSError, ValueError) as error:  # ValueError: a path that no system can have
        raise ConfigError(f"{path}: {error}") from error


def read_leniently(path: Path | None, usual: Path) -> tuple[dict[str, Value], list[Complaint]]:
    """Values of the file that was named by hand, which must exist, or of the usual one, for a box
    that starts whatever its file holds: what is wrong has its default, and is told.

    Raises:
        ConfigError: the file that was named by hand is not there.
    """
    if path is not None and not path.exists():
        raise ConfigError(f"{path}: no such file")
    named = path or usual
    try:
        text = _read(named)
    except ConfigError as error:
        return {}, [Complaint("", str(error))]
    tables, mishaps = rescue_toml(text, str(named))
    values, complaints = check_each(tables)
    unreadable = [Complaint("", it.why, f"{named.name}:{it.line}") for it in mishaps]
    return values, unreadable + [_placed(it, text, named) for it in complaints]


def _placed(complaint: Complaint, text: str, path: Path) -> Complaint:
    """With the line on which the key stands, as far as it can be found."""
    line = _line_of(complaint.key, text)
    place = f":{line}" if line else ""
    return Complaint(complaint.key, f"{path}{place}: {complaint.why}", f"{path.name}{place}")


def _line_of(key: str, text: str) -> int:
    """From 1; that of the section's header where the key is not found, 0 where neither is."""
    section, _, name = (re.escape(part) for part in key.partition("."))
    header, setting = re.compile(rf"\s*\[\s*{section}\s*\]"), re.compile(rf"\s*{name}\s*=")
    found, inside = 0, False
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("["):
            inside = header.match(line) is not None
            found = number if inside else found
        elif name and inside and setting.match(line):
            return number
    return found


Written = Value | list[str]
"""What a file may be made of: a setting's value, or what only looks like one."""


def format_config(values: Mapping[str, Written]) -> str:
    """A commented TOML file that sets `values` and names every other setting's default.

    Keys that the schema does not know are written too: whoever reads the file complains of them.
    """
    strangers = [key for key in values if key not in SCHEMA]
    sections = [it.section for it in SETTINGS] + [key.partition(".")[0] for key in strangers]
    lines = ["# Lory. Defaults are shown as comments; the box itself never writes this file."]
    for section in dict.fromkeys(sections):
        lines += ["", f"[{_key(section)}]"]
        for setting in SETTINGS:
            if setting.section == section:
                value = values.get(setting.key, setting.default)
                mark = "" if setting.key in values else "# "
                lines.append(f"{mark}{setting.name} = {_literal(value)}  # {setting.en}")
        lines += [
            f"{_key(key.partition('.')[2])} = {_literal(values[key])}"
            for key in strangers
            if key.partition(".")[0] == section
        ]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    """Quoted where TOML wants it."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _literal(name)


def _literal(value: Written) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, str):
        # JSON's strings are TOML's basic strings, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
