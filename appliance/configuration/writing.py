"""Writing the configuration file: what a person wrote into it stays, comments and order included.

`lory setup` does it, by hand and once; the running box never writes its configuration.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from appliance.configuration.config import format_config, read_config
from appliance.configuration.settings import SCHEMA, Value
from appliance.durable import replace_text


def write_config(path: Path, values: Mapping[str, Value]) -> None:
    """Set these values in the file, atomically; one that is new names every other default too.

    Raises:
        SettingError: a value is against the schema; nothing is written.
        ConfigError: the file that is there is not a configuration; it stays as it is.
        OSError: cannot be written.
    """
    for key, value in values.items():
        SCHEMA[key].check(value)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, format_config(values))
        return
    before = read_config(path)
    changed = {key: value for key, value in values.items() if before.get(key) != value}
    replace_text(path, edited(path.read_text(encoding="utf-8"), changed))


def edited(text: str, values: Mapping[str, Value]) -> str:
    """TOML with these values set and everything else as it stands, byte for byte.

    A default that stands there as a comment, as in `# chip = "ssd1306"  # controller`, is what its
    value replaces.
    """
    for key in values:
        text = _uncommented(text, key)
    document = tomlkit.parse(text)
    for key, value in values.items():
        section, _, name = key.partition(".")
        if section not in document:
            document[section] = tomlkit.table()
        table: Any = document[section]  # whatever stands there: the library's types are wide
        table[name] = value
    result: str = tomlkit.dumps(document)
    return result


def _uncommented(text: str, key: str) -> str:
    """The text with the commented line of this setting made one that counts, if it has no other."""
    section, _, name = key.partition(".")
    table = re.search(rf"^\[{section}\][^\n]*\n((?:(?!\[).*\n?)*)", text, re.MULTILINE)
    if table is None or re.search(rf"^\s*{name}\s*=", table[1], re.MULTILINE):
        return text
    line = re.search(rf"^# *({name} *=.*)$", table[1], re.MULTILINE)
    if line is None or not _is_toml(line[1]):
        return text
    start = table.start(1) + line.start()
    return text[:start] + line[1] + text[start + len(line[0]) :]


def _is_toml(line: str) -> bool:
    """Whether it is a setting, and not a sentence about one."""
    try:
        tomlkit.parse(line)
    except TOMLKitError:
        return False
    return True
