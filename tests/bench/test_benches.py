"""Every program of `bench/` that measures is one of those that `make bench` runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bench.__main__ import benches
from tests.arrows import ROOT, modules


def test_whatever_reads_a_command_line_is_a_bench() -> None:
    programs = {
        name.removesuffix(".__main__").removeprefix("bench.")
        for name, path in modules().items()
        if name.startswith("bench.") and name != "bench.__main__"
        if "ArgumentParser(" in path.read_text(encoding="utf-8")
    }
    assert programs == set(benches())


def test_make_bench_runs_them_all() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "\t$(PY) -m bench\n" in makefile


@pytest.mark.parametrize("name", benches())
def test_each_can_print_one_json_object(name: str) -> None:
    command = [sys.executable, "-m", f"bench.{name}", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert "--json" in done.stdout
