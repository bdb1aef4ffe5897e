"""The tiny model, and an engine over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tiny_llama import write_model

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
    import msgspec

    engines: list[LlamaEngine] = []

    def make(**changes: object) -> LlamaEngine:
        engines.append(LlamaEngine(msgspec.structs.replace(options, **changes)))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()
