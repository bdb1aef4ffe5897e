"""The machine whose health is read."""

from tests.fake_machine import tree

__all__ = ["tree"]
