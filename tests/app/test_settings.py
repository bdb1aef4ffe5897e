"""The settings schema, the file, and the overlay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.config import ConfigError, format_config, read_config, write_config
from appliance.settings import (
    SCHEMA,
    SETTINGS,
    SettingError,
    Settings,
    check_all,
    step_value,
)


def test_the_device_wins_over_the_file_and_the_file_over_the_schema():
    assert Settings()["ui.language"] == "zh"
    file = {"ui.language": "en", "audio.volume": 0.5}
    settings = Settings(file, {"audio.volume": 0.2})
    assert settings["ui.language"] == "en"
    assert settings["audio.volume"] == 0.2


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_every_default_follows_its_own_schema(setting):
    assert setting.check(setting.default) == setting.default


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ({"ui": {"language": "fr"}}, "must be one of zh, en"),
        ({"ui": {"hints": 1}}, "must be true or false"),
        ({"audio": {"volume": 7}}, "at most 1"),
        ({"audio": {"volume": float("nan")}}, "at least 0"),
        ({"audio": {"volumen": 0.5}}, "unknown setting audio.volumen"),
        ({"audio": 3}, "must be a table"),
        ({"llm": {"max_tokens": 1.5}}, "a whole number"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(raw, complaint):
    with pytest.raises(SettingError, match=complaint):
        check_all(raw)


def test_the_written_file_reads_back_and_names_every_setting(tmp_path):
    path = tmp_path / "etc" / "lory.toml"
    values = {"ui.language": "en", "audio.microphone": 'USB "mic" \\ 2', "audio.volume": 0.3}
    write_config(path, values)
    assert read_config(path) == values
    text = path.read_text(encoding="utf-8")
    assert all(setting.name in text for setting in SETTINGS)


def test_no_file_means_no_values(tmp_path):
    assert read_config(tmp_path / "none.toml") == {}


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[ui\n", b"x = 1\n", b"[ui]\nlanguage = 3\n"])
def test_a_damaged_file_is_one_clear_error_with_its_path(tmp_path, content):
    path = tmp_path / "lory.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"lory\.toml"):
        read_config(path)


@given(st.sampled_from(SETTINGS), st.lists(st.sampled_from([1, -1]), max_size=30))
def test_stepping_never_leaves_the_schema(setting, steps):
    value = setting.default
    for step in steps:
        value = step_value(setting, value, step)
        assert setting.check(value) == value


@given(
    st.dictionaries(
        st.sampled_from([key for key, it in SCHEMA.items() if isinstance(it.default, str)]),
        st.text(st.characters(exclude_categories=["Cs"])),
    )
)
def test_any_text_survives_the_file(values):
    import tomllib

    allowed = {key: value for key, value in values.items() if not SCHEMA[key].choices}
    assert check_all(tomllib.loads(format_config(allowed))) == allowed
