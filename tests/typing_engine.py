"""The input method on its real data, opened once for each file of tests that shares it."""

from __future__ import annotations

import pytest

from ui.input.engine import Engine
from ui.input.learning.user import MemoryWords


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(MemoryWords())
