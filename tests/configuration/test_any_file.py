"""No file a user can write, copy or break keeps the box from starting, and each is told."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from appliance.configuration.checking import check_each
from appliance.configuration.config import read_leniently
from appliance.configuration.settings import SCHEMA, Settings
from appliance.configuration.uci import to_toml
from appliance.memory import conversations
from appliance.text_file import rescue_toml
from appliance.world import World

GOOD = {
    "lory.toml": (
        '# 设置\n[ui]\nlanguage = "en"\nhints = false\n\n[audio]\nvolume = 0.3  # 音量\n'
        'microphone = """USB\nmic"""\n[display]\nchip = "sh1106"\nbus = 2\n'
    ),
    "models.d/mine.toml": """
[[model]]
role = "llm"
name = "mine"
title = "我的"
engine = "llama-cpp"
licence = "MIT"
recipe = "in-place"
memory = { file_mb = 1, anonymous_mb = 1 }
files = [{ key = "model", path = "/srv/mine.gguf" }]
facts = { stop = ["###"], sampling = { temperature = 0.5 } }

[[set]]
name = "own"
title = "Own"
models = ["mine"]
ram_mb = 1
""",
    "personas/pirate.toml": """
title = "海盗"
prompt = { zh = "你是海盗", en = "a pirate" }
speed = 1.1
""",
}
UCI = """package lory

config ui 'ui'
\toption language 'en'

config asr 'asr'
\tlist hot_words '小鹿'
"""

ENCODINGS = ["utf-16", "utf-16-le", "gb18030", "big5", "latin-1"]
BAD_SIGNS = {'"': "“", "=": "＝", "[": "［", "'": "’", ",": "，", "#": "＃", "1": "１"}


@st.composite
def broken(draw: st.DrawFn, good: str) -> bytes:
    """A file after a mishap, or several."""
    data = good.encode()
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.floats(0, 1, exclude_max=True))
        index = int(len(data) * at)
        match draw(st.integers(0, 8)):
            case 0:
                data = data[:index]
            case 1:
                flip = bytes([data[index] ^ (1 << draw(st.integers(0, 7)))]) if data else b""
                data = data[:index] + flip + data[index + 1 :]
            case 2:
                data = data[:index] + draw(st.binary(max_size=4)) + data[index:]
            case 3:
                data = b"\xef\xbb\xbf" + data
            case 4:
                encoding = draw(
                    st.sampled_from(["utf-16", "utf-16-le", "gb18030", "big5", "latin-1"])
                )
                data = data.decode("utf-8", "replace").encode(encoding, "replace")
            case 5:
                text = data.decode("utf-8", "replace")
                sign = draw(st.sampled_from(sorted(BAD_SIGNS)))
                data = text.replace(sign, BAD_SIGNS[sign], draw(st.integers(1, 3))).encode()
            case 6:
                data = data + b"\n" + data  # copied twice into one file
            case 7:
                wrong = draw(st.sampled_from(WRONG_VALUES))
                data = data.replace(draw(st.sampled_from(VALUES)), wrong, 1)
            case _:
                data = data.replace(b"\n", draw(st.sampled_from([b"\r\n", b"\r", b""])))
    return data


VALUES = [b'"en"', b"false", b"0.3", b"2", b"1", b'"mine"', b"1.1", b'["###"]', b"'en'"]
WRONG_VALUES = [
    b"1979-05-27T07:32:00Z",
    b"[]",
    b"{}",
    b"nan",
    b"inf",
    b"-1",
    b'""',
    b"9" * 400,
    b"9" * 5000,
    b"0x" + b"f" * 5000,
    b"1e999",
    b'"\\u0000"',
    b"[" * 900 + b"]" * 900,
    b"true",
]


@contextmanager
def home(**files: bytes) -> Iterator[Path]:
    """A user's directories with these files in them."""
    names = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")
    before = {name: os.environ.get(name) for name in names}
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(dict.fromkeys(names, folder))
        try:
            for name, data in files.items():
                path = Path(folder) / "lory" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            yield Path(folder) / "lory"
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


def open_world() -> World:
    """As every command does; it must succeed, with all that is not in the broken file."""
    with World.open(None) as world:
        assert world.roster.catalogue.expand(["default"])
        assert "lory" in world.cast.personas.by_name
        for setting, value in world.settings:
            assert setting.check(value) == value
        assert all(complaint.why and "\n" not in complaint.why for complaint in world.complaints)
        return world


def test_files_in_order_are_read_and_nothing_is_told() -> None:
    with home(**{name: text.encode() for name, text in GOOD.items()}):
        world = open_world()
    assert world.complaints == []
    assert world.settings["display.chip"] == "sh1106"
    assert "mine" in world.roster.catalogue.models and "own" in world.roster.catalogue.sets
    assert "pirate" in world.cast.personas.by_name


