"""The header of a GGUF file, read with bounds, before llama.cpp is let near it.

A truncated, foreign or vocabulary-only file is refused here with a reason a person can act on;
llama.cpp would fail late, or abort the process. Source: docs/gguf.md of the ggml project (GGUF
versions 2 and 3, little-endian); block sizes from ggml-common.h.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from appliance.models.errors import ModelCorruptError

MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MAX_ENTRIES = 100_000
_MAX_TENSORS = 100_000
_MAX_STRING = 16 << 20
_MAX_ARRAY = 4 << 20
_MAX_DIMENSIONS = 4
_VOCABULARY = "tokenizer."
_SAMPLES = 64
_SAMPLE_BYTES = 4096

Value = bool | int | float | str | list["Value"]

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

# ggml type -> (elements per block, bytes per block)
_BLOCKS = {
    0: (1, 4),  # F32
    1: (1, 2),  # F16
    2: (32, 18),  # Q4_0
    3: (32, 20),  # Q4_1
    6: (32, 22),  # Q5_0
    7: (32, 24),  # Q5_1
    8: (32, 34),  # Q8_0
    9: (32, 36),  # Q8_1
    10: (256, 84),  # Q2_K
    11: (256, 110),  # Q3_K
    12: (256, 144),  # Q4_K
    13: (256, 176),  # Q5_K
    14: (256, 210),  # Q6_K
    15: (256, 292),  # Q8_K
    16: (256, 66),  # IQ2_XXS
    17: (256, 74),  # IQ2_XS
    18: (256, 98),  # IQ3_XXS
    19: (256, 50),  # IQ1_S
    20: (32, 18),  # IQ4_NL
    21: (256, 110),  # IQ3_S
    22: (256, 82),  # IQ2_S
    23: (256, 136),  # IQ4_XS
    24: (1, 1),  # I8
    25: (1, 2),  # I16
    26: (1, 4),  # I32
    27: (1, 8),  # I64
    28: (1, 8),  # F64
    29: (256, 56),  # IQ1_M
    30: (1, 2),  # BF16
    34: (256, 54),  # TQ1_0
    35: (256, 66),  # TQ2_0
    39: (32, 17),  # MXFP4
    40: (64, 36),  # NVFP4
    41: (128, 18),  # Q1_0
    42: (64, 18),  # Q2_0
}

KNOWN_KINDS = frozenset(_BLOCKS)
"""The ggml types whose size this program knows, which are those that llama.cpp runs."""


class GgufError(ModelCorruptError, ValueError):
    """The file is not a GGUF model that can be run. The message names it and says why."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor. `size` in bytes (0 for a type this program does not know)."""

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Header:
    """What a GGUF file says of itself. `fingerprint` names its contents, in hex."""

    metadata: dict[str, Value]
    tensors: tuple[Tensor, ...]
    fingerprint: str

    @property
    def architecture(self) -> str:
        return self.text("general.architecture")

    @property
    def has_chat_template(self) -> bool:
        return bool(self.text("tokenizer.chat_template"))

    @property
    def weight_bytes(self) -> int:
        return sum(tensor.size for tensor in self.tensors)

    def text(self, key: str) -> str:
        value = self.metadata.get(key, "")
        return value if isinstance(value, str) else ""

    def number(self, key: str, default: int = 0) -> int:
        """An integer of the model's own section, such as `block_count`.

        Some models give one per layer; the largest counts.
        """
        value = self.metadata.get(f"{self.architecture}.{key}", default)
        if isinstance(value, list):
            return max((item for item in value if isinstance(item, int)), default=default)
        return value if isinstance(value, int) else default

    def array_length(self, key: str) -> int:
        value = self.metadata.get(key)
        return len(value) if isinstance(value, list) else 0


class _Reader:
    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size

    def take(self, count: int) -> bytes:
        data = self._file.read(count)
        if len(data) != count:
            raise GgufError(f"the file ends inside its header ({self._size} bytes)")
        return data

    def scalar(self, code: str) -> bool | int | float:
        value: bool | int | float = struct.unpack(code, self.take(struct.calcsize(code)))[0]
        return value

    def count(self, code: str, limit: int, what: str) -> int:
        value = int(self.scalar(code))
        if value > limit:
            raise GgufError(f"the header claims {value} {what}")
        return value

    def string(self) -> str:
        return self.take(self.count("<Q", _MAX_STRING, "bytes of text")).decode("utf-8", "replace")

    def value(self, kind: int, depth: int = 0) -> Value:
        if kind == _STRING:
            return self.string()
        if kind == _ARRAY and depth < 2:
            inner = int(self.scalar("<I"))
            count = self.count("<Q", _MAX_ARRAY, "array elements")
            if inner in _SCALARS:
                return self._scalars(_SCALARS[inner], count)
            return [self.value(inner, depth + 1) for _ in range(count)]
        if kind in _SCALARS:
            return self.scalar(_SCALARS[kind])
        raise GgufError(f"the header holds a value of unknown type {kind}")

    def _scalars(self, code: str, count: int) -> list[Value]:
        data = self.take(struct.calcsize(code) * count)
        return [item for (item,) in struct.iter_unpack(code, data)]


