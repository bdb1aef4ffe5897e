"""Many ways to ask for the same, and many sentences that only sound like it: none is an example
that a rule knows by heart."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from appliance.skills.registry import Skills
from appliance.skills.skill import Said

NOW = datetime(2026, 11, 24, 8, 30)
ROWS = [
    (*line.split("\t"), "")[:3]
    for line in Path(__file__).with_name("kinds.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.fixture(scope="module")
def skills() -> Skills:
    return Skills()


@pytest.mark.parametrize(("text", "who", "times"), ROWS, ids=[row[0] for row in ROWS])
def test_it_is_claimed_by_whom_it_is_meant_for_with_its_time(
    skills: Skills, text: str, who: str, times: str
) -> None:
    claim = skills.claim(Said(text, now=NOW))
    if who == "-":
        assert claim is None
        return
    assert claim is not None
    due = claim.due.isoformat(timespec="minutes") if claim.due else ""
    seconds = "" if claim.seconds is None else str(int(claim.seconds))
    told = " ".join(part for part in (due, seconds, claim.repeat) if part)
    assert (f"{claim.skill}/{claim.intent}", told) == (who, times)


@pytest.mark.parametrize("text", [row[0] for row in ROWS if row[1] == "-"])
def test_what_is_not_meant_is_not_claimed_where_it_was_heard_either(
    skills: Skills, text: str
) -> None:
    assert skills.claim(Said(text, now=NOW, heard=True)) is None
