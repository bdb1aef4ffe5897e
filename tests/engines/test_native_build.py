"""A wheel says what it was compiled for, and a CPU that lacks it never loads it."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.engines import native_build
from appliance.engines.native_build import Build, ForeignBuildError
from appliance.health import cpu

ROOT = Path(__file__).parents[2]
ARCHITECTURES = st.sampled_from(sorted(cpu.FEATURES))


def install(folder: Path, tag: str) -> None:
    """The metadata of a llama-cpp-python whose wheel had this build tag."""
    info = folder / "llama_cpp_python-0.3.36.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: llama_cpp_python\n")
    build = f"Build: {tag}\n" if tag else ""
    (info / "WHEEL").write_text(f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\n{build}")


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Installs such a package in front of everything else."""

    def put(tag: str) -> None:
        install(tmp_path, tag)
        monkeypatch.syspath_prepend(str(tmp_path))

    return put


@given(st.data(), ARCHITECTURES)
def test_a_tag_says_what_it_was_made_of(data, architecture):
    features = data.draw(st.frozensets(st.sampled_from(cpu.FEATURES[architecture])))
    build = Build(architecture, features)
    assert Build.parse(build.tag) == build
    assert build.tag[0].isdigit() and "-" not in build.tag  # what a wheel's name allows


@given(st.data(), ARCHITECTURES)
def test_a_build_runs_where_all_it_uses_is_there(data, architecture):
    names = st.frozensets(st.sampled_from(cpu.FEATURES[architecture]))
    used, there = data.draw(names), data.draw(names)
    assert set(Build(architecture, used).lacking(architecture, there)) == used - there


def test_a_build_of_another_architecture_runs_nowhere_here():
    assert Build("aarch64", frozenset()).lacking("x86_64", frozenset({"avx2"})) == ("aarch64",)


@given(st.text())
def test_any_other_build_tag_says_nothing(tag):
    assert Build.parse(tag) is None or tag.startswith("1lory_")


def test_a_feature_that_only_a_later_version_knows_is_not_taken_for_granted():
    build = Build.parse(f"1lory_x86_64_{1 << 60:x}")
    assert build is not None
    assert build.lacking("x86_64", frozenset(cpu.FEATURES["x86_64"])) == ("?",)


def test_an_engine_for_this_cpu_may_be_loaded(installed):
    build = Build(cpu.architecture(), cpu.features())
    installed(build.tag)
    assert native_build.installed() == build
    native_build.check_installed()


def test_an_engine_made_by_somebody_else_may_be_loaded_too(installed):
    """Whether it works is for the proof to find out."""
    installed("")
    assert native_build.installed() is None
    native_build.check_installed()


def test_an_engine_for_another_cpu_is_refused_before_it_is_loaded(installed):
    absent = sorted(set(cpu.FEATURES["x86_64"]) - cpu.features())
    installed(Build("x86_64", frozenset(absent)).tag)
    with pytest.raises(ForeignBuildError, match=r"another CPU: this one has no .*"):
        native_build.check_installed()


def test_the_makefile_is_told_by_the_exit_status(tmp_path):
    def status() -> int:
        return subprocess.run(
            [sys.executable, "-m", "appliance.engines.native_build"],
            cwd=ROOT,
            env={"PYTHONPATH": f"{tmp_path}"},
        ).returncode

    assert status() == 0
    install(tmp_path, Build("riscv64", frozenset()).tag)
    assert status() == 1
