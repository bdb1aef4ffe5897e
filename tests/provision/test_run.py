"""Provisioning with commands of ours in pip's and the fetcher's place, and once with the real."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from appliance.provision import Plan, Progress, Step, Tools, provision
from tests.waiting import PATIENCE, until

WHEELS = Step("wheels", ("numpy>=1.26", "onnx>=1.16"), 2, 10, 0.5)
LLM = Step("llm", ("llama-cpp-python",), 77, 700, 6.0)
MODELS = Step("models", ("a model 2 MB",), 2, 2, 1.0)
ROOT = Path(__file__).parents[2]

# pip's stand-in is told by the requirement which part it plays.
PIP = """
import sys, time, pathlib
here = pathlib.Path(sys.argv[0]).parent
(here / "argv").open("a").write(" ".join(sys.argv[1:]) + chr(10))
if "llama-cpp-python" in sys.argv[-1]:
    (here / "llm-began").touch()
    print("Progress 77 of 77", "  [1/2] g++ a.cpp", "  [2/2] g++ b.cpp", sep=chr(10), flush=True)
    wait_for = here / "models-began"
    for _ in range(2400):
        if wait_for.exists():
            sys.exit(0)
        time.sleep(0.05)
    sys.exit("the models were never fetched meanwhile")
for name in ("numpy", "onnx"):
    print("Collecting", name, flush=True)
    print("Progress 0 of 1000000", "Progress 1000000 of 1000000", sep=chr(10), flush=True)
print("Installing collected packages: numpy, onnx")
"""
MODELS_FETCH = """
import json, sys, pathlib, time
here = pathlib.Path(sys.argv[0]).parent
(here / "models-began").touch()
for done in (0, 500000, 2000000):
    record = {"event": "progress", "model": "m", "stage": "download", "part": 1, "parts": 2,
              "bytes_done": done, "bytes_total": 2000000}
    print(json.dumps(record), flush=True)
print("a warning that is not JSON")
print(json.dumps({"event": "done", "text": "1 new"}))
"""
FULL = 'print("ERROR: [Errno 28] No space left on device"); raise SystemExit(1)'


def tools(folder: Path, pip: str = PIP, models: str = MODELS_FETCH) -> Tools:
    (folder / "pip.py").write_text(pip, encoding="utf-8")
    (folder / "models.py").write_text(models, encoding="utf-8")
    return Tools(
        pip=(sys.executable, str(folder / "pip.py")),
        models=(sys.executable, str(folder / "models.py")),
        apt=(sys.executable, "-c", "raise SystemExit(1)"),
        logs=folder / "logs",
    )


def go(plan: Plan, with_tools: Tools) -> tuple[bool, list[Progress]]:
    told: list[Progress] = []
    return asyncio.run(provision(plan, told.append, with_tools)), told


def states(told: list[Progress]) -> list[tuple[str, str]]:
    """What each step came to, in the order of their ends."""
    return [(each.step, each.state) for each in told if each.state != "running"]


def test_the_models_arrive_while_the_engine_is_compiled(tmp_path: Path) -> None:
    whole, told = go(Plan((WHEELS, LLM, MODELS)), tools(tmp_path))
    assert whole
    assert states(told)[0] == ("wheels", "done")
    assert set(states(told)) == {("wheels", "done"), ("llm", "done"), ("models", "done")}
    texts = [each.text.en for each in told]
    assert "compiling llama.cpp 2/2" in texts
    assert "fetching models 2/2 MB" in texts


def test_progress_of_a_step_never_falls(tmp_path: Path) -> None:
    _, told = go(Plan((WHEELS, LLM, MODELS)), tools(tmp_path))
    for name in ("wheels", "llm", "models"):
        fractions = [each.fraction for each in told if each.step == name]
        assert fractions == sorted(fractions)
        assert fractions[-1] == 1.0


def test_the_engine_is_built_from_source_for_this_cpu(tmp_path: Path) -> None:
    go(Plan((LLM, MODELS)), tools(tmp_path))
    argv = (tmp_path / "argv").read_text(encoding="utf-8")
    assert "--no-binary llama-cpp-python llama-cpp-python" in argv


def test_a_full_disk_is_told_with_what_to_do_and_nothing_more_is_tried(tmp_path: Path) -> None:
    whole, told = go(Plan((WHEELS, LLM, MODELS)), tools(tmp_path, pip=FULL))
    assert not whole
    assert states(told) == [("wheels", "failed")]
    assert "the disk is full" in told[-1].text.en
    assert "make room" in told[-1].remedy.en
    assert not (tmp_path / "models-began").exists()


def test_a_failed_engine_does_not_stop_the_models(tmp_path: Path) -> None:
    whole, told = go(Plan((LLM, MODELS)), tools(tmp_path, pip=FULL))
    assert not whole
    assert set(states(told)) == {("llm", "failed"), ("models", "done")}


def test_it_can_be_tried_again(tmp_path: Path) -> None:
    assert not go(Plan((WHEELS,)), tools(tmp_path, pip=FULL))[0]
    assert go(Plan((WHEELS,)), tools(tmp_path))[0]


def test_what_the_fetcher_says_of_its_failure_is_passed_on(tmp_path: Path) -> None:
    """The project's own command line, asked for a set that is not there."""
    fetch = (sys.executable, "-m", "appliance", "models", "fetch", "no-such-set")
    real = Tools(
        models=("env", f"PYTHONPATH={ROOT}", *fetch, "--root", str(tmp_path), "--progress-json"),
        logs=tmp_path / "logs",
    )
    whole, told = go(Plan((MODELS,)), real)
    assert not whole
    assert "no-such-set" in told[-1].text.en
    assert "没有这个模型" in told[-1].text.zh


