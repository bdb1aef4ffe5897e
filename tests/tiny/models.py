"""Tiny models: wheels of a few bytes, and the catalogue entries that name them."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

from appliance.models.catalogue import Catalogue, File, Memory, Part, VadFacts, VadModel


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def make_wheel(folder: Path, name: str, members: dict[str, bytes]) -> Path:
    """A wheel that pip accepts, version 1.0."""
    module = name.replace("-", "_")
    info = f"{module}-1.0.dist-info"
    path = folder / f"{module}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for member, data in members.items():
            wheel.writestr(member, data)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return path


def make_model(parts: tuple[Part, ...], data: bytes, **changes: object) -> VadModel:
    """A `concat` model of one file `m.bin`."""
    fields: dict[str, object] = {
        "name": "tiny",
        "title": "Tiny",
        "engine": "none",
        "licence": "MIT",
        "recipe": "concat",
        "memory": Memory(file_mb=1, anonymous_mb=1),
        "files": (File(path="m.bin", key="model", size=len(data), sha256=sha(data)),),
        "parts": parts,
        "facts": VadFacts(),
    }
    return VadModel(**{**fields, **changes})  # type: ignore[arg-type]


PIECES = (b"first piece ", b"second ", b"third and last")
WHOLE = b"".join(PIECES)


def catalogue_of(*models: VadModel) -> Catalogue:
    return Catalogue({model.name: model for model in models}, {})
