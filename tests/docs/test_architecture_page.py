"""The documents for those who build on: what they draw is current, what they name is there."""

from __future__ import annotations

import ast
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
    assert [name for name in files if not (ROOT / name.partition(":")[0]).exists()] == []


def test_every_step_of_a_walk_is_still_where_it_says() -> None:
    """A step is written `FILE:NAME` or `FILE:CLASS.NAME`."""
    steps = re.findall(r"`(\S+\.py):(\S+)`", PAGE.read_text(encoding="utf-8"))
    assert len(steps) > 30
    assert [f"{file}:{name}" for file, name in steps if name not in defined(ROOT / file)] == []


def defined(path: Path) -> set[str]:
    """What a file defines on its top level and in its classes."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.ClassDef(name=name, body=body):
                found.add(name)
                found |= {f"{name}.{it.name}" for it in body if isinstance(it, ast.FunctionDef)}
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.Assign(targets=targets):
                found |= {ast.unparse(target) for target in targets}
            case ast.AnnAssign(target=target):
                found.add(ast.unparse(target))
            case _:
                pass
    return found


def test_every_decision_is_listed() -> None:
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    decisions = {path.name for path in PAGES if path.parent.name == "decisions"} - {"README.md"}
    assert decisions == set(re.findall(r"\]\((\S+\.md)\)", listed))
