"""The tiny model, and an engine over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from tiny_llama import write_model
from worker_process import Process

from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llm import LlmOptions


@pytest.fixture(scope="session")
def tiny_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("model") / "tiny.gguf")


@pytest.fixture(scope="session")
def endless_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that answers until somebody stops it, or its context is full."""
    return write_model(tmp_path_factory.mktemp("model") / "endless.gguf", endless=True)


@pytest.fixture
def options(tiny_path: Path) -> LlmOptions:
    return LlmOptions(str(tiny_path), context=512, threads=1, block=16, template="chatml")


@pytest.fixture
def make_engine(options: LlmOptions) -> Iterator[Callable[..., LlamaEngine]]:
    """Engines with some options changed; closed at the end."""
    engines: list[LlamaEngine] = []

    def make(**changes: object) -> LlamaEngine:
        engines.append(LlamaEngine(msgspec.structs.replace(options, **changes)))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


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
