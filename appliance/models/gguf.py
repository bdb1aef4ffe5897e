"""The head of a GGUF file: is it whole, and what does it say of itself.

llama.cpp aborts the process on some damaged files, so this looks first. Source: ggml
`docs/gguf.md`, versions 2 and 3.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from appliance.models.errors import ModelCorruptError

_SCALARS = {
    0: "<B",
    1: "<b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "<?",
    10: "<Q",
    11: "<q",
    12: "<d",
}
_STRING, _ARRAY = 8, 9
_LONGEST_STRING = 1 << 24
_MOST_ENTRIES = 1 << 20

Value = int | float | bool | str | None


@dataclass(frozen=True)
class GgufHeader:
    """`metadata` holds scalars and strings; arrays are None. `data_offset` in bytes."""

    metadata: dict[str, Value]
    tensors: int
    data_offset: int

    def number(self, suffix: str) -> int:
        """An integer of the model's architecture, such as `context_length`; 0 where unknown."""
        value = self.metadata.get(f"{self.metadata.get('general.architecture')}.{suffix}")
        return value if isinstance(value, int) else 0

    @property
    def has_chat_template(self) -> bool:
        return isinstance(self.metadata.get("tokenizer.chat_template"), str)


def read_header(path: Path) -> GgufHeader:
    """Read everything before the tensors' data.

    Raises:
        ModelCorruptError: no GGUF, another version, or cut off before the last tensor begins.
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        try:
            return _read(stream, path)
        except (struct.error, UnicodeDecodeError, ValueError) as error:
            raise ModelCorruptError(f"{path} is damaged or cut off: {error}") from error


def _read(stream: BinaryIO, path: Path) -> GgufHeader:
    if stream.read(4) != b"GGUF":
        raise ModelCorruptError(f"{path} is no GGUF file")
    version = _scalar(stream, "<I")
    if version not in (2, 3):
        raise ModelCorruptError(f"{path} is GGUF version {version}; 2 and 3 are known")
    tensors, entries = int(_scalar(stream, "<Q")), int(_scalar(stream, "<Q"))
    if max(tensors, entries) > _MOST_ENTRIES:
        raise ValueError(f"{tensors} tensors and {entries} entries")
    metadata: dict[str, Value] = {}
    for _ in range(entries):
        key = _string(stream)
        metadata[key] = _value(stream, int(_scalar(stream, "<I")))
    last = max((_tensor_offset(stream) for _ in range(tensors)), default=0)
    alignment = metadata.get("general.alignment")
    step = alignment if isinstance(alignment, int) and alignment > 0 else 32
    data = -(-stream.tell() // step) * step
    if path.stat().st_size <= data + last:
        raise ValueError("it ends before its last tensor")
    return GgufHeader(metadata, tensors, data)


def _scalar(stream: BinaryIO, code: str) -> int | float | bool:
    value: int | float | bool = struct.unpack(code, stream.read(struct.calcsize(code)))[0]
    return value


def _string(stream: BinaryIO) -> str:
    length = int(_scalar(stream, "<Q"))
    if length > _LONGEST_STRING:
        raise ValueError(f"a string of {length} bytes")
    raw = stream.read(length)
    if len(raw) != length:
        raise ValueError("it ends inside a string")
    return raw.decode("utf-8", errors="replace")


def _value(stream: BinaryIO, kind: int) -> Value:
    if kind in _SCALARS:
        return _scalar(stream, _SCALARS[kind])
    if kind == _STRING:
        return _string(stream)
    if kind == _ARRAY:
        _skip_array(stream)
        return None
    raise ValueError(f"value type {kind}")


def _skip_array(stream: BinaryIO) -> None:
    kind, count = int(_scalar(stream, "<I")), int(_scalar(stream, "<Q"))
    if kind in _SCALARS:
        stream.seek(count * struct.calcsize(_SCALARS[kind]), 1)
        return
    if count > _LONGEST_STRING:
        raise ValueError(f"an array of {count}")
    for _ in range(count):
        _value(stream, kind)


def _tensor_offset(stream: BinaryIO) -> int:
    _string(stream)
    dimensions = int(_scalar(stream, "<I"))
    if dimensions > 8:
        raise ValueError(f"a tensor of {dimensions} dimensions")
    stream.seek(8 * dimensions + 4, 1)
    return int(_scalar(stream, "<Q"))
