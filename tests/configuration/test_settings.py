"""The settings schema, the file, and the overlay."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.configuration.checking import check_all
from appliance.configuration.config import (
    ConfigError,
    format_config,
    read_config,
    read_leniently,
)
from appliance.configuration.settings import SCHEMA, SETTINGS, SettingError, Settings, step_value
from appliance.configuration.writing import write_config
from appliance.pages.choices import Choices
from appliance.pages.page import Push
from appliance.pages.settings import (
    SECTIONS,
    OptionsPage,
    SettingPage,
    SettingsMenu,
    setting_name,
    value_text,
)
from ui.font import body
from ui.screens.setting import VALUE_WIDTH
from ui.strings import Language
from ui.widgets import LIST_WIDTH


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


@pytest.mark.parametrize(
    ("content", "wrong", "kept"),
    [
        (b"[ui]\nlanguage = 3\nhints = false\n", ["ui.language"], {"ui.hints": False}),
        (b"[ui]\nlanguag = 'en'\n[audio]\nvolume = 0.5\n", ["ui.languag"], {"audio.volume": 0.5}),
        (b"ui = 1\n[voice]\nspeed = 9\n", ["ui", "voice.speed"], {}),
        (b"[ui]\nlanguage = 'e", [""], {}),
        (b"\xff\xfe", [""], {}),
        (b"", [], {}),
    ],
    ids=["wrong type", "unknown key", "no table, out of range", "half written", "no text", "empty"],
)
def test_a_box_starts_with_what_is_right_in_its_file_and_knows_what_is_wrong(
    tmp_path, content, wrong, kept
):
    path = tmp_path / "lory.toml"
    path.write_bytes(content)
    values, complaints = read_leniently(None, path)
    assert values == kept
    assert [complaint.key for complaint in complaints] == wrong
    assert all(complaint.why for complaint in complaints)


def test_a_file_named_by_hand_must_be_there(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        read_leniently(tmp_path / "none.toml", tmp_path / "usual.toml")


@given(st.binary(max_size=60))
def test_no_file_keeps_a_box_from_starting(content):
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        values, _ = read_leniently(None, Path(file.name))
    assert all(SCHEMA[key].check(value) == value for key, value in values.items())


class FakeBox(Choices):
    """The box as the settings pages see it, and what can be chosen on it."""

    def __init__(self):
        self.settings = Settings()
        self.settled = []
        self.tried = []

    def try_out(self, key, value):
        self.tried.append((key, value))

    def settle(self, key):
        self.settled.append(key)

    def options(self, key):
        texts = ("voice.name", "audio.microphone", "audio.speaker")
        return (("", "默认"), ("zf", "小贝")) if key in texts else ()


def setting_pages(box):
    """Every page that the settings menu leads to, entered by its digit."""
    menu = SettingsMenu(box, box)
    for number in range(1, len(menu.view().items) + 1):
        section = menu.jump(number).page
        for line in range(1, len(section.view().items) + 1):
            yield section, line


def test_every_setting_of_the_menu_can_be_reached_and_read():
    box = FakeBox()
    seen = [section.view().items[line - 1].label for section, line in setting_pages(box)]
    assert seen == [setting.zh for setting in SETTINGS if setting.menu]
    assert {setting.section for setting in SETTINGS if setting.menu} <= SECTIONS.keys()


def test_every_type_of_setting_is_edited_on_the_device():
    box = FakeBox()
    before = {setting.key: value for setting, value in box.settings}
    for section, line in setting_pages(box):
        outcome = section.jump(line)
        if isinstance(outcome, Push):
            outcome.page.move(1)
            outcome.page.enter()
            outcome.page.closed()
    changed = {setting.key for setting, value in box.settings if value != before[setting.key]}
    assert changed == {setting.key for setting in SETTINGS if setting.menu}


def test_what_needs_a_restart_is_settled_once_when_the_page_is_left():
    box = FakeBox()
    page = SettingPage(SCHEMA["llm.context"], box, box)
    assert page.view().note
    page.move(1)
    page.move(1)
    assert box.settled == []
    page.closed()
    assert box.settled == ["llm.context"]
    untouched = SettingPage(SCHEMA["llm.context"], box, box)
    untouched.closed()
    assert box.settled == ["llm.context"]


def test_a_voice_is_heard_when_one_moves_onto_it_and_taken_when_one_enters_it():
    box = FakeBox()
    page = OptionsPage(SCHEMA["voice.name"], box.options("voice.name"), box, box)
    page.move(1)
    assert box.tried == [("voice.name", "zf")]
    assert box.settings.text("voice.name") == ""
    page.enter()
    assert box.settings.text("voice.name") == "zf"


def test_a_speed_is_heard_at_every_step():
    box = FakeBox()
    SettingPage(SCHEMA["voice.speed"], box, box).move(1)
    assert box.tried == [("voice.speed", 1.1)]


@pytest.mark.parametrize(
    ("key", "value", "zh", "en"),
    [
        ("ui.dim_after", 60, "1分钟", "1 min"),
        ("ui.dim_after", 90, "90秒", "90s"),
        ("ui.dim_after", 0, "从不", "never"),
        ("audio.volume", 0.7, "70%", "70%"),
        ("voice.speed", 1.0, "1.0×", "1.0×"),
        ("audio.review", -1.0, "等D", "till D"),
        ("ui.hints", True, "开", "on"),
        ("llm.max_tokens", 384, "384 tok", "384 tok"),
    ],
)
def test_values_read_as_people_say_them(key, value, zh, en):
    assert value_text(SCHEMA[key], value, Language.ZH) == zh
    assert value_text(SCHEMA[key], value, Language.EN) == en


def test_the_menu_changes_its_language_while_it_is_open():
    box = FakeBox()
    menu = SettingsMenu(box, box)
    section = menu.jump(1).page
    before = menu.view().title, section.view().title, section.view().items[0].label
    box.settings.change("ui.language", "en")
    after = menu.view().title, section.view().title, section.view().items[0].label
    assert (before, after) == (("设置", "屏幕", "界面语言"), ("Settings", "Screen", "Language"))


def test_a_long_d_takes_back_what_was_set_on_the_device():
    box = FakeBox()
    box.settings = Settings({"audio.volume": 0.5})
    page = SettingPage(SCHEMA["audio.volume"], box, box)
    page.move(1)
    assert box.settings.number("audio.volume") == 0.6
    page.confirm()
    assert box.settings.number("audio.volume") == 0.5


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("setting", [it for it in SETTINGS if it.menu], ids=lambda it: it.key)
def test_no_line_of_the_settings_menu_is_cut(setting, language):
    values = {setting.default, *setting.names, *setting.choices}
    values |= {it for it in (setting.low, setting.high) if it is not None}
    widest = max(body().width(value_text(setting, value, language)) for value in values)
    label = body().width(setting_name(setting, language))
    assert label + widest <= LIST_WIDTH - 2 - 9 - 4, (label, widest)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("setting", [it for it in SETTINGS if it.menu], ids=lambda it: it.key)
def test_no_value_is_cut_while_it_is_set(setting, language):
    for value in (setting.default, *setting.names, *setting.choices):
        shown = value_text(setting, value, language)
        assert body().width(shown) <= VALUE_WIDTH
