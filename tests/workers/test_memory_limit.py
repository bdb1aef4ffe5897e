"""In a cgroup with little memory: refused or made leaner, never killed by the kernel."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.engines.llm import LlmOptions
from appliance.messages import Answered, Ask, Fault, Message, Ready, Warn
from tests.workers.worker_process import GREEDY, Process

MEGABYTE = 1 << 20
V1, V2 = Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")


class Cell:
    """A memory cgroup of its own, of either version."""

    def __init__(self, path: Path, megabytes: int) -> None:
        self.path = path
        self._old = (path / "memory.limit_in_bytes").exists()
        limit = path / ("memory.limit_in_bytes" if self._old else "memory.max")
        limit.write_text(str(megabytes * MEGABYTE))

    @property
    def killed(self) -> int:
        """How often the kernel killed somebody in it."""
        text = (self.path / ("memory.oom_control" if self._old else "memory.events")).read_text()
        return next(int(line.split()[1]) for line in text.splitlines() if "oom_kill " in line)


@pytest.fixture
def make_cell() -> Iterator[Callable[[int], Cell]]:
    made: list[Path] = []

    def make(megabytes: int) -> Cell:
        base = V1 if V1.is_dir() else V2
        path = base / f"lory-test-{os.getpid()}-{len(made)}"
        try:
            path.mkdir()
            made.append(path)
            return Cell(path, megabytes)
        except OSError as error:
            pytest.skip(f"no memory cgroup can be made here: {error}")

    yield make
    for path in made:
        path.rmdir()


def run_in(cell: Cell, options: LlmOptions) -> list[Message]:
    """Everything a worker in the cell says until it has answered, or died."""
    enter = ("sh", "-c", f'echo $$ > {cell.path}/cgroup.procs; exec "$@"', "sh")
    worker = Process(options, under=enter)
    worker.send(Ask(1, "system", (), "hello", 8, False, GREEDY))
    said = worker.until(Answered)
    worker.close()
    return said


def kinds(said: list[Message]) -> set[type[Message]]:
    return {type(message) for message in said}


@pytest.fixture
def hungry(tiny_path: Path) -> LlmOptions:
    """The tiny model, made to need about 200 MB by batches as wide as its long context."""
    return LlmOptions(str(tiny_path), context=32768, threads=1, block=512, template="chatml")


def test_with_room_it_answers(make_cell: Callable[[int], Cell], hungry: LlmOptions) -> None:
    cell = make_cell(600)
    said = run_in(cell, hungry)
    assert {Ready, Answered} <= kinds(said) and Warn not in kinds(said)
    assert cell.killed == 0


def test_with_less_it_remembers_less_and_says_so(
    make_cell: Callable[[int], Cell], hungry: LlmOptions
) -> None:
    cell = make_cell(120)
    said = run_in(cell, hungry)
    (ready,) = (message for message in said if isinstance(message, Ready))
    (warning,) = (message for message in said if isinstance(message, Warn))
    assert int(ready.detail["context"]) < 32768
    assert "memory is short" in warning.detail
    assert Answered in kinds(said)
    assert cell.killed == 0


def test_without_room_it_refuses_and_is_not_killed(
    make_cell: Callable[[int], Cell], hungry: LlmOptions
) -> None:
    cell = make_cell(60)
    (fault,) = (message for message in run_in(cell, hungry) if isinstance(message, Fault))
    assert (fault.code, fault.fatal) == ("out-of-memory", True)
    assert cell.killed == 0


@pytest.mark.long
@pytest.mark.models
def test_the_default_model_runs_in_a_gigabyte_and_a_half(
    make_cell: Callable[[int], Cell], default_models: dict[str, Path]
) -> None:
    cell = make_cell(1536)
    said = run_in(cell, LlmOptions(str(default_models["llm"] / "model.gguf")))
    assert {Warn, Answered} <= kinds(said)
    assert cell.killed == 0
