"""The input method that the box types with."""

from tests.typing_engine import engine

__all__ = ["engine"]
