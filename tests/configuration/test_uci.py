"""UCI to TOML: the same settings, another spelling."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.configuration.checking import check_all, check_each
from appliance.configuration.config import format_config
from appliance.configuration.settings import SCHEMA, SETTINGS, Setting, Value
from appliance.configuration.uci import UciError, read_uci, to_toml

PACKAGED = Path(__file__).parents[2] / "openwrt/lory/files/lory.config"


def quoted(text: str) -> str:
    """As `uci export` quotes."""
    return "'" + text.replace("'", "'\\''") + "'"


def exported(values: dict[str, Value]) -> str:
    """What `uci export lory` prints for these values."""
    lines = ["package lory", ""]
    for key, value in values.items():
        section, _, name = key.partition(".")
        text = str(int(value)) if isinstance(value, bool) else str(value)
        lines += [f"config {section} {quoted(section)}", f"\toption {name} {quoted(text)}", ""]
    return "\n".join(lines)


def allowed(setting: Setting) -> st.SearchStrategy[Value]:
    """Every value that the schema allows for one setting."""
    if setting.choices:
        return st.sampled_from(setting.choices)
    low, high = setting.low, setting.high
    match setting.default:
        case bool():
            return st.booleans()
        case int():
            return st.integers(int(low or 0), int(high or 0))
        case float():
            return st.floats(low, high, allow_nan=False)
        case _:
            return st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


@given(st.fixed_dictionaries({}, optional={s.key: allowed(s) for s in SETTINGS}))
def test_every_allowed_value_survives_the_way_through_uci_to_toml(values: dict[str, Value]) -> None:
    toml = format_config(read_uci(exported(values)))
    assert check_all(tomllib.loads(toml)) == values


def test_the_packaged_configuration_only_spells_out_defaults() -> None:
    values = read_uci(PACKAGED.read_text(encoding="utf-8"))
    assert values
    assert {key: SCHEMA[key].default for key in values} == values


def test_addresses_are_written_in_hexadecimal() -> None:
    assert read_uci("config display 'display'\n\toption address '0x3d'") == {
        "display.address": 0x3D
    }


@pytest.mark.parametrize("word", ["1", "on", "yes", "true", "enabled", "Yes"])
def test_all_of_ucis_words_for_true_are_true(word: str) -> None:
    assert read_uci(f"config ui 'ui'\n\toption hints '{word}'") == {"ui.hints": True}


def test_the_init_scripts_own_section_is_not_a_setting() -> None:
    assert read_uci("config service 'service'\n\toption rootfs '/mnt/lory'") == {}


def test_a_quoted_value_may_hold_quotes_spaces_and_hashes() -> None:
    text = r"config audio 'audio'" + "\n\toption speaker 'Bob'\\''s USB #2'"
    assert read_uci(text) == {"audio.speaker": "Bob's USB #2"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("option hints '1'", "cannot read: option hints 1"),
        ("config ui 'ui'\n\tlist hints '1'", "cannot read: list hints 1"),
        ("config ui 'ui'\n\toption language 'zh", "a quote is not closed"),
    ],
)
def test_broken_syntax_is_named(text: str, complaint: str) -> None:
    with pytest.raises(UciError, match=complaint):
        read_uci(text)


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ("ui.colour=1", "unknown setting ui.colour"),
        ("wifi.ssid=x", "unknown setting wifi.ssid"),
        ("ui.contrast=999", "ui.contrast must be at most 255"),
        ("ui.contrast=bright", "ui.contrast must be a whole number"),
        ("ui.hints=maybe", "ui.hints must be true or false"),
    ],
)
def test_a_wrong_value_is_left_for_the_box_to_tell(option: str, complaint: str) -> None:
    key, _, value = option.partition("=")
    section, _, name = key.partition(".")
    text = f"config ui 'ui'\n\toption language 'en'\nconfig {section} '{section}'\n"
    values = read_uci(f"{text}\toption {name} '{value}'")
    kept, complaints = check_each(tomllib.loads(format_config(values)))
    assert kept == {"ui.language": "en"}
    assert [it.key for it in complaints] == [key]
    assert complaint in complaints[0].why


@pytest.mark.parametrize(
    ("encoding", "named"), [("gb18030", "GB18030"), ("utf-16", "UTF-16"), ("big5", "UTF-8")]
)
def test_a_file_in_another_encoding_is_told_by_its_name(encoding: str, named: str) -> None:
    text = "config asr 'asr'\n\toption hot_words '小鹿、鸚鵡'\n"
    toml, complaints = to_toml(text.encode(encoding, "ignore"))
    assert named in complaints[0]
    tomllib.loads(toml)