@pytest.mark.parametrize("name", GOOD)
@given(data=st.data())
def test_whatever_happened_to_a_file_the_box_starts(name: str, data: st.DataObject) -> None:
    content = data.draw(broken(GOOD[name]))
    others = {other: text.encode() for other, text in GOOD.items() if other != name}
    with home(**{name: content}, **others):
        world = open_world()
    if name != "lory.toml":
        assert world.settings["display.chip"] == "sh1106"
    if name != "models.d/mine.toml":
        assert "own" in world.roster.catalogue.sets
    if name != "personas/pirate.toml":
        assert "pirate" in world.cast.personas.by_name


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"\x00" * 5000,
        b"x",
        b'"',
        b"[[model]]\nroll = 1\n",
        GOOD["lory.toml"].encode("utf-16"),
    ],
)
def test_a_file_of_rubbish_is_told_with_its_name(name: str, content: bytes) -> None:
    with home(**{name: content}):
        world = open_world()
    assert any(name.rpartition("/")[2] in complaint.why for complaint in world.complaints)


def put_in_place(path: Path, what: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    match what:
        case "a folder":
            path.mkdir()
        case "a dangling link":
            path.symlink_to(path.with_name("nowhere"))
        case "a link to itself":
            path.symlink_to(path)
        case "a pipe":
            os.mkfifo(path)
        case "a device":
            path.symlink_to("/dev/zero")
        case "50 MB":
            with path.open("wb") as file:
                file.truncate(50_000_000)


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize(
    "what", ["a folder", "a dangling link", "a link to itself", "a pipe", "a device", "50 MB"]
)
def test_what_is_no_file_of_text_is_told_and_not_waited_for(name: str, what: str) -> None:
    with home() as folder:
        put_in_place(folder / name, what)
        world = open_world()
    assert [name.rpartition("/")[2] in it.why for it in world.complaints] == [True]


@pytest.mark.parametrize("folder", ["models.d", "personas"])
def test_a_file_where_a_folder_is_meant_does_no_harm(folder: str) -> None:
    with home(**{folder: b"I am no folder"}):
        open_world()


# ---------------------------------------------------------------- what is told


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (
            "[ui]\nhints = false\n[display]\nchip = “sh1106”\n",
            4,
            '“ (U+201C) stands where " is wanted',
        ),
        (
            '[ui]\nhints = false\n[display]\nchip ＝ "sh1106"\n',
            4,
            "＝ (U+FF1D) stands where = is wanted",
        ),
        ("[ui]\nhints = false\n［display］\nbus = 2\n", 3, "［ (U+FF3B) stands where [ is wanted"),
        ("[ui]\nhints = false\n[display]\nbus = ２\n", 4, "２ (U+FF12) stands where 2 is wanted"),
        ("[ui]\nhints = false\n[display]\nbus\u3000= 2\n", 4, "U+3000) has no place there"),
        ("[ui]\nhints = false\n[display]\nbus = \u200b2\n", 4, "U+200B) has no place there"),
        ('[ui]\nhints = false\n[display]\nchip = "sh1106\n', 4, "lory.toml:4"),
        ('[ui]\nhints = false\n[display]\nchip = """sh1106\n', 4, "lory.toml:4"),
        ("[ui]\nhints = false\n[display]\nbus = [2\n", 4, "lory.toml:4"),
        ("[ui]\nhints = false\n[ui]\nhints = true\n", 3, "twice"),
        ("[ui]\nhints = false\nhints = true\n", 3, "lory.toml:3"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_sign_and_what_stands_above_is_kept(
    text: str, line: int, told: str
) -> None:
    with home(**{"lory.toml": text.encode()}):
        world = open_world()
    assert world.settings["ui.hints"] is False
    (complaint,) = world.complaints
    assert told in complaint.why and f"lory.toml:{line}" in complaint.why
    assert complaint.place == f"lory.toml:{line}"


def test_a_mistake_costs_its_line_and_no_more() -> None:
    text = GOOD["lory.toml"].replace('"en"', "“en”").replace("[display]", "【display】")
    tables, mishaps = rescue_toml(text, "lory.toml")
    assert tables == {"ui": {"hints": False}, "audio": {"volume": 0.3, "microphone": "USB\nmic"}}
    assert [mishap.line for mishap in mishaps] == [3, 10]


@given(st.text(max_size=200))
@example("[" * 2000)
@example('a = "' + "\\" * 99)
def test_any_text_is_rescued_or_left_out(text: str) -> None:
    tables, mishaps = rescue_toml(text, "x")
    assert isinstance(tables, dict)
    if not mishaps:
        assert tables == tomllib.loads(text)


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("gb18030", "GB18030"),
    ],
)
def test_the_encoding_is_named(tmp_path: Path, encoding: str, named: str) -> None:
    path = tmp_path / "lory.toml"
    path.write_bytes(GOOD["lory.toml"].encode(encoding))
    values, complaints = read_leniently(None, path)
    assert values == {} and named in complaints[0].why and "UTF-8" in complaints[0].why


