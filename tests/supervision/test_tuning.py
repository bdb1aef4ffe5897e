"""Tuning: every setting measured, one value of each chosen, kept for this model and machine."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from appliance.cli import main
from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llama.preflight import need_of
from appliance.engines.llm import LlmError, LlmOptions
from appliance.models.gguf import read_header
from appliance.supervision.llm_tuning import tune
from appliance.supervision.tuned import (
    Knobs,
    Row,
    Tuning,
    apply,
    read_tuning,
    tuning_key,
    write_tuning,
)
from appliance.supervision.tuning_table import format_table
from appliance.world import World

PLENTY = 1 << 40
TUNING = Tuning("model|cpu|2 cores|0.3", "Tiny", Knobs(2, 1, draft=3), (Row("threads", "2"),))


@pytest.fixture
def options(tiny_path: Path) -> LlmOptions:
    return LlmOptions(str(tiny_path), context=1024, threads=2, template="chatml")


@pytest.mark.parametrize("quick", [True, False], ids=["quick", "thorough"])
def test_each_setting_has_one_chosen_value_and_the_engine_runs_with_them(
    options: LlmOptions, quick: bool
) -> None:
    said: list[str] = []
    tuning = tune(options, "key", PLENTY, quick, said.append)
    settings = {row.setting for row in tuning.rows}
    assert {"threads", "block of the prompt", "guesses at once"} <= settings
    assert ("attention and KV" in settings) == ("weights" in settings) == (not quick)
    for setting in settings:
        assert sum(row.chosen for row in tuning.rows if row.setting == setting) == 1
    assert all(row.decode > 0 for row in tuning.rows if not row.note)
    assert set(said) >= {"threads", "block of the prompt"}
    LlamaEngine(apply(tuning.knobs, options)).close()
    table = format_table(tuning)
    assert all(row.value in table for row in tuning.rows)


def test_what_does_not_fit_the_budget_is_not_tried_and_said(options: LlmOptions) -> None:
    budget = need_of(options, read_header(Path(options.model))).total
    tuning = tune(options, "key", budget, quick=True)
    (untried,) = (row for row in tuning.rows if row.value == "64 tokens")
    assert untried.decode == 0 and "does not fit" in untried.note
    assert tuning.knobs.block <= 32


def test_a_model_that_fits_no_budget_is_not_tuned(options: LlmOptions) -> None:
    with pytest.raises(LlmError) as refused:
        tune(options, "key", budget=1)
    assert refused.value.code == "out-of-memory"


def test_it_is_found_again_under_its_own_key_only(tmp_path: Path) -> None:
    write_tuning(tmp_path, TUNING)
    assert read_tuning(tmp_path, TUNING.key) == TUNING
    assert read_tuning(tmp_path, "another model") is None
    moved = tmp_path / "tuning"
    (file,) = moved.iterdir()
    file.write_bytes(msgspec.json.encode(msgspec.structs.replace(TUNING, key="forged")))
    assert read_tuning(tmp_path, TUNING.key) is None


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\xfe", b'{"key": 3}'])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, damage: bytes) -> None:
    write_tuning(tmp_path, TUNING).write_bytes(damage)
    assert read_tuning(tmp_path, TUNING.key) is None


def test_the_key_tells_processors_and_granted_cores_apart(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    cpuinfo = tmp_path / "proc/cpuinfo"
    cpuinfo.write_text("CPU part\t: 0xd05\nCPU part\t: 0xd0b\n")
    board = tuning_key("hash", 4, tmp_path)
    assert "0xd05 0xd0b" in board
    assert board != tuning_key("hash", 2, tmp_path) != tuning_key("other", 2, tmp_path)
    cpuinfo.write_text("model name\t: Something\n")
    assert tuning_key("hash", 4, tmp_path) != board


def test_the_options_take_all_of_it(options: LlmOptions) -> None:
    knobs = Knobs(3, 2, 64, False, True, "q8_0", "q8_0", "mmap+mlock", 5)
    tuned = apply(knobs, options)
    assert (tuned.threads, tuned.batch_threads, tuned.block, tuned.draft) == (3, 2, 64, 5)
    assert (tuned.repack, tuned.lock_memory, tuned.memory_map) == (False, True, True)
    assert apply(Knobs(1, 1, loading="read"), options).memory_map is False


def test_the_command_keeps_what_it_finds_and_the_next_start_uses_it(
    tiny_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LORY_MODELS", str(tmp_path / "models"))
    for kind in ("CONFIG", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    assert main(["models", "import", str(tiny_path)]) == 0
    capsys.readouterr()
    assert main(["models", "tune", "tiny", "--quick", "--json"]) == 0
    found = msgspec.json.decode(capsys.readouterr().out, type=Tuning)
    with World.open(None) as world:
        plain, key = world.plain_llm()
        assert key == found.key
        assert world.llm() == apply(found.knobs, plain)


def test_a_model_that_is_not_there_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LORY_MODELS", str(tmp_path / "models"))
    assert main(["models", "tune", "no-such-model"]) == 1
    assert "no-such-model" in capsys.readouterr().err
