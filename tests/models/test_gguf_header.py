"""Looking at a GGUF file before llama.cpp does."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_gguf import gguf

from appliance.models.errors import ModelCorruptError
from appliance.models.gguf import read_header


def test_a_whole_file_tells_its_architecture_and_template(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(gguf(template="{{ messages }}"))
    header = read_header(path)
    assert header.metadata["general.name"] == "Tiny"
    assert header.number("context_length") == 2048
    assert header.number("no_such_number") == 0
    assert header.has_chat_template
    assert header.tensors == 2


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"", "no GGUF"),
        (b"GGML" + bytes(20), "no GGUF"),
        (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "version 1"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 0), "damaged"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1 << 40), "damaged"),
    ],
)
def test_what_is_no_gguf_is_refused(tmp_path: Path, data: bytes, named: str) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(data)
    with pytest.raises(ModelCorruptError, match=named):
        read_header(path)


@given(st.integers(0, len(gguf()) - 40))
def test_a_file_cut_before_its_last_tensor_is_refused(
    tmp_path_factory: pytest.TempPathFactory, length: int
) -> None:
    path = tmp_path_factory.mktemp("cut") / "m.gguf"
    path.write_bytes(gguf()[:length])
    with pytest.raises(ModelCorruptError):
        read_header(path)


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes
) -> None:
    path = tmp_path_factory.mktemp("noise") / "m.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 2, 2) + noise)
    with pytest.raises(ModelCorruptError):
        read_header(path)