def test_a_byte_order_mark_is_no_mistake() -> None:
    with home(**{name: b"\xef\xbb\xbf" + text.encode() for name, text in GOOD.items()}):
        assert open_world().complaints == []


def test_a_wrong_setting_is_told_with_its_line() -> None:
    text = "[ui]\n# language\nlanguage = 3\n[audio]\nvolume = 9\nloudness = 1\n"
    with home(**{"lory.toml": text.encode()}):
        places = {it.key: it.place for it in open_world().complaints}
    assert places == {
        "ui.language": "lory.toml:3",
        "audio.volume": "lory.toml:5",
        "audio.loudness": "lory.toml:6",
    }


# ---------------------------------------------------------------- rows of the settings table


def stored(*rows: tuple[object, object]) -> tuple[dict[str, object], dict[str, str]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        for migration in conversations.SCHEMA.migrations:
            connection.executescript(migration)
        connection.executemany("INSERT INTO setting VALUES (?, ?)", rows)
        return {**conversations.overlay(connection)}, conversations.broken_settings(connection)


@pytest.mark.parametrize(
    "value",
    ['["a","b"]', "null", "", "not json", "{}", b"\xff\xfe", 5.5, '"\\ud800"', "1" * 5000, "nan"],
)
def test_a_row_that_holds_no_value_costs_that_row(value: object) -> None:
    values, broken_rows = stored(("ui.language", '"en"'), ("audio.microphone", value))
    settings = Settings()
    refused = settings.adopt(values)  # type: ignore[arg-type]
    assert settings["ui.language"] == "en"
    assert settings["audio.microphone"] == ""
    assert "audio.microphone" in {**broken_rows, **refused}


@pytest.mark.parametrize("key", [b"\xff\xfe", 7, "no.such", "", "\0"])
def test_a_row_with_another_key_costs_that_row(key: object) -> None:
    values, broken_rows = stored(("ui.language", '"en"'), (key, "1"))
    settings = Settings()
    refused = settings.adopt(values)  # type: ignore[arg-type]
    assert settings["ui.language"] == "en"
    assert len({**broken_rows, **refused}) == 1


@given(
    st.dictionaries(st.sampled_from(sorted(SCHEMA)), st.text(max_size=30) | st.binary(max_size=9))
)
def test_no_rows_keep_the_other_settings_from_being_read(rows: dict[str, str | bytes]) -> None:
    values, _ = stored(*rows.items())
    settings = Settings()
    settings.adopt(values)  # type: ignore[arg-type]
    assert all(setting.check(value) == value for setting, value in settings)


# ---------------------------------------------------------------- UCI


def through_uci(data: bytes) -> tuple[dict[str, object], list[str]]:
    """Settings, and keys that the box will complain of."""
    toml, _ = to_toml(data)
    values, complaints = check_each(tomllib.loads(toml))
    return {**values}, [complaint.key for complaint in complaints]


def test_a_list_of_hot_words_is_taken_as_words() -> None:
    config = "config asr 'asr'\n\tlist hot_words '小鹿'\n\tlist hot_words '广州'\n"
    assert through_uci(config.encode()) == ({"asr.hot_words": "小鹿 广州"}, [])
    assert through_uci(UCI.encode()) == ({"ui.language": "en", "asr.hot_words": "小鹿"}, [])


@pytest.mark.parametrize(
    ("config", "key"),
    [
        (
            "config audio 'audio'\n\tlist microphone 'a'\n\tlist microphone 'b'\n",
            "audio.microphone",
        ),
        ("config ui 'ui'\n\toption hints\n", "etc-config-lory.line-1"),
        ("config ui 'ui'\n\toption contrast '9\n", "etc-config-lory.line-1"),
        ("nonsense\n", "etc-config-lory.line-1"),
        ("config ui 'ui'\n\toption '名字 =' '1'\n", "ui.名字 ="),
    ],
)
def test_what_uci_holds_wrongly_is_told_and_the_rest_is_kept(config: str, key: str) -> None:
    values, wrong = through_uci((config + "config display 'display'\n\toption bus '3'\n").encode())
    assert values == {"display.bus": 3}
    assert wrong == [key]


def test_a_byte_order_mark_before_uci_is_no_mistake() -> None:
    assert through_uci(b"\xef\xbb\xbf" + UCI.encode())[1] == []


@given(broken(UCI))
def test_whatever_happened_to_uci_makes_a_file_of_settings(data: bytes) -> None:
    values, _ = through_uci(data)
    assert all(SCHEMA[key].check(value) == value for key, value in values.items())