def test_a_command_that_is_not_there_is_a_failure_in_words(tmp_path: Path) -> None:
    whole, told = go(Plan((WHEELS,)), Tools(pip=("/no/such/pip",), logs=tmp_path))
    assert not whole
    assert told[-1].state == "failed"


def test_system_packages_that_may_not_be_installed_cost_sound_not_the_rest(
    tmp_path: Path,
) -> None:
    step = Step("system", ("libportaudio2",), 1, 4, 0.5)
    whole, told = go(Plan((step, WHEELS)), tools(tmp_path))
    assert whole
    assert states(told) == [("system", "failed"), ("wheels", "done")]
    assert "sudo apt install libportaudio2" in told[0].remedy.en + told[1].remedy.en


def test_an_empty_plan_does_nothing(tmp_path: Path) -> None:
    assert go(Plan(()), tools(tmp_path)) == (True, [])


def test_real_pip_with_what_is_there_already(tmp_path: Path) -> None:
    step = Step("wheels", ("packaging>=24",), 1, 1, 0.1)
    whole, told = go(Plan((step,)), Tools(logs=tmp_path))
    assert whole, told
    assert "already satisfied" in (tmp_path / "wheels.log").read_text(encoding="utf-8")


def is_gone(pid: int) -> bool:
    """Dead, or a zombie that its new parent has not collected yet."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state in "ZX"


@pytest.mark.parametrize("stubborn", [False, True])
def test_no_child_or_grandchild_outlives_a_cancelled_provisioning(
    tmp_path: Path, stubborn: bool
) -> None:
    """A compiler is pip's grandchild; some children ignore SIGTERM."""
    pip = f"""
import os, signal, subprocess, sys, time, pathlib
here = pathlib.Path(sys.argv[0]).parent
if {stubborn}:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
(here / "pids.tmp").write_text(f"{{os.getpid()}} {{child.pid}}")
os.rename(here / "pids.tmp", here / "pids")
time.sleep(600)
"""
    pids: list[int] = []

    async def main() -> None:
        work = asyncio.create_task(
            provision(Plan((WHEELS,)), lambda _: None, tools(tmp_path, pip=pip))
        )
        while not (tmp_path / "pids").exists():
            assert not work.done(), work
            await asyncio.sleep(0.02)
        pids.extend(map(int, (tmp_path / "pids").read_text().split()))
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    asyncio.run(asyncio.wait_for(main(), PATIENCE))
    until(lambda: all(map(is_gone, pids)), lambda: "a child outlived the cancellation")


def test_children_are_niced(tmp_path: Path) -> None:
    pip = """
import os, sys, time, pathlib
for _ in range(2400):
    if os.nice(0) >= 10:
        break
    time.sleep(0.05)
(pathlib.Path(sys.argv[0]).parent / "nice").write_text(str(os.nice(0)))
"""
    before = os.nice(0)
    assert go(Plan((WHEELS,)), tools(tmp_path, pip=pip))[0]
    assert int((tmp_path / "nice").read_text()) == max(10, before)
