"""Engines over the tiny model."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest

from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llm import LlmOptions
from tests.tiny.llm_fixtures import endless_path, options, tiny_path

__all__ = ["endless_path", "options", "tiny_path"]


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
