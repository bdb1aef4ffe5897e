"""What the README says is there, and says in both languages."""

from __future__ import annotations

import argparse
import re
import tomllib
from pathlib import Path

import pytest

from appliance.commands.parsers import build_parser
from appliance.configuration.checking import check_all
from appliance.models.catalogue_file import read_catalogue

PROJECT = Path(__file__).parents[2]
READMES = ("README.md", "README.zh.md")
PAGES = (*READMES, "NOTICE.md", "openwrt/README.md")


def text_of(page: str) -> str:
    return (PROJECT / page).read_text(encoding="utf-8")


def commands_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


@pytest.mark.parametrize("page", PAGES)
def test_every_linked_file_exists(page: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", text_of(page))
    missing = [link for link in links if not (PROJECT / page).parent.joinpath(link).exists()]
    assert links
    assert missing == []


@pytest.mark.parametrize("page", READMES)
def test_every_command_exists(page: str) -> None:
    there = commands_of(build_parser())
    named = set(re.findall(r"`lory ([a-z]+)", text_of(page)))
    assert named == there.keys(), "commands of the README and of lory --help"


@pytest.mark.parametrize("page", READMES)
def test_every_model_set_is_in_the_catalogue(page: str) -> None:
    text = text_of(page).replace("## 模型", "## Models").replace("## 命令", "## Commands")
    models = text.partition("## Models")[2].partition("## Commands")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", models, re.MULTILINE)) == read_catalogue().sets.keys()


@pytest.mark.parametrize("page", READMES)
def test_the_configuration_that_is_shown_is_valid(page: str) -> None:
    shown = re.findall(r"```toml\n(.*?)```", text_of(page), re.DOTALL)
    assert len(shown) == 1
    assert check_all(tomllib.loads(shown[0]))


@pytest.mark.parametrize("page", READMES)
def test_every_script_and_folder_that_is_named_exists(page: str) -> None:
    named = set(re.findall(r"`((?:[a-z0-9_]+/)+(?:[a-z0-9_.-]+)?)`", text_of(page)))
    outputs = {"out/", "models.d/", "personas/"}
    assert [name for name in named - outputs if not (PROJECT / name).exists()] == []


def shape(page: str) -> list[int]:
    """Depths of the headings, in order."""
    return [len(marks) for marks in re.findall(r"^(#+) ", text_of(page), re.MULTILINE)]


def test_both_languages_have_the_same_sections_tables_and_pictures() -> None:
    english, chinese = READMES
    assert shape(english) == shape(chinese)
    for pattern in (r"^\|", r"^!\[", r"^```", r"^- ", r"<!-- lead: .*? -->"):
        counts = {len(re.findall(pattern, text_of(page), re.MULTILINE)) for page in READMES}
        assert len(counts) == 1, pattern


@pytest.mark.parametrize("page", READMES)
def test_a_readme_is_read_in_one_sitting(page: str) -> None:
    assert len(text_of(page).splitlines()) <= 280


def test_every_licence_of_the_catalogue_is_in_the_notice() -> None:
    notice = text_of("NOTICE.md")
    for model in read_catalogue().models.values():
        assert re.split(r"[ (;]", model.licence)[0] in notice, model.name
