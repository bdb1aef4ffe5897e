"""`lory skill try`: who claims a sentence, what it understood, and nothing is done."""

from __future__ import annotations

import json

import pytest

from appliance.cli import main


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["skill", "try", *words, "--at", "2026-11-24T08:30", "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_an_alarm_is_told_with_its_time_and_said_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "半小时后提醒我关火") == {
        "claimed": "alarms",
        "intent": "set",
        "due": "2026-11-24T09:00:00",
        "seconds": 1800,
        "repeat": None,
        "text": "关火",
        "said_back": "30分钟后（今天9:00）提醒你：关火。",
    }


def test_what_nobody_claims_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(told(capsys, "闹钟响了三次我才起来怎么办").values()) == {None}


def test_what_sounds_alike_is_claimed_only_where_it_was_heard(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert told(capsys, "班校时候提醒我关火")["claimed"] is None
    assert told(capsys, "班校时候提醒我关火", "--heard")["due"] == "2026-11-24T09:00:00"


def test_for_people_it_is_a_line_a_field(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["skill", "try", "看看我的脑中", "--heard"]) == 0
    out = capsys.readouterr().out
    assert "alarms" in out and "看看我的闹钟" in out


def test_a_time_that_is_none_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["skill", "try", "几点了", "--at", "tomorrow"]) == 1
    assert "--at tomorrow" in capsys.readouterr().err
