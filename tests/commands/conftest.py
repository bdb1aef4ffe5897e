"""The tiny models whose commands are tried."""

from tests.models.conftest import file_model
from tests.tiny.llm_fixtures import tiny_path

__all__ = ["file_model", "tiny_path"]
