"""The engine on its real data, compiled and not, opened once."""

from __future__ import annotations

import pytest

from tests.ui.input.hand import Clock
from ui.input.engine import Engine, compiled_lattice
from ui.input.learning.user import MemoryWords
from ui.input.model import Model


@pytest.fixture(scope="session")
def model() -> Model:
    return Engine(MemoryWords()).model


@pytest.fixture
def engine() -> Engine:
    """A fresh user each time; the data is mapped, so that this is cheap."""
    return Engine(MemoryWords(), verify=False)


@pytest.fixture(params=["compiled", "fallback"])
def either_engine(request: pytest.FixtureRequest) -> Engine:
    compiled = request.param == "compiled"
    if compiled and compiled_lattice() is None:
        pytest.skip("the compiled core was not built")
    return Engine(MemoryWords(), verify=False, compiled=compiled)


@pytest.fixture
def clock() -> Clock:
    return Clock()
