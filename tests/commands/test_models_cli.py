"""`lory models`: output and exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from appliance.commands.parsers import build_parser
from appliance.models.catalogue import VadModel
from tests.tiny.gguf import gguf
from tests.tiny.models import WHOLE

TOML = """
[[model]]
role = "vad"
name = "tiny"
title = "Tiny"
engine = "none"
licence = "MIT"
recipe = "concat"
memory = {{ file_mb = 1, anonymous_mb = 1 }}
files = [{{ key = "model", path = "m.bin" }}]
parts = [{parts}]
facts = {{}}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file_model: VadModel) -> Path:
    """A user's machine whose models.d describes the tiny model."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("LORY_MODELS", str(tmp_path / "models"))
    folder = tmp_path / "config" / "lory" / "models.d"
    folder.mkdir(parents=True)
    parts = ", ".join(
        f'{{ from = "{p.source}", into = "m.bin", sha256 = "{p.sha256}" }}'
        for p in file_model.parts
    )
    (folder / "tiny.toml").write_text(TOML.format(parts=parts), encoding="utf-8")
    return tmp_path / "models"


def lory(*arguments: str) -> int:
    args = build_parser().parse_args(["models", *arguments])
    return int(args.handler(args))


def test_fetch_then_verify_then_a_second_fetch_that_does_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lory("fetch", "tiny") == 0
    assert "1 new" in capsys.readouterr().err
    assert (root / "tiny" / "m.bin").read_bytes() == WHOLE
    assert lory("verify") == 0
    assert "tiny: good" in capsys.readouterr().out
    assert lory("fetch", "tiny") == 0
    assert "all there" in capsys.readouterr().err


def test_fetch_for_programs_writes_one_json_object_a_line(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lory("fetch", "tiny", "--progress-json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[-1]["event"] == "done"
    stages = [line["stage"] for line in lines if line["event"] == "progress"]
    assert stages[0] == "check" and stages[-1] == "done"


def test_failure_for_programs_is_an_object_with_a_code_and_both_languages(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "piece0").unlink()
    assert lory("fetch", "tiny", "--progress-json") == 1
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (last["event"], last["code"]) == ("error", "not-found")
    assert last["zh"] and "piece0" in last["text"]


def test_failure_for_people_is_one_clear_line_and_exit_1(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "piece1").write_bytes(b"other")
    assert lory("fetch", "tiny") == 1
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("lory: ") and "SHA-256" in last


def test_verify_names_the_damaged_file_and_exits_1(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lory("fetch", "tiny")
    (root / "tiny" / "m.bin").write_bytes(WHOLE[::-1])
    assert lory("verify") == 1
    assert "tiny: m.bin" in capsys.readouterr().out


def test_list_shows_state_licence_and_honest_notes(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lory("fetch", "tiny")
    capsys.readouterr()
    assert lory("list") == 0
    text = capsys.readouterr().out
    assert "installed  vad  tiny" in text
    assert "set default" in text and "CER" in text
    assert "hash pinned at first fetch" in text


def test_list_for_programs_holds_every_model_and_set(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lory("list", "--json") == 0
    listing = json.loads(capsys.readouterr().out)
    rows = {row["name"]: row for row in listing["models"]}
    assert rows["tiny"]["state"] == "absent"
    assert listing["root"] == str(root)
    assert {entry["name"] for entry in listing["sets"]} >= {"default", "router", "rk3588"}


def test_import_of_a_gguf(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.gguf").write_bytes(gguf())
    assert lory("import", str(tmp_path / "own.gguf")) == 0
    assert "imported own" in capsys.readouterr().err
    assert lory("verify", "own") == 0


def test_a_broken_user_catalogue_is_told_with_its_place_and_left_out(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "config" / "lory" / "models.d" / "tiny.toml"
    path.write_text(path.read_text().replace('"concat"', "7"), encoding="utf-8")
    assert lory("list") == 0
    told = capsys.readouterr()
    assert "tiny.toml:8: model 'tiny': recipe" in told.err and "silero-vad" in told.out


def test_models_without_a_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        lory()
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err
