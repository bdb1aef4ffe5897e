"""pip as the project runs it: of its cache, only what was compiled as it would be here."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from appliance.engines.native_build import Build
from appliance.health import cpu
from appliance.provision.pip import forget_foreign_wheels

ROOT = Path(__file__).parents[2]
OURS = Build(cpu.architecture(), cpu.features()).tag
OTHER = Build("riscv64", frozenset()).tag


@pytest.fixture
def cached(tmp_path):
    """Puts wheels where pip keeps those that it compiled, and lists what is there."""
    folder = tmp_path / "cache/wheels/00/11/22/33"
    folder.mkdir(parents=True)

    def put(*names: str) -> dict[str, str]:
        for name in names:
            with zipfile.ZipFile(folder / name, "w") as wheel:
                wheel.writestr("nothing", "")
        return {**os.environ, "PIP_CACHE_DIR": str(tmp_path / "cache")}

    put.left = lambda: sorted(path.name for path in folder.iterdir())
    return put


def wheel(tag: str, name: str = "llama_cpp_python") -> str:
    build = f"{tag}-" if tag else ""
    return f"{name}-0.3.36-{build}py3-none-linux_x86_64.whl"


def test_only_what_was_compiled_as_one_would_be_now_stays(cached, capsys):
    env = cached(wheel(OURS), wheel(OTHER), wheel(""), wheel("", "something_else"))
    forget_foreign_wheels(OURS, env)
    assert cached.left() == sorted([wheel(OURS), wheel("", "something_else")])
    assert capsys.readouterr().out.count("another CPU") == 2


def test_a_cache_that_is_switched_off_is_no_trouble(cached):
    env = cached() | {"PIP_NO_CACHE_DIR": "1"}
    assert forget_foreign_wheels(OURS, env) == []


def test_it_is_pip_that_runs_and_pip_s_status_is_passed_on(tmp_path):
    command = [sys.executable, "-m", "appliance.provision.pip", "install", "--no-index"]
    done = subprocess.run([*command, "no-such-package"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode != 0
    assert "no-such-package" in done.stderr


def test_an_engine_of_another_cpu_is_taken_out_so_that_it_is_compiled_anew(tmp_path):
    """pip alone would find the requirement satisfied."""
    environment = tmp_path / "venv"
    venv.create(environment, symlinks=True, with_pip=True)
    python = environment / "bin/python"
    (site,) = environment.glob("lib/python*/site-packages")
    info = site / "llama_cpp_python-0.3.36.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: llama_cpp_python\nVersion: 0.3.36")
    (info / "WHEEL").write_text(f"Wheel-Version: 1.0\nBuild: {OTHER}\n")
    (info / "INSTALLER").write_text("pip\n")
    (info / "RECORD").touch()  # it names itself: what it does not name is left behind
    (info / "RECORD").write_text("".join(f"{info.name}/{f.name},,\n" for f in info.iterdir()))
    command = [python, "-m", "appliance.provision.pip", "install", "--no-index", "--no-deps"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PIP_FIND_LINKS": str(tmp_path)}
    done = subprocess.run([*command, "llama-cpp-python"], env=env, capture_output=True, text=True)
    assert "No matching distribution" in done.stderr
    assert not (info / "METADATA").exists()
