from __future__ import annotations

import asyncio
import os
from pathlib import Path
from urllib.parse import quote

import pytest

from appliance.panel.typed_path import typed_path
from appliance.panel.wav_prompt import WavSuggester


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    folder = tmp_path / "U 盘"
    folder.mkdir()
    found = folder / "a b.wav"
    found.touch()
    return found


@pytest.mark.parametrize(
    "written",
    [
        "{0}",
        "  {0}\r\n",
        "'{0}'",
        "'{0}' ",
        '"{0}"',
        "“{0}”",
        "‘{0}’",
        "{shell}",
        "file://{url}",
        "file://localhost{url}",
        "file://some-host{url}\r\n",
        "file:{url}",
        "FILE://{url}",
        "'file://{url}'",
        "file://{0}",
    ],
)
def test_the_ways_in_which_a_path_is_pasted(wav: Path, written: str) -> None:
    shell = str(wav).replace(" ", "\\ ")
    assert typed_path(written.format(wav, shell=shell, url=quote(str(wav)))) == wav


@pytest.mark.parametrize("name", ["it's.wav", "'quoted'.wav", "a\\ b.wav", "50%20.wav", "“x”.wav"])
def test_a_name_that_is_there_as_it_was_written_is_that_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert typed_path(f"{tmp_path}/{name}") == tmp_path / name


def test_percents_are_bytes_of_any_encoding(tmp_path: Path) -> None:
    name = "小鹿.wav".encode("gb18030")
    path = Path(os.fsdecode(bytes(tmp_path) + b"/" + name))
    path.touch()
    assert typed_path(f"file://{quote(bytes(path))}") == path


def test_where_nothing_is_there_the_likeliest_is_named() -> None:
    assert typed_path("'/media/stick/a b.wav'") == Path("/media/stick/a b.wav")
    assert typed_path("/media/stick/a\\ b.wav") == Path("/media/stick/a b.wav")
    assert typed_path("file:///media/stick/a%20b.wav") == Path("/media/stick/a b.wav")
    assert typed_path("~/a.wav") == Path.home() / "a.wav"


@pytest.mark.parametrize("written", ["", "  \n", "'", "''", "~nobody-here/a.wav", "\0", "x" * 5000])
def test_nothing_that_is_typed_ends_the_panel(written: str) -> None:
    typed_path(written)
    for typed in (written, f"{written}/"):
        asyncio.run(WavSuggester().get_suggestion(typed))
