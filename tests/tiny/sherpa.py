"""Models of a few hundred bytes that sherpa-onnx takes for real ones: whatever is said is 好."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

TOKENS = ("<blk>", "<s>", "</s>", "<unk>", "好", "你", "鹿")
VOCABULARY = len(TOKENS)
SAID = TOKENS.index("好")
_WIDTH = 8

_FLOAT, _INT32, _INT64 = TensorProto.FLOAT, TensorProto.INT32, TensorProto.INT64
_LFR = {
    "vocab_size": str(VOCABULARY),
    "lfr_window_size": "7",
    "lfr_window_shift": "6",
    "neg_mean": ",".join(["0"] * 560),
    "inv_stddev": ",".join(["1"] * 560),
}
_SENSE_VOICE = {
    "normalize_samples": "0",
    "with_itn": "14",
    "without_itn": "15",
    **{f"lang_{name}": str(number) for number, name in enumerate(("auto", "zh", "en", "ja"))},
    **{"lang_yue": "7", "lang_ko": "12"},
}


def write_tokens(directory: Path) -> None:
    lines = [f"{token} {number}" for number, token in enumerate(TOKENS)]
    (directory / "tokens.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def zipformer_ctc(directory: Path) -> None:
    """Every fourth frame says 好; CTC makes one of them all."""
    write_tokens(directory)
    nodes = [
        *_subsampled("x", "frames", 4),
        _node("MatMul", ["frames", "nothing"], "zeros"),
        _node("Add", ["zeros", "said"], "log_probs"),
        _node("Div", ["x_lens", "four"], "log_probs_len"),
    ]
    _save(
        directory / "model.int8.onnx",
        nodes,
        inputs=[("x", _FLOAT, ["N", "T", 80]), ("x_lens", _INT64, ["N"])],
        outputs=[("log_probs", _FLOAT, ["N", "t", VOCABULARY]), ("log_probs_len", _INT64, ["N"])],
        nothing=np.zeros((80, VOCABULARY), np.float32),
        said=_said((1, 1, VOCABULARY)),
        four=np.array(4, np.int64),
    )


def fire_red_ctc(directory: Path) -> None:
    """As `zipformer_ctc`, with what FireRedASR says of itself."""
    zipformer_ctc(directory)
    path = directory / "model.int8.onnx"
    model = onnx.load(path)
    about = {
        "model_type": "fire-red-asr-2-ctc",
        "cmvn_mean": ",".join(["0"] * 80),
        "cmvn_inv_stddev": ",".join(["1"] * 80),
    }
    helper.set_model_props(model, about)
    path.write_bytes(model.SerializeToString())


def paraformer(directory: Path) -> None:
    """你好 and the end, whatever comes."""
    write_tokens(directory)
    logits = np.zeros((1, 3, VOCABULARY), np.float32)
    for place, token in enumerate(("你", "好", "</s>")):
        logits[0, place, TOKENS.index(token)] = 9
    _save(
        directory / "model.int8.onnx",
        [_node("Identity", ["written"], "logits"), _node("Identity", ["count"], "token_num")],
        inputs=[("speech", _FLOAT, ["N", "T", 560]), ("speech_lengths", _INT32, ["N"])],
        outputs=[("logits", _FLOAT, [1, 3, VOCABULARY]), ("token_num", _INT32, [1])],
        metadata=_LFR,
        written=logits,
        count=np.array([3], np.int32),
    )


def sense_voice(directory: Path) -> None:
    """Four tags (language, emotion, event, normalised), then 好 in every frame."""
    write_tokens(directory)
    tags = np.zeros((1, 4, VOCABULARY), np.float32)
    for place, token in enumerate(("你", "鹿", "你", "鹿")):
        tags[0, place, TOKENS.index(token)] = 9
    nodes = [
        _node("MatMul", ["x", "nothing"], "zeros"),
        _node("Add", ["zeros", "said"], "words"),
        _node("Concat", ["tags", "words"], "logits", axis=1),
    ]
    inputs = [("x", _FLOAT, ["N", "T", 560])]
    inputs += [(name, _INT32, ["N"]) for name in ("x_length", "language", "text_norm")]
    _save(
        directory / "model.int8.onnx",
        nodes,
        inputs=inputs,
        outputs=[("logits", _FLOAT, ["N", "t", VOCABULARY])],
        metadata=_LFR | _SENSE_VOICE,
        tags=tags,
        nothing=np.zeros((560, VOCABULARY), np.float32),
        said=_said((1, 1, VOCABULARY)),
    )


def transducer(directory: Path) -> None:
    """好 in every fourth frame, once for each."""
    write_tokens(directory)
    _save(
        directory / "encoder.onnx",
        [
            *_subsampled("x", "frames", 4),
            _node("MatMul", ["frames", "nothing"], "encoder_out"),
            _node("Div", ["x_lens", "four"], "encoder_out_lens"),
        ],
        inputs=[("x", _FLOAT, ["N", "T", 80]), ("x_lens", _INT64, ["N"])],
        outputs=[("encoder_out", _FLOAT, ["N", "t", _WIDTH]), ("encoder_out_lens", _INT64, ["N"])],
        nothing=np.zeros((80, _WIDTH), np.float32),
        four=np.array(4, np.int64),
    )
    _save(
        directory / "decoder.onnx",
        [
            _node("Cast", ["y"], "history", to=_FLOAT),
            _node("MatMul", ["history", "nothing"], "decoder_out"),
        ],
        inputs=[("y", _INT64, ["N", 2])],
        outputs=[("decoder_out", _FLOAT, ["N", _WIDTH])],
        metadata={"context_size": "2", "vocab_size": str(VOCABULARY)},
        nothing=np.zeros((2, _WIDTH), np.float32),
    )
    _save(
        directory / "joiner.onnx",
        [
            _node("Add", ["encoder_out", "decoder_out"], "sum"),
            _node("MatMul", ["sum", "nothing"], "zeros"),
            _node("Add", ["zeros", "said"], "logit"),
        ],
        inputs=[
            ("encoder_out", _FLOAT, ["N", _WIDTH]),
            ("decoder_out", _FLOAT, ["N", _WIDTH]),
        ],
        outputs=[("logit", _FLOAT, ["N", VOCABULARY])],
        metadata={"joiner_dim": str(_WIDTH)},
        nothing=np.zeros((_WIDTH, VOCABULARY), np.float32),
        said=_said((1, VOCABULARY)),
    )


def online_transducer(directory: Path, tokens: Sequence[str] = TOKENS) -> None:
    """A streaming one (LSTM) that says its last tokens in order, one a chunk, and then nothing."""
    lines = [f"{token} {number}" for number, token in enumerate(tokens)]
    (directory / "tokens.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    size = len(tokens)
    following = np.zeros((size, size), np.float32)
    first = tokens.index("<unk>") + 1
    following[0, first] = following[size - 1, 0] = 9
    for number in range(first, size - 1):
        following[number, number + 1] = 9
    _save(
        directory / "encoder.onnx",
        [
            _node("ReduceMean", ["x"], "frame", axes=[1], keepdims=1),
            _node("MatMul", ["frame", "nothing"], "encoder_out"),
            _node("Identity", ["h"], "next_h"),
            _node("Identity", ["c"], "next_c"),
        ],
        inputs=[
            ("x", _FLOAT, ["N", "T", 80]),
            ("h", _FLOAT, [1, "N", _WIDTH]),
            ("c", _FLOAT, [1, "N", _WIDTH]),
        ],
        outputs=[
            ("encoder_out", _FLOAT, ["N", 1, size]),
            ("next_h", _FLOAT, [1, "N", _WIDTH]),
            ("next_c", _FLOAT, [1, "N", _WIDTH]),
        ],
        metadata={
            "model_type": "lstm",
            "num_encoder_layers": "1",
            "T": "9",
            "decode_chunk_len": "4",
            "rnn_hidden_size": str(_WIDTH),
            "d_model": str(_WIDTH),
        },
        nothing=np.zeros((80, size), np.float32),
    )
    _save(
        directory / "decoder.onnx",
        [
            _node("Gather", ["y", "one"], "newest", axis=1),
            _node("Gather", ["following", "newest"], "decoder_out", axis=0),
        ],
        inputs=[("y", _INT64, ["N", 2])],
        outputs=[("decoder_out", _FLOAT, ["N", size])],
        metadata={"context_size": "2", "vocab_size": str(size)},
        one=np.array(1, np.int64),
        following=following,
    )
    _save(
        directory / "joiner.onnx",
        [_node("Add", ["encoder_out", "decoder_out"], "logit")],
        inputs=[("encoder_out", _FLOAT, ["N", size]), ("decoder_out", _FLOAT, ["N", size])],
        outputs=[("logit", _FLOAT, ["N", size])],
        metadata={"joiner_dim": str(size)},
    )


def _said(shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    logits = np.zeros(shape, np.float32)
    logits[..., SAID] = 9
    return logits


def _subsampled(name: str, to: str, step: int) -> list[onnx.NodeProto]:
    """Every `step`-th frame, and none that is not whole: T // step of them."""
    bounds = {"starts": [step - 1], "ends": [2**31 - 1], "axes": [1], "steps": [step]}
    constants = [
        helper.make_node("Constant", [], [f"{to}_{key}"], value_ints=value)
        for key, value in bounds.items()
    ]
    return [*constants, _node("Slice", [name, *(f"{to}_{key}" for key in bounds)], to)]


def _node(kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(kind, list(inputs), [output], **attributes)


def _save(
    path: Path,
    nodes: list[onnx.NodeProto],
    *,
    inputs: list[tuple[str, int, list[Any]]],
    outputs: list[tuple[str, int, list[Any]]],
    metadata: dict[str, str] | None = None,
    **constants: np.ndarray[Any, Any],
) -> None:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(*it) for it in inputs],
        [helper.make_tensor_value_info(*it) for it in outputs],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    helper.set_model_props(model, metadata or {})
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())
