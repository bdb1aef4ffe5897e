"""The model that LLM benches run on: a path given by hand, else the store's default."""

from __future__ import annotations

import argparse
from pathlib import Path

from appliance.models.catalogue import LlmModel
from appliance.models.catalogue_file import read_catalogue
from appliance.models.store import Store
from appliance.paths import default_root


def add_model_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", nargs="?", type=Path, help="a GGUF file (default: the store's)")


def default_llm() -> Path:
    """The default set's language model.

    Raises:
        ModelError: it is not installed.
    """
    model = read_catalogue().of_set("default", LlmModel)
    assert model is not None
    return Store(default_root()).files(model)["model"]
