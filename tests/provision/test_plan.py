"""The plan: what is missing, how big, how long."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from appliance.models.catalogue import AnyModel
from appliance.models.store import Store
from appliance.provision import Overview, Plan, Progress, Step, better, describe, plan, planning
from appliance.provision.requirements import missing, project_requirements
from ui.strings import Text

ROOT = Path(__file__).parents[2]
PYPROJECT = """
[project]
name = "lory"
dependencies = ["numpy>=1.26", "llama-cpp-python>=0.3.36,<0.4"]
[project.optional-dependencies]
fetch = ["onnx>=1.16"]
funasr = ["torch>=2"]
"""


def test_the_requirements_are_the_projects_own_with_what_fetching_needs(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    expected = ["numpy>=1.26", "llama-cpp-python>=0.3.36,<0.4", "onnx>=1.16"]
    assert project_requirements(tmp_path) == expected


def test_without_a_source_tree_the_metadata_tell_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["numpy>=1.26", 'onnx>=1.16; extra == "fetch"', 'torch>=2; extra == "funasr"']
    monkeypatch.setattr(metadata, "requires", lambda name: lines)
    assert project_requirements(tmp_path) == ["numpy>=1.26", "onnx>=1.16"]


def test_missing_is_what_is_absent_or_too_old() -> None:
    lines = ["packaging>=24", "packaging>=9999", "no-such-distribution", 'x; python_version < "3"']
    assert missing(lines) == ["packaging>=9999", "no-such-distribution"]


def test_it_is_printed_before_anything_is_installed() -> None:
    """-S: the standard library alone."""
    shown = subprocess.run(
        [sys.executable, "-S", "-m", "appliance.provision"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    ).stdout
    for part in ("llama-cpp-python", "sherpa-onnx", "MB", "分钟", "min", "编译", "compiled"):
        assert part in shown


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which everything is missing."""
    monkeypatch.setattr(planning, "missing", list)
    monkeypatch.setattr(planning, "has_compiler", lambda: False)
    monkeypatch.setattr(planning.ctypes.util, "find_library", lambda name: None)
    models = [SimpleNamespace(name="the-llm", download_bytes=1_117_000_000)]
    monkeypatch.setattr(planning, "_absent_models", lambda: models)


@pytest.mark.usefixtures("bare")
def test_a_bare_machine_lacks_all_four() -> None:
    found = plan()
    assert [step.name for step in found.steps] == ["system", "wheels", "llm", "models"]
    system, wheels, llm, models = found.steps
    assert system.what == ("libportaudio2", "g++")
    assert not any("llama" in each for each in wheels.what)
    assert len(llm.what) == 1
    assert models.download_mb == 1117
    assert found.minutes < sum(step.minutes for step in found.steps)


@pytest.mark.usefixtures("bare")
def test_too_little_disk_is_told_first(monkeypatch: pytest.MonkeyPatch) -> None:
    full = SimpleNamespace(total=10**9, used=10**9, free=5_000_000)
    monkeypatch.setattr(planning.shutil, "disk_usage", lambda path: full)
    found = plan()
    assert found.warnings
    assert "5 MB" in describe(found, "zh") and "磁盘" in describe(found, "zh")


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_description_tells_pieces_sizes_and_minutes(language: str) -> None:
    text = describe(plan(), "zh" if language == "zh" else "en")
    for part in ("libportaudio2", "sherpa-onnx", "llama-cpp-python", "the-llm", "MB", "GB"):
        assert part in text
    assert ("分钟" if language == "zh" else "min") in text


def test_nothing_missing_is_one_line() -> None:
    assert describe(Plan(()), "en") == "Everything needed is installed."
    assert describe(Plan(()), "zh") == "所需的都已装好。"


TWO = Plan((Step("llm", ("x",), 1, 1, 6.0), Step("models", ("y",), 1, 1, 2.0)))


def test_the_overview_weighs_steps_by_their_minutes() -> None:
    overview = Overview(TWO)
    assert overview.fraction == 0.0
    overview.feed(Progress("llm", "running", Text("编译", "compiling"), 0.5))
    overview.feed(Progress("models", "running", Text("下载", "fetching"), 0.5))
    assert overview.fraction == 0.5
    assert overview.line("en") == "compiling · fetching"
    overview.feed(Progress("models", "done", Text("好", "ready"), 1.0))
    assert overview.fraction == (3.0 + 2.0) / 8.0
    assert overview.line("zh") == "编译"
    overview.feed(Progress("llm", "failed", Text("坏", "broken"), 0.5))
    assert [failure.step for failure in overview.failures] == ["llm"]
    assert overview.line("en") == ""


def test_an_empty_plan_is_finished() -> None:
    assert Overview(Plan(())).fraction == 1.0


@pytest.mark.parametrize(
    ("here", "names"),
    [
        (("whisper-base-int8",), ["sense-voice-int8"]),
        (("whisper-base-int8", "sense-voice-int8"), []),
        (("whisper-base-int8", "paraformer-zh-int8"), []),
        (("sense-voice-int8",), []),
    ],
)
def test_better_ears_are_wanted_where_there_are_none_but_the_index_s(
    here: tuple[str, ...], names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def state(_: Store, model: AnyModel) -> str:
        return "installed" if model.name in here else "absent"

    monkeypatch.setattr(Store, "state", state)
    assert [name for step in better().steps for name in step.models] == names
