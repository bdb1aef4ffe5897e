"""What a file may set: its values held against the schema, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from appliance.configuration.settings import SCHEMA, SettingError, Value


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one setting of a file; `key` is "" where it is no setting.

    `why` is one English line for the log; `place` is the file's name, with the line where it is
    known, for the glass.
    """

    key: str
    why: str
    place: str = ""


def check_each(raw: Mapping[str, Any]) -> tuple[dict[str, Value], list[Complaint]]:
    """Flatten `{section: {name: value}}`: what is allowed, and what is wrong with the rest."""
    flat: dict[str, Value] = {}
    complaints = []
    for section, values in raw.items():
        if not isinstance(values, Mapping):
            complaints.append(Complaint(section, f"[{section}] must be a table"))
            continue
        for name, value in values.items():
            key = f"{section}.{name}"
            try:
                if key not in SCHEMA:
                    raise SettingError(f"unknown setting {key}")
                flat[key] = SCHEMA[key].check(value)
            except SettingError as error:
                complaints.append(Complaint(key, str(error)))
    return flat, complaints


def check_all(raw: Mapping[str, Any]) -> dict[str, Value]:
    """As `check_each`, for whoever wants all or nothing.

    Raises:
        SettingError: the first key or value that the schema does not allow.
    """
    flat, complaints = check_each(raw)
    if complaints:
        raise SettingError(complaints[0].why)
    return flat
