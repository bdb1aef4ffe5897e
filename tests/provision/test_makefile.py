"""`make run` and `make test` on a machine that lacks things."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    # A make above us must not hand down its options.
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def python_that(folder: Path, body: str) -> str:
    script = folder / "python-of-the-test"
    script.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    script.chmod(0o755)
    return str(script)


def test_the_plan_is_told_before_anything_is_installed(tmp_path: Path) -> None:
    told = make("-n", "run", f"VENV={tmp_path}/venv", f"PYTHON={sys.executable}").stdout
    steps = ["-m venv", "prepare pip", "prepare panel", "panel --provision"]
    places = [told.index(step) for step in steps]
    assert places == sorted(places)


def test_without_a_terminal_it_is_the_demo() -> None:
    told = make("-n", "run", "VENV=/nowhere").stdout
    assert "[ -t 0 ] && [ -t 1 ]" in told
    assert "appliance panel --provision" in told
    assert "appliance demo --provision" in told


def test_an_old_python_is_refused_in_words(tmp_path: Path) -> None:
    old = python_that(tmp_path, "exit 1")
    result = make("run", f"VENV={tmp_path}/venv", f"PYTHON={old}")
    assert result.returncode != 0
    assert "3.11" in result.stderr
    assert not (tmp_path / "venv").exists()


def test_a_python_without_venv_is_told_what_to_install(tmp_path: Path) -> None:
    """Debian's python3 without python3-venv."""
    bare = python_that(tmp_path, 'case "$*" in *venv*) exit 1;; esac; exit 0')
    result = make("run", f"VENV={tmp_path}/venv", f"PYTHON={bare}")
    assert result.returncode != 0
    assert "python3-venv" in result.stderr


def test_no_python_at_all_is_told(tmp_path: Path) -> None:
    result = make("run", f"VENV={tmp_path}/venv", "PYTHON=")
    assert result.returncode != 0
    assert "3.11" in result.stderr


def test_the_ci_entry_passes_the_exit_status_and_pytests_last_line(tmp_path: Path) -> None:
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    closing = "1 failed, 41 passed, 2 deselected in 75.23s (0:01:15)"
    recipe = f"test:\n\t@echo collecting; echo '{closing}'; echo more; exit 1\n"
    (tmp_path / "Makefile").write_text(recipe, encoding="utf-8")
    result = subprocess.run([tmp_path / ".ci/run"], capture_output=True, text=True)
    assert result.returncode != 0
    assert result.stdout.splitlines()[-1] == closing
