"""What is known of an ONNX file before a native engine sees it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper

from appliance.engines.errors import ModelFileCorruptError, ModelFileMissingError
from appliance.engines.model_files import onnx_metadata, require


def model_bytes(**metadata: str) -> bytes:
    node = helper.make_node("Identity", ["x"], ["y"])
    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in "xy"]
    model = helper.make_model(helper.make_graph([node], "g", value[:1], value[1:]))
    helper.set_model_props(model, metadata)
    return model.SerializeToString()


def test_metadata_is_read_as_onnx_itself_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(model_bytes(model_type="kokoro", names="é,中" * 100, empty=""))
    expected = {entry.key: entry.value for entry in onnx.load(path).metadata_props}
    assert onnx_metadata(path, ("model_type",)) == expected


def test_missing_metadata_is_named(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(model_bytes(version="2"))
    with pytest.raises(ModelFileCorruptError, match="sample_rate"):
        onnx_metadata(path, ("version", "sample_rate"))


def test_every_truncation_is_noticed_or_only_loses_metadata(tmp_path: Path) -> None:
    whole = model_bytes(needed="yes")
    path = tmp_path / "m.onnx"
    for length in range(1, len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelFileCorruptError):
            onnx_metadata(path, ("needed",))


def test_missing_empty_and_altered_files(tmp_path: Path) -> None:
    path = tmp_path / "f"
    with pytest.raises(ModelFileMissingError):
        require(path)
    with pytest.raises(ModelFileMissingError):
        require(tmp_path)
    path.touch()
    with pytest.raises(ModelFileCorruptError, match="empty"):
        require(path)
    path.write_bytes(b"abc")
    assert require(path, hashlib.sha256(b"abc").hexdigest()) == path
    with pytest.raises(ModelFileCorruptError, match="damaged"):
        require(path, hashlib.sha256(b"abd").hexdigest())


@settings(max_examples=200)
@given(st.binary(min_size=1, max_size=200))
def test_arbitrary_bytes_never_pass_for_a_model_with_metadata(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("onnx") / "m.onnx"
    path.write_bytes(data)
    with pytest.raises(ModelFileCorruptError):
        onnx_metadata(path, ("model_type", "sample_rate"))
