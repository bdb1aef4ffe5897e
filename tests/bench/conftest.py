"""The input method whose bench is tried."""

from tests.ui.input.conftest import engine

__all__ = ["engine"]
