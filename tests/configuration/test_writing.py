"""`lory setup` edits the configuration: what a person wrote there is still there."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.configuration.checking import check_all
from appliance.configuration.config import ConfigError, format_config, read_config
from appliance.configuration.settings import SCHEMA, SETTINGS, SettingError, Value
from appliance.configuration.writing import edited, write_config

BY_HAND = """\
# the box in the kitchen

[audio]  # a USB headset
volume = 0.4   # the baby sleeps
# microphone is in the drawer

[display]
bus = 3
"""


def test_comments_order_and_spaces_of_a_person_stay(tmp_path: Path) -> None:
    path = tmp_path / "lory.toml"
    path.write_text(BY_HAND, encoding="utf-8")
    write_config(path, {"display.bus": 1, "keypad.bus": 1})
    text = path.read_text(encoding="utf-8")
    assert text.startswith(BY_HAND.replace("bus = 3", "bus = 1"))
    assert read_config(path) == {"audio.volume": 0.4, "display.bus": 1, "keypad.bus": 1}


def test_what_is_set_already_changes_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "lory.toml"
    path.write_text(BY_HAND, encoding="utf-8")
    write_config(path, {"display.bus": 3})
    assert path.read_text(encoding="utf-8") == BY_HAND


def test_a_default_that_stands_there_as_a_comment_is_what_a_value_replaces() -> None:
    before = format_config({})
    after = edited(before, {"display.chip": "sh1106"})
    lines = zip(before.splitlines(), after.splitlines(), strict=True)
    ((_, line),) = [(old, new) for old, new in lines if old != new]
    assert line == f'chip = "sh1106"  # {SCHEMA["display.chip"].en}'


def test_a_sentence_about_a_setting_stays_a_sentence() -> None:
    text = "[display]\n# bus = the one by the window\n"
    assert edited(text, {"display.bus": 1}).startswith(text)


def test_a_file_that_is_no_configuration_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "lory.toml"
    path.write_text("[display\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        write_config(path, {"display.bus": 1})
    assert path.read_text(encoding="utf-8") == "[display\n"


def test_a_value_against_the_schema_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(SettingError):
        write_config(tmp_path / "lory.toml", {"audio.volume": 7.0})
    assert list(tmp_path.iterdir()) == []


DEFAULTS = {setting.key: setting.default for setting in SETTINGS}


@given(
    st.dictionaries(st.sampled_from(sorted(DEFAULTS)), st.none()),
    st.dictionaries(st.sampled_from(sorted(DEFAULTS)), st.none()),
    st.sampled_from(["tables", "dotted", "inline"]),
)
def test_both_the_old_values_and_the_new_are_read_back(
    old: dict[str, None], new: dict[str, None], form: str
) -> None:
    before: dict[str, Value] = {key: DEFAULTS[key] for key in old}
    text = format_config(before)
    if form != "tables":
        values = tomllib.loads(text)
        lines = [line for line in text.splitlines() if "=" in line and not line.startswith("#")]
        assert sum(map(len, values.values())) == len(lines)
        text = _in_another_form(before, form)
    after = edited(text, {key: DEFAULTS[key] for key in new})
    assert check_all(tomllib.loads(after)) == before | {key: DEFAULTS[key] for key in new}


def _in_another_form(values: dict[str, Value], form: str) -> str:
    """The same values as dotted keys, or as inline tables."""
    table = tomllib.loads(format_config(values))
    lines = []
    for section, pairs in table.items():
        written = [f"{name} = {_toml(value)}" for name, value in pairs.items()]
        if form == "dotted":
            lines += [f"{section}.{pair}" for pair in written]
        elif written:
            lines.append(f"{section} = {{ {', '.join(written)} }}")
    return "\n".join(lines) + "\n"


def _toml(value: Value) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    return str(value).lower()
