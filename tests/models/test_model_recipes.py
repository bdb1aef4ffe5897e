"""Recipes: the rewritten graphs compute what the published ones did; damaged input is refused."""

from __future__ import annotations

import base64
import io
import struct
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance.models.catalogue import File, Part, TtsModel
from appliance.models.catalogue_file import read_catalogue
from appliance.models.errors import ConversionError
from appliance.models.recipes.table import build
from tests.tiny.models import make_model

onnx = pytest.importorskip("onnx", reason="conversion needs the extra [fetch]")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from onnx.reference import ReferenceEvaluator  # noqa: E402
from onnx.reference.op_run import OpRun  # noqa: E402

from appliance.models.recipes import kokoro, whisper  # noqa: E402
from appliance.models.recipes.onnx_graph import GraphEditor  # noqa: E402

RNG = np.random.default_rng(7)


class MatMulIntegerToFloat(OpRun):
    """ONNX Runtime's contrib operator, by its documentation."""

    op_domain = "com.microsoft"

    def _run(self, a, b, a_scale, b_scale, a_zero, b_zero, bias=0):  # type: ignore[no-untyped-def]
        product = (a.astype(np.int32) - a_zero) @ (b.astype(np.int32) - b_zero)
        return ((product * (a_scale * b_scale) + bias).astype(np.float32),)


def model_of(nodes, inputs, outputs, constants):  # type: ignore[no-untyped-def]
    def info(name, shape):  # type: ignore[no-untyped-def]
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    graph = helper.make_graph(
        nodes,
        "g",
        [info(name, shape) for name, shape in inputs.items()],
        [info(name, None) for name in outputs],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets)


def evaluate(model, **feeds):  # type: ignore[no-untyped-def]
    found: Any = ReferenceEvaluator(model, new_ops=[MatMulIntegerToFloat]).run(None, feeds)
    return found[0]


