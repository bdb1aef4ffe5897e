"""Workers to send messages to: one that counts what it hears, and LLM workers that answer on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from appliance.engines.llm import LlmOptions
from tests.tiny.llm_fixtures import endless_path, tiny_path
from tests.workers.worker_process import Process

__all__ = ["endless_path", "tiny_path"]


@pytest.fixture
def endless(endless_path: Path) -> LlmOptions:
    """What a worker over the endless model is started with."""
    return LlmOptions(str(endless_path), context=32768, threads=1, block=16, template="chatml")


@pytest.fixture
def start(endless: LlmOptions) -> Iterator[Callable[..., Process]]:
    """Worker processes with some options changed; killed at the end."""
    processes: list[Process] = []

    def start(**changes: object) -> Process:
        processes.append(Process(msgspec.structs.replace(endless, **changes)))
        return processes[-1]

    yield start
    for process in processes:
        process.close()
