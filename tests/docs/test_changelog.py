"""CHANGELOG.md keeps its form, and its newest release is the version that is built."""

import re
import tomllib
from datetime import date
from pathlib import Path

from appliance import __version__

ROOT = Path(__file__).parents[2]
HEADING = re.compile(r"## \[(?P<name>[^]]+)\](?: - (?P<date>\S+))?")
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def headings():
    """(name, date) of every entry from the top, as written."""
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if line.startswith("## ")]
    found = [HEADING.fullmatch(line) for line in entries]
    assert all(found), entries
    return [(match["name"], match["date"]) for match in found if match]


def test_its_newest_release_is_the_version_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert headings()[1][0] == project["version"] == __version__


def test_what_is_not_released_stands_on_top_and_the_newest_release_below_it():
    (first, undated), *released = headings()
    assert (first, undated) == ("Unreleased", None)
    dates = [date.fromisoformat(when) for _, when in released]
    assert dates == sorted(dates, reverse=True)


def test_its_changes_are_sorted_by_the_kinds_that_keep_a_changelog_knows():
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    assert {line.removeprefix("### ") for line in lines if line.startswith("### ")} <= KINDS
