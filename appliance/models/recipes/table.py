"""From collected pieces to the finished files, by the name of the recipe."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

from appliance.models.catalogue import AnyModel
from appliance.models.errors import ModelCorruptError, ToolMissingError
from appliance.models.gguf import read_header
from appliance.models.recipes import archive

Recipe = Callable[[AnyModel, Path, Path], None]

# Recipes whose collected files already are the finished ones.
AS_COLLECTED = frozenset({"concat"})
# Field 1 of ModelProto, ir_version, which every exporter writes first.
_ONNX_FIRST_BYTE = b"\x08"
_NEEDS_ONNX = frozenset({"whisper", "kokoro"})


def check_tools(model: AnyModel) -> None:
    """Ask before a long download whether its conversion can be done here.

    Raises:
        ToolMissingError: a package lacks; the message says how to install it.
    """
    if model.recipe in _NEEDS_ONNX and importlib.util.find_spec("onnx") is None:
        raise ToolMissingError(
            f"converting {model.name} needs the package onnx; run: pip install 'lory[fetch]'"
        )


def check_kind(path: Path) -> None:
    """Whether a finished file is at all of the kind its name says: GGUF whole, ONNX a protobuf.

    Raises:
        ModelCorruptError: it is not.
    """
    if path.suffix == ".gguf":
        read_header(path)
    elif path.suffix == ".onnx":
        with path.open("rb") as stream:
            if stream.read(1) != _ONNX_FIRST_BYTE:
                raise ModelCorruptError(f"{path.name} is no ONNX model")


def build(model: AnyModel, collected: Path, built: Path) -> None:
    """Make the model's files in `built`, an existing empty directory.

    Raises:
        ConversionError: the pieces are not what the recipe takes.
    """
    recipes: dict[str, Recipe] = {"archive": archive.build, "whisper": _whisper, "kokoro": _kokoro}
    recipes[model.recipe](model, collected, built)


def _whisper(model: AnyModel, collected: Path, built: Path) -> None:
    from appliance.models.recipes import whisper  # onnx is no dependency of the box

    whisper.build(model, collected, built)


def _kokoro(model: AnyModel, collected: Path, built: Path) -> None:
    from appliance.models.recipes import kokoro  # onnx is no dependency of the box

    kokoro.build(model, collected, built)