def integer_convolution(taps: int, dilation: int, stride: int, channels: int, bias: bool):  # type: ignore[no-untyped-def]
    """The chain as onnxruntime's dynamic quantization writes it."""
    pad = (taps - 1) * dilation // 2
    nodes = [
        helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]),
        helper.make_node(
            "ConvInteger",
            ["q", "w", "z", "wz"],
            ["acc"],
            name="conv",
            kernel_shape=[taps],
            dilations=[dilation],
            strides=[stride],
            pads=[pad, pad],
        ),
        helper.make_node("Mul", ["s", "ws"], ["scale"]),
    ]
    summed = "acc"
    if bias:
        nodes += [
            helper.make_node("Div", ["b", "scale"], ["b1"]),
            helper.make_node("Round", ["b1"], ["b2"]),
            helper.make_node("Cast", ["b2"], ["b3"], to=TensorProto.INT32),
            helper.make_node("Reshape", ["b3", "shape"], ["b4"]),
            helper.make_node("Add", ["acc", "b4"], ["sum"]),
        ]
        summed = "sum"
    nodes += [
        helper.make_node("Cast", [summed], ["f"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["f", "scale"], ["y"]),
    ]
    constants = {
        "w": RNG.integers(0, 256, (channels + 1, channels, taps)).astype(np.uint8),
        "wz": np.array(121, np.uint8),
        "ws": np.array(0.013, np.float32),
        "b": RNG.standard_normal(channels + 1).astype(np.float32),
        "shape": np.array([1, -1, 1], np.int64),
    }
    return model_of(nodes, {"x": [1, channels, None]}, ["y"], constants)


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize(
    ("taps", "dilation", "stride", "channels"),
    [(1, 1, 1, 9), (3, 1, 1, 9), (5, 3, 1, 8), (3, 1, 2, 9), (3, 1, 1, 2)],
)
def test_integer_convolutions_give_the_same_as_a_matrix_product(
    taps: int, dilation: int, stride: int, channels: int, bias: bool
) -> None:
    model = integer_convolution(taps, dilation, stride, channels, bias)
    x = RNG.standard_normal((1, channels, 23)).astype(np.float32)
    before = evaluate(model, x=x)
    editor = GraphEditor(model)
    kokoro._Convolutions(editor).rewrite()
    after = evaluate(editor.finish(), x=x)
    assert "ConvInteger" not in {node.op_type for node in model.graph.node}
    # Float convolutions see unquantized activations: as far off as one quantization step.
    small = stride != 1 or channels < 8
    assert after.shape == before.shape
    np.testing.assert_allclose(after, before, atol=0.35 if small else 2e-2)


@pytest.mark.parametrize("affine", [False, True])
def test_the_style_norm_is_one_instance_normalization(affine: bool) -> None:
    nodes = [
        helper.make_node("ReduceMean", ["x", "axes"], ["mean"]),
        helper.make_node("Sub", ["x", "mean"], ["centred"]),
        helper.make_node("Mul", ["centred", "centred"], ["square"]),
        helper.make_node("ReduceMean", ["square", "axes"], ["variance"]),
        helper.make_node("Add", ["variance", "epsilon"], ["safe"]),
        helper.make_node("Sqrt", ["safe"], ["deviation"]),
        helper.make_node("Div", ["centred", "deviation"], ["normal"]),
    ]
    normal = "normal"
    if affine:
        nodes += [
            helper.make_node("Mul", ["normal", "w"], ["weighted"]),
            helper.make_node("Add", ["weighted", "b"], ["shifted"]),
        ]
        normal = "shifted"
    nodes += [
        helper.make_node("Mul", ["gamma", normal], ["scaled"]),
        helper.make_node("Add", ["scaled", "beta"], ["y"], name="last"),
    ]
    channel = (1, 6, 1)
    constants = {
        "axes": np.array([2], np.int64),
        "epsilon": np.array(1e-5, np.float32),
        "w": RNG.standard_normal(channel).astype(np.float32),
        "b": RNG.standard_normal(channel).astype(np.float32),
    }
    model = model_of(
        nodes, {"x": [1, 6, None], "gamma": [1, 6, 1], "beta": [1, 6, 1]}, ["y"], constants
    )
    feeds = {
        "x": RNG.standard_normal((1, 6, 31)).astype(np.float32) * 3 + 1,
        "gamma": RNG.standard_normal(channel).astype(np.float32),
        "beta": RNG.standard_normal(channel).astype(np.float32),
    }
    before = evaluate(model, **feeds)
    editor = GraphEditor(model)
    kokoro.fuse_instance_norms(editor)
    after = evaluate(editor.finish(), **feeds)
    kinds = [node.op_type for node in model.graph.node]
    assert "InstanceNormalization" in kinds and "ReduceMean" not in kinds
    np.testing.assert_allclose(after, before, atol=1e-5)


def test_the_stft_is_one_strided_convolution() -> None:
    nodes = [helper.make_node("STFT", ["x", "hop", "window", "length"], ["y"])]
    constants = {
        "hop": np.array(5, np.int64),
        "window": np.hanning(20).astype(np.float32),
        "length": np.array(20, np.int64),
    }
    model = model_of(nodes, {"x": [1, None]}, ["y"], constants)
    x = RNG.standard_normal((1, 200)).astype(np.float32)
    before = evaluate(model, x=x[..., None])
    editor = GraphEditor(model)
    kokoro.stft_to_conv(editor)
    after = evaluate(editor.finish(), x=x)
    assert after.shape == before.shape
    np.testing.assert_allclose(after, before, atol=1e-4)


def test_nodes_nothing_needs_are_dropped_and_the_order_is_valid() -> None:
    nodes = [
        helper.make_node("Mul", ["x", "c"], ["unused"]),
        helper.make_node("Add", ["x", "c"], ["y"]),
    ]
    constants = {"c": np.array(2, np.float32), "spare": np.array(3, np.float32)}
    model = model_of(nodes, {"x": [3]}, ["y"], constants)
    editor = GraphEditor(model)
    (add,) = editor.of_type("Add")
    editor.retire(add)
    editor.emit("Sub", [editor.emit("Add", ["x", "x"], "twice"), "c"], "y")
    editor.finish()
    assert [node.op_type for node in model.graph.node] == ["Add", "Sub"]
    assert [tensor.name for tensor in model.graph.initializer] == ["c"]
    assert list(evaluate(model, x=np.array([1, 2, 3], np.float32))) == [0, 2, 4]


def test_shipped_voices_have_the_shape_the_engine_reads() -> None:
    model = read_catalogue().of_set("default", TtsModel)
    assert model is not None
    for voice in model.facts.voices:
        values = np.frombuffer(kokoro.voice_bytes(voice.name), "<f4")
        assert values.size == 510 * 1 * 256
        assert np.isfinite(values).all() and 0.01 < values.std() < 1


def test_a_voice_that_does_not_ship_is_named() -> None:
    with pytest.raises(ConversionError, match="zf_nobody"):
        kokoro.voice_bytes("zf_nobody")


def test_another_graph_than_kokoros_is_refused(tmp_path: Path) -> None:
    model = read_catalogue().of_set("default", TtsModel)
    assert model is not None
    other = model_of([helper.make_node("Abs", ["x"], ["y"])], {"x": [1]}, ["y"], {})
    onnx.save(other, str(tmp_path / "kokoro.onnx"))
    with pytest.raises(ConversionError, match="not the published Kokoro graph"):
        build(model, tmp_path, tmp_path)


# ---------------------------------------------------------------- CTranslate2


def ctranslate2_file(variables: dict[str, np.ndarray], spec: str = "WhisperSpec") -> bytes:
    def text(value: str) -> bytes:
        return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"

    kinds = {"float32": 0, "int8": 1, "float16": 4}
    out = struct.pack("<I", 6) + text(spec) + struct.pack("<II", 3, len(variables))
    for name, value in variables.items():
        out += text(name) + struct.pack("<B", value.ndim)
        out += b"".join(struct.pack("<I", size) for size in value.shape)
        out += struct.pack("<BI", kinds[value.dtype.name], value.nbytes) + value.tobytes()
    return out + struct.pack("<I", 1) + text("alias") + text(next(iter(variables)))


def test_variables_and_aliases_of_a_ctranslate2_file_are_read(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    weight = RNG.standard_normal((3, 4)).astype(np.float16)
    path.write_bytes(ctranslate2_file({"w": weight, "n": np.array(8, np.int8)}))
    variables = whisper.read_ctranslate2(path)
    np.testing.assert_array_equal(variables["w"], weight)
    np.testing.assert_array_equal(variables["alias"], weight)
    assert whisper.Weights(variables).integer("n") == 8


def test_int8_rows_are_scaled_back(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    rows = np.array([[10, -20], [30, 40]], np.int8)
    scale = np.array([10, 20], np.float32)
    path.write_bytes(ctranslate2_file({"w": rows, "w_scale": scale}))
    weights = whisper.Weights(whisper.read_ctranslate2(path))
    np.testing.assert_allclose(weights["w"], [[1, -2], [1.5, 2]])


@pytest.mark.parametrize("cut", [0, 3, 30, -1])
def test_a_truncated_or_foreign_file_is_a_clear_error(tmp_path: Path, cut: int) -> None:
    data = ctranslate2_file({"w": np.zeros((4, 4), np.float32)})
    (tmp_path / "model.bin").write_bytes(data[:cut])
    (tmp_path / "vocabulary.txt").write_text("a\n")
    (tmp_path / "config.json").write_text("{}")
    model = make_model((), b"", recipe="whisper", name="w")
    with pytest.raises(ConversionError, match="not a CTranslate2 Whisper"):
        build(model, tmp_path, tmp_path)


def test_another_architecture_is_named(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(ctranslate2_file({"w": np.zeros(1, np.float32)}, "TransformerSpec"))
    with pytest.raises(ValueError, match="TransformerSpec"):
        whisper.read_ctranslate2(path)


def test_tokens_are_written_as_the_bytes_they_stand_for() -> None:
    text = whisper.tokens_text(["a", "Ġthe", "", "ä½ł"])
    lines = dict(line.split(" ")[::-1] for line in text.splitlines())
    assert {key: base64.b64decode(value) for key, value in lines.items()} == {
        "0": b"a",
        "1": b" the",
        "3": "你".encode(),
    }


# ---------------------------------------------------------------- archives


def archive_model() -> object:
    return make_model(
        (Part(source="https://x.example/a.tar.bz2", into="a.tar.bz2"),),
        b"",
        recipe="archive",
        files=(
            File(path="model.onnx", key="model", member="dir/model.int8.onnx"),
            File(path="tokens.txt", key="tokens", member="dir/tokens.txt"),
        ),
    )


def tar(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:bz2") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def test_only_the_named_members_leave_an_archive(tmp_path: Path) -> None:
    work, out = tmp_path / "work", tmp_path / "out"
    work.mkdir()
    out.mkdir()
    members = {"dir/model.int8.onnx": b"\x08m", "dir/tokens.txt": b"t", "../evil": b"no"}
    (work / "a.tar.bz2").write_bytes(tar({"dir/big.onnx": bytes(100), **members}))
    build(archive_model(), work, out)  # type: ignore[arg-type]
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        "model.onnx": b"\x08m",
        "tokens.txt": b"t",
    }
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (tar({"dir/tokens.txt": b"t"}), "model.int8.onnx"),
        (tar({"dir/tokens.txt": bytes(RNG.bytes(5000))})[:2000], "damaged"),
        (b"<html>", "damaged"),
    ],
)
def test_an_incomplete_or_damaged_archive_is_refused(
    tmp_path: Path, data: bytes, named: str
) -> None:
    (tmp_path / "a.tar.bz2").write_bytes(data)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(ConversionError, match=named):
        build(archive_model(), tmp_path, out)  # type: ignore[arg-type]
