"""Fixtures of more than one room: the tiny LLM, and what an engine over it is made with.

A room's conftest imports those it needs and names them in `__all__`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.engines.llm import LlmOptions
from tests.tiny.llama import write_model


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
