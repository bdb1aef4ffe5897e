"""Voice models of a few hundred bytes that sherpa-onnx loads and runs: each token is a tone.

Their inputs, outputs and metadata are those of the real ones; only what they compute is not.
"""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import TensorProto, helper

FRAME = 256
TOKENS = "sil 0\neos 1\nn 2\ni3 3\nh 4\nao3 5\n, 6\n. 7\nsp 8\n"
LEXICON = "你 n i3\n好 h ao3\n你好 n i3 h ao3\n"
VITS = {
    "model_type": "vits",
    "comment": "icefall",
    "language": "Chinese",
    "n_speakers": "174",
    "sample_rate": "8000",
    "add_blank": "0",
    "has_espeak": "0",
}
MATCHA = {
    "model_type": "matcha-tts",
    "language": "Chinese",
    "n_speakers": "1",
    "sample_rate": "22050",
    "pad_id": "0",
    "use_eos_bos": "0",
}
VOCODER = {"model_type": "hifigan"}

_INT, _FLOAT = TensorProto.INT64, TensorProto.FLOAT


def vits(directory: Path, metadata: dict[str, str] = VITS) -> None:
    """A VITS with lexicon and tokens."""
    nodes = [
        *_values(),
        _constant("axis", _INT, [2]),
        helper.make_node("Unsqueeze", ["value", "axis"], ["column"]),
        _constant("times", _INT, [1, 1, FRAME]),
        helper.make_node("Tile", ["column", "times"], ["frames"]),
        _constant("flat", _INT, [1, 1, -1]),
        helper.make_node("Reshape", ["frames", "flat"], ["y"]),
    ]
    inputs = [
        _value("x", _INT, [1, "L"]),
        _value("x_length", _INT, [1]),
        *(_value(name, _FLOAT, [1]) for name in ("noise_scale", "length_scale", "noise_scale_w")),
        _value("sid", _INT, [1]),
    ]
    _save(directory / "model.onnx", nodes, inputs, _value("y", _FLOAT, [1, 1, "N"]), metadata)
    _texts(directory)


def matcha(
    directory: Path, metadata: dict[str, str] = MATCHA, vocoder: dict[str, str] = VOCODER
) -> None:
    """A Matcha with vocoder, lexicon and tokens."""
    nodes = [
        *_values(),
        _constant("axis", _INT, [1]),
        helper.make_node("Unsqueeze", ["value", "axis"], ["row"]),
        _constant("bands", _INT, [1, 80, 1]),
        helper.make_node("Tile", ["row", "bands"], ["mel"]),
    ]
    inputs = [
        _value("x", _INT, [1, "L"]),
        _value("x_length", _INT, [1]),
        *(_value(name, _FLOAT, [1]) for name in ("noise_scale", "length_scale")),
    ]
    mel = _value("mel", _FLOAT, [1, 80, "T"])
    _save(directory / "model-steps-3.onnx", nodes, inputs, mel, metadata)
    nodes = [
        helper.make_node("ReduceMean", ["mel"], ["mean"], axes=[1], keepdims=1),
        helper.make_node("Transpose", ["mean"], ["column"], perm=[0, 2, 1]),
        _constant("times", _INT, [1, 1, FRAME]),
        helper.make_node("Tile", ["column", "times"], ["frames"]),
        _constant("flat", _INT, [1, 1, -1]),
        helper.make_node("Reshape", ["frames", "flat"], ["audio"]),
    ]
    audio = _value("audio", _FLOAT, [1, 1, "N"])
    _save(directory / "vocos-22khz-univ.onnx", nodes, [mel], audio, vocoder)
    _texts(directory)


def _values() -> list[onnx.NodeProto]:
    return [
        helper.make_node("Cast", ["x"], ["number"], to=_FLOAT),
        _constant("scale", _FLOAT, [0.01]),
        helper.make_node("Mul", ["number", "scale"], ["value"]),
    ]


def _texts(directory: Path) -> None:
    (directory / "tokens.txt").write_text(TOKENS, encoding="utf-8")
    (directory / "lexicon.txt").write_text(LEXICON, encoding="utf-8")


def _value(name: str, kind: int, shape: list[int | str]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def _constant(name: str, kind: int, values: list[float]) -> onnx.NodeProto:
    tensor = helper.make_tensor(name, kind, [len(values)], values)
    return helper.make_node("Constant", [], [name], value=tensor)


def _save(
    path: Path,
    nodes: list[onnx.NodeProto],
    inputs: list[onnx.ValueInfoProto],
    output: onnx.ValueInfoProto,
    metadata: dict[str, str],
) -> None:
    graph = helper.make_graph(nodes, "tiny", inputs, [output])
    opset = [helper.make_opsetid("", 13)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    helper.set_model_props(model, metadata)
    onnx.save(model, path)
