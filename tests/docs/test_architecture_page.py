"""The documents for those who build on: what they draw is current, what they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.architecture import PAGE, redrawn
from tests.arrows import ROOT

PAGES = [ROOT / "CONTRIBUTING.md", PAGE, *sorted((ROOT / "docs" / "decisions").glob("*.md"))]
PLACES = ("appliance/", "bench/", "docs/", "drivers/", "fonts/", "tests/", "ui/", "pyproject.toml")


def test_the_floors_are_drawn_from_todays_table_and_todays_imports() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert redrawn(page) == page, "run: python -m docs.architecture"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_is_there(page: Path) -> None:
    """`NAME` stands for what a newcomer calls it."""
    named = re.findall(r"`([^`\s]+)`", page.read_text(encoding="utf-8"))
    files = [name for name in named if name.startswith(PLACES) and "NAME" not in name]
    assert [name for name in files if not (ROOT / name).exists()] == []


def test_every_decision_is_listed() -> None:
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    decisions = {path.name for path in PAGES if path.parent.name == "decisions"} - {"README.md"}
    assert decisions == set(re.findall(r"\]\((\S+\.md)\)", listed))