def read_header(path: Path) -> Header:
    """Read and check the header, and that the file is as long as its tensors need.

    Raises:
        GgufError: empty, foreign, truncated, damaged, or a file with no weights.
        OSError: the file cannot be read.
    """
    try:
        return _read_header(path)
    except GgufError as error:
        raise GgufError(f"{path.name}: {error}") from None


def read_settings(path: Path) -> dict[str, Value]:
    """The metadata that stand before the vocabulary: what the model is, in a few kilobytes.

    Raises:
        GgufError: foreign or damaged.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        reader = _Reader(file, path.stat().st_size)
        if file.read(4) != MAGIC:
            raise GgufError(f"{path.name}: not a GGUF file")
        _, entry_count = _read_counts(reader)
        found: dict[str, Value] = {}
        for _ in range(entry_count):
            key = reader.string()
            if key.startswith(_VOCABULARY) and len(found) > 1:
                break
            found[key] = reader.value(int(reader.scalar("<I")))
        return found


def _read_header(path: Path) -> Header:
    size = path.stat().st_size
    if size == 0:
        raise GgufError("the file is empty")
    with path.open("rb") as file:
        reader = _Reader(file, size)
        if size < 4 or file.read(4) != MAGIC:
            raise GgufError("not a GGUF file")
        metadata, tensors = _read_body(reader)
        data_start = _aligned(file.tell(), metadata)
        _check_extent(tensors, data_start, size)
        return Header(metadata, tensors, _fingerprint(file, data_start, size))


def _read_body(reader: _Reader) -> tuple[dict[str, Value], tuple[Tensor, ...]]:
    tensor_count, entry_count = _read_counts(reader)
    metadata: dict[str, Value] = {}
    for _ in range(entry_count):
        key = reader.string()
        metadata[key] = reader.value(int(reader.scalar("<I")))
    tensors = tuple(_read_tensor(reader) for _ in range(tensor_count))
    if not tensors:
        raise GgufError("the file holds a vocabulary but no weights")
    return metadata, tensors


def _read_counts(reader: _Reader) -> tuple[int, int]:
    """How many tensors and metadata entries there are."""
    version = int(reader.scalar("<I"))
    if version not in _VERSIONS:
        raise GgufError(f"GGUF version {version} is not supported")
    tensor_count = reader.count("<Q", _MAX_TENSORS, "tensors")
    return tensor_count, reader.count("<Q", _MAX_ENTRIES, "metadata entries")


def _read_tensor(reader: _Reader) -> Tensor:
    name = reader.string()
    dimensions = reader.count("<I", _MAX_DIMENSIONS, "dimensions of a tensor")
    shape = tuple(int(reader.scalar("<Q")) for _ in range(dimensions))
    kind = int(reader.scalar("<I"))
    offset = int(reader.scalar("<Q"))
    elements = 1
    for length in shape:
        elements *= length
    per_block, block_bytes = _BLOCKS.get(kind, (1, 0))
    return Tensor(name, shape, kind, offset, elements // per_block * block_bytes)


def _aligned(position: int, metadata: dict[str, Value]) -> int:
    alignment = metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or alignment <= 0 or alignment & (alignment - 1):
        raise GgufError(f"alignment {alignment!r} is not a power of two")
    return -(-position // alignment) * alignment


def _check_extent(tensors: tuple[Tensor, ...], data_start: int, size: int) -> None:
    needed = max(data_start + tensor.offset + tensor.size for tensor in tensors)
    if size < needed:
        raise GgufError(f"truncated: {size} bytes of {needed}")


def _fingerprint(file: BinaryIO, data_start: int, size: int) -> str:
    """SHA-256 over the size, the header and samples spread evenly over the weights.

    Tells models apart (a fine-tune moves every tensor) without reading a gigabyte; the model
    store is what checks files byte by byte.
    """
    digest = hashlib.sha256(size.to_bytes(8, "little"))
    file.seek(0)
    digest.update(file.read(data_start))
    for offset in _sample_offsets(data_start, size):
        file.seek(offset)
        digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()


def _sample_offsets(start: int, size: int) -> Iterator[int]:
    step = max(_SAMPLE_BYTES, (size - start) // _SAMPLES)
    yield from range(start, size, step)
