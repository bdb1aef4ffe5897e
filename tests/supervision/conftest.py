"""The tiny model, for what is measured on an engine."""

from tests.tiny.llm_fixtures import options, tiny_path

__all__ = ["options", "tiny_path"]
