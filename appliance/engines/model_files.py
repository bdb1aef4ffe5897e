"""What can be known of a model's files before a native engine sees them.

sherpa-onnx ends the process on an ONNX file without its metadata and on voices of the wrong size,
so both are looked at first. An ONNX file is a protobuf `ModelProto` (onnx.proto3): field 7 is the
graph, field 14 a `StringStringEntryProto` of the metadata; fields are skipped, not parsed.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from appliance.engines.errors import ModelFileCorruptError, ModelFileMissingError

_GRAPH, _METADATA = 7, 14
_FIXED_BYTES = {1: 8, 5: 4}


def require(path: str | Path, sha256: str = "") -> Path:
    """The path, if a non-empty file is there and has that hash (when one is given).

    Raises:
        ModelFileMissingError: no such file.
        ModelFileCorruptError: empty, unreadable, or another hash.
    """
    path = Path(path)
    try:
        if not path.is_file():
            raise ModelFileMissingError(f"{path} is missing")
        if path.stat().st_size == 0:
            raise ModelFileCorruptError(f"{path} is empty")
        if sha256:
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256.lower():
                    raise ModelFileCorruptError(f"{path} is damaged: its SHA-256 is not {sha256}")
    except PermissionError as error:
        raise ModelFileCorruptError(f"{path} cannot be read: {error.strerror}") from error
    return path


def onnx_metadata(path: str | Path, needed: tuple[str, ...] = ()) -> dict[str, str]:
    """The `metadata_props` of an ONNX file that is structurally whole.

    Raises:
        ModelFileMissingError: no such file.
        ModelFileCorruptError: not ONNX, truncated, without a graph, or without a key of `needed`.
    """
    path = require(path)
    with path.open("rb") as file:
        metadata, has_graph = _scan(file, os.fstat(file.fileno()).st_size, path)
    if not has_graph:
        raise ModelFileCorruptError(f"{path} holds no ONNX graph")
    if absent := [key for key in needed if key not in metadata]:
        raise ModelFileCorruptError(f"{path} lacks the metadata {', '.join(absent)}")
    return metadata


def _scan(file: BinaryIO, size: int, path: Path) -> tuple[dict[str, str], bool]:
    metadata: dict[str, str] = {}
    has_graph = False
    try:
        while file.tell() < size:
            number, kind = divmod(_varint(file), 8)
            if kind == 0:
                _varint(file)
                continue
            length = _FIXED_BYTES[kind] if kind in _FIXED_BYTES else _length(file, kind)
            if number == 0 or length > size - file.tell():
                raise ModelFileCorruptError(f"{path} is truncated or not ONNX")
            if number == _METADATA and kind == 2:
                key, value = _entry(file.read(length))
                metadata[key] = value
            else:
                has_graph |= number == _GRAPH and length > 0
                file.seek(length, os.SEEK_CUR)
    except (EOFError, UnicodeDecodeError) as error:
        raise ModelFileCorruptError(f"{path} is truncated or not ONNX") from error
    return metadata, has_graph


def _length(file: BinaryIO, kind: int) -> int:
    if kind != 2:
        raise EOFError  # groups do not occur in ONNX
    return _varint(file)


def _varint(file: BinaryIO) -> int:
    value = 0
    for shift in range(0, 70, 7):
        byte = file.read(1)
        if not byte:
            raise EOFError
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
    raise EOFError


def _entry(data: bytes) -> tuple[str, str]:
    """Key and value: two length-delimited fields, 1 and 2."""
    fields = {1: "", 2: ""}
    position = 0
    while position < len(data):
        number = data[position] >> 3
        length, position = _varint_in(data, position + 1)
        fields[number] = data[position : position + length].decode()
        position += length
    return fields[1], fields[2]


def _varint_in(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(data):
        byte = data[position]
        value |= (byte & 0x7F) << shift
        position += 1
        shift += 7
        if byte < 0x80:
            return value, position
    raise EOFError
