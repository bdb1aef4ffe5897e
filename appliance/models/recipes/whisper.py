"""CTranslate2's Whisper → sherpa-onnx's Whisper: `encoder.onnx`, `decoder.onnx`, `tokens.txt`.

numpy and onnx alone. Linear weights become int8 with one scale per output row, in the pattern that
ONNX Runtime fuses into `DynamicQuantizeMatMul`; one int8 table serves the decoder's embedding and
its output projection. Heads of the cross-attention are split once in the encoder, not at every
decoder step, and the decoder's cache grows instead of being copied at full length: sherpa-onnx
passes both through without looking inside. The bytes depend on the input alone (IEEE operations
that round exactly, no dates, no paths), so that the catalogue pins their hashes.

Sources: CTranslate2 `specs/model_spec.py` (binary version 6); sherpa-onnx
`scripts/whisper/export-onnx.py` (tensor names, metadata); Radford et al. 2022 (the model).
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from appliance.models.catalogue import AnyModel
from appliance.models.errors import ConversionError

_INT8_MAX = 127
_NEVER = np.float32(-1e9)  # a logit or an attention score that softmax turns into 0
_END = 2**31  # a slice bound behind every axis
_CT2_TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)

Array = NDArray[np.generic]
Floats = NDArray[np.float32]


def build(model: AnyModel, work: Path, out: Path) -> None:
    """`work/{model.bin,vocabulary.txt,config.json}` → the three files in `out`.

    Raises:
        ConversionError: not a CTranslate2 Whisper model.
    """
    try:
        weights = Weights(read_ctranslate2(work / "model.bin"))
        vocabulary = (work / "vocabulary.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
        config = json.loads((work / "config.json").read_text(encoding="utf-8"))
        shape = Shape.of(weights)
        metadata = describe(shape, vocabulary, model.name)
    except (KeyError, ValueError, struct.error) as error:
        raise ConversionError(f"{model.name}: not a CTranslate2 Whisper ({error})") from error
    _Encoder(weights, shape).save(out / "encoder.onnx", metadata)
    _Decoder(weights, shape, config.get("suppress_ids", [])).save(out / "decoder.onnx")
    end_of_text = int(metadata["eot"])
    (out / "tokens.txt").write_text(tokens_text(vocabulary[:end_of_text]), encoding="ascii")


def read_ctranslate2(path: Path) -> dict[str, Array]:
    """All variables of a `model.bin`, aliases resolved.

    Raises:
        ValueError: another model, or a version before 5.
        struct.error: truncated.
    """
    variables: dict[str, Array] = {}
    with path.open("rb") as stream:
        version, spec, _ = _number(stream, "I"), _text(stream), _number(stream, "I")
        if version < 5 or spec != "WhisperSpec":
            raise ValueError(f"{spec} version {version}")
        for _ in range(_number(stream, "I")):
            name = _text(stream)
            shape = [_number(stream, "I") for _ in range(_number(stream, "B"))]
            kind, size = _number(stream, "B"), _number(stream, "I")
            if kind >= len(_CT2_TYPES):
                raise ValueError(f"{name}: data type {kind}")
            variables[name] = np.frombuffer(stream.read(size), _CT2_TYPES[kind]).reshape(shape)
        for _ in range(_number(stream, "I")):
            alias = _text(stream)
            variables[alias] = variables[_text(stream)]
    return variables


def _number(stream: BinaryIO, code: str) -> int:
    return int(struct.unpack("<" + code, stream.read(struct.calcsize("<" + code)))[0])


def _text(stream: BinaryIO) -> str:
    """A length, then bytes that end in NUL."""
    return stream.read(_number(stream, "H"))[:-1].decode()


class Weights:
    """The variables as float32; undoes CTranslate2's own int8 rows where there are any."""

    def __init__(self, variables: Mapping[str, Array]) -> None:
        self._variables = variables

    def __getitem__(self, name: str) -> Floats:
        value = self._variables[name].astype(np.float32)
        scale = self._variables.get(name + "_scale")
        if scale is None:
            return value
        return value / scale.astype(np.float32).reshape([-1] + [1] * (value.ndim - 1))

    def integer(self, name: str) -> int:
        return int(self._variables[name].reshape(()))

    def layers(self, side: str) -> int:
        count = 0
        while f"{side}/layer_{count}/ffn/layer_norm/gamma" in self._variables:
            count += 1
        return count


@dataclass(frozen=True)
class Shape:
    """The numbers that make a Whisper of this size."""

    mels: int
    audio_context: int
    audio_state: int
    audio_heads: int
    audio_layers: int
    vocabulary: int
    text_context: int
    text_state: int
    text_heads: int
    text_layers: int

    @classmethod
    def of(cls, weights: Weights) -> Shape:
        vocabulary, text_state = weights["decoder/embeddings/weight"].shape
        audio_context, audio_state = weights["encoder/position_encodings/encodings"].shape
        return cls(
            mels=weights["encoder/conv1/weight"].shape[1],
            audio_context=audio_context,
            audio_state=audio_state,
            audio_heads=weights.integer("encoder/num_heads"),
            audio_layers=weights.layers("encoder"),
            vocabulary=vocabulary,
            text_context=weights["decoder/position_encodings/encodings"].shape[0],
            text_state=text_state,
            text_heads=weights.integer("decoder/num_heads"),
            text_layers=weights.layers("decoder"),
        )

    @property
    def head_width(self) -> int:
        return self.text_state // self.text_heads


def describe(shape: Shape, vocabulary: Sequence[str], name: str) -> dict[str, str]:
    """The encoder's metadata as sherpa-onnx reads it. Raises: KeyError: a special token lacks."""
    ids = {token: index for index, token in enumerate(vocabulary)}
    start, transcribe = ids["<|startoftranscript|>"], ids["<|transcribe|>"]
    languages = range(start + 1, ids["<|translate|>"])
    no_speech = ids.get("<|nospeech|>", ids.get("<|nocaptions|>"))
    if no_speech is None:
        raise KeyError("<|nospeech|>")
    entries: dict[str, object] = {
        "model_type": name,
        "version": 1,
        "maintainer": "Lory",
        "n_mels": shape.mels,
        "n_audio_ctx": shape.audio_context,
        "n_audio_state": shape.audio_state,
        "n_audio_head": shape.audio_heads,
        "n_audio_layer": shape.audio_layers,
        "n_vocab": shape.vocabulary,
        "n_text_ctx": shape.text_context,
        "n_text_state": shape.text_state,
        "n_text_head": shape.text_heads,
        "n_text_layer": shape.text_layers,
        "sot_sequence": f"{start},{start + 1},{transcribe}",
        "all_language_tokens": ",".join(map(str, languages)),
        "all_language_codes": ",".join(vocabulary[i][2:-2] for i in languages),
        "sot": start,
        "sot_index": 0,
        "eot": ids["<|endoftext|>"],
        "blank_id": ids["Ġ"],
        "is_multilingual": 1,
        "no_speech": no_speech,
        "non_speech_tokens": "",
        "transcribe": transcribe,
        "translate": ids["<|translate|>"],
        "sot_prev": ids["<|startofprev|>"],
        "sot_lm": ids["<|startoflm|>"],
        "no_timestamps": ids["<|notimestamps|>"],
    }
    return {key: str(value) for key, value in entries.items()}


def tokens_text(vocabulary: Sequence[str]) -> str:
    """sherpa-onnx's `tokens.txt`: base64 of each token's bytes, and its id.

    The vocabulary is GPT-2's: printable Latin-1 characters stand for their own byte, the other
    bytes for the code points from 256 on.
    """
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in printable]
    byte_of = {chr(byte): byte for byte in printable}
    byte_of.update({chr(256 + n): byte for n, byte in enumerate(hidden)})
    lines = []
    for index, token in enumerate(vocabulary):
        if token:
            raw = bytes(byte_of[character] for character in token)
            lines.append(f"{base64.b64encode(raw).decode()} {index}\n")
    return "".join(lines)


class _Graph:
    """ONNX nodes by function call: each returns the name of its output."""

    def __init__(self, weights: Weights, shape: Shape) -> None:
        self.weights = weights
        self.shape = shape
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: Array) -> str:
        if name not in self._constants:
            tensor = numpy_helper.from_array(np.array(value, order="C"), name)
            self._constants[name] = tensor
        return name

    def int64(self, *values: int) -> str:
        return self.constant("i64_" + "_".join(map(str, values)), np.array(values, np.int64))

    def number(self, value: np.float32 | np.int64) -> str:
        return self.constant(f"{value.dtype}_{value}", np.array(value))

    def op(self, kind: str, *inputs: str, out: str = "", **attributes: Any) -> str:
        return self.split(kind, *inputs, names=[out or f"{kind}_{len(self._nodes)}"], **attributes)[
            0
        ]

    def split(
        self,
        kind: str,
        *inputs: str,
        names: list[str] | None = None,
        outs: int = 1,
        **attributes: Any,
    ) -> list[str]:
        """A node of several outputs."""
        label = f"{kind}_{len(self._nodes)}"
        names = names or [f"{label}_{i}" for i in range(outs)]
        self._nodes.append(helper.make_node(kind, list(inputs), names, name=label, **attributes))
        return names

    def norm(self, x: str, prefix: str) -> str:
        gamma = self.constant(prefix + ".g", self.weights[prefix + "/gamma"])
        beta = self.constant(prefix + ".b", self.weights[prefix + "/beta"])
        return self.op("LayerNormalization", x, gamma, beta, axis=-1, epsilon=1e-5)

    def layer(self, x: str, prefix: str) -> str:
        """A linear layer of the model as it stands."""
        weight, bias = self.weights[prefix + "/weight"], self.weights[prefix + "/bias"]
        return self.linear(x, prefix, weight, bias)

    def projection(self, x: str, prefix: str, rows: int, width: int) -> str:
        """A linear layer whose first `rows` rows are queries, scaled by 1/sqrt(width)."""
        weight = self.weights[prefix + "/weight"].copy()
        bias = self.weights[prefix + "/bias"].copy()
        scale = np.float32(width**-0.5)
        weight[:rows] *= scale
        bias[:rows] *= scale
        return self.linear(x, prefix, weight, bias)

    def linear(self, x: str, name: str, weight: Floats, bias: Floats) -> str:
        """`weight` is [out, in]."""
        product = self.int8_product(x, *self.quantized(name, weight))
        return self.op("Add", product, self.constant(name + ".b", bias))

    def quantized(self, name: str, weight: Floats) -> tuple[str, str, str]:
        """Names of [in, out] int8, [out] scales, [out] zero points."""
        scale = np.maximum(np.abs(weight).max(axis=1), np.float32(1e-12)) / np.float32(_INT8_MAX)
        values = np.rint(weight / scale[:, None]).astype(np.int8)
        return (
            self.constant(name + ".q", values.T),
            self.constant(name + ".s", scale.astype(np.float32)),
            self.constant(name + ".z", np.zeros(len(scale), np.int8)),
        )

    def int8_product(self, x: str, values: str, scale: str, zero: str) -> str:
        activations, act_scale, act_zero = self.split("DynamicQuantizeLinear", x, outs=3)
        product = self.op("MatMulInteger", activations, values, act_zero, zero)
        floats = self.op("Cast", product, to=TensorProto.FLOAT)
        return self.op("Mul", floats, self.op("Mul", act_scale, scale))

    def gelu(self, x: str) -> str:
        """The erf form, which ONNX Runtime fuses."""
        root = self.number(np.float32(np.sqrt(2)))
        erf = self.op("Erf", self.op("Div", x, root))
        one_more = self.op("Add", erf, self.number(np.float32(1)))
        return self.op("Mul", self.op("Mul", x, one_more), self.number(np.float32(0.5)))

    def feed_forward(self, x: str, prefix: str) -> str:
        hidden = self.layer(self.norm(x, prefix + "/layer_norm"), prefix + "/linear_0")
        return self.op("Add", x, self.layer(self.gelu(hidden), prefix + "/linear_1"))

    def heads(self, x: str, count: int, *, keys: bool = False) -> str:
        """[1, n, d] → [1, heads, n, d/heads]; keys come transposed, ready for the product."""
        split = self.op("Reshape", x, self.int64(0, 0, count, -1))
        return self.op("Transpose", split, perm=[0, 2, 3, 1] if keys else [0, 2, 1, 3])

    def attend(self, queries: str, keys: str, values: str, mask: str = "") -> str:
        scores = self.op("MatMul", queries, keys)
        if mask:
            scores = self.op("Add", scores, mask)
        mixed = self.op("MatMul", self.op("Softmax", scores, axis=-1), values)
        return self.op(
            "Reshape", self.op("Transpose", mixed, perm=[0, 2, 1, 3]), self.int64(0, 0, -1)
        )

    def write(
        self,
        path: Path,
        inputs: list[onnx.ValueInfoProto],
        outputs: list[onnx.ValueInfoProto],
        metadata: Mapping[str, str],
    ) -> None:
        constants = list(self._constants.values())
        graph = helper.make_graph(self._nodes, "whisper", inputs, outputs, constants)
        opset = helper.make_opsetid("", 17)
        model = helper.make_model(graph, opset_imports=[opset], producer_name="lory")
        model.ir_version = 8
        for key, value in metadata.items():
            model.metadata_props.add(key=key, value=value)
        onnx.checker.check_model(model)
        onnx.save(model, str(path))


def _floats(name: str, *shape: int | str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def _integers(name: str, *shape: int | str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.INT64, shape)


def _cross_attention(shape: Shape) -> list[onnx.ValueInfoProto]:
    """Keys [layers, 1, heads, width, T] and values [layers, 1, heads, T, width]."""
    layers, heads, width = shape.text_layers, shape.text_heads, shape.head_width
    return [
        _floats("n_layer_cross_k", layers, 1, heads, width, "T_half"),
        _floats("n_layer_cross_v", layers, 1, heads, "T_half", width),
    ]


class _Encoder(_Graph):
    """mel [1, mels, T] → the decoder's cross-attention keys and values of every layer."""

    def save(self, path: Path, metadata: Mapping[str, str]) -> None:
        x = self._convolved()
        for index in range(self.shape.audio_layers):
            x = self._block(x, f"encoder/layer_{index}")
        x = self.norm(x, "encoder/layer_norm")
        pairs = [self._cross(x, index) for index in range(self.shape.text_layers)]
        keys, values = [k for k, _ in pairs], [v for _, v in pairs]
        self.op("Concat", *keys, axis=0, out="n_layer_cross_k")
        self.op("Concat", *values, axis=0, out="n_layer_cross_v")
        mel = _floats("mel", 1, self.shape.mels, "T")
        self.write(path, [mel], _cross_attention(self.shape), metadata)

    def _convolved(self) -> str:
        x = "mel"
        for name, stride in (("encoder/conv1", 1), ("encoder/conv2", 2)):
            weight = self.constant(name + ".w", self.weights[name + "/weight"])
            bias = self.constant(name + ".b", self.weights[name + "/bias"])
            x = self.gelu(
                self.op("Conv", x, weight, bias, kernel_shape=[3], strides=[stride], pads=[1, 1])
            )
        x = self.op("Transpose", x, perm=[0, 2, 1])
        length = self.op("Gather", self.op("Shape", x), self.int64(1))
        table = self.weights["encoder/position_encodings/encodings"]
        positions = self.constant("encoder.positions", table)
        start = self.int64(0)
        return self.op("Add", x, self.op("Slice", positions, start, length, start))

    def _block(self, x: str, prefix: str) -> str:
        state, heads = self.shape.audio_state, self.shape.audio_heads
        attention = prefix + "/self_attention"
        hidden = self.norm(x, attention + "/layer_norm")
        joined = self.projection(hidden, attention + "/linear_0", state, state // heads)
        q, k, v = self.split("Split", joined, self.int64(state, state, state), outs=3, axis=-1)
        mixed = self.attend(
            self.heads(q, heads), self.heads(k, heads, keys=True), self.heads(v, heads)
        )
        x = self.op("Add", x, self.layer(mixed, attention + "/linear_1"))
        return self.feed_forward(x, prefix + "/ffn")

    def _cross(self, x: str, index: int) -> tuple[str, str]:
        state, heads = self.shape.text_state, self.shape.text_heads
        joined = self.layer(x, f"decoder/layer_{index}/attention/linear_1")
        k, v = self.split("Split", joined, self.int64(state, state), outs=2, axis=-1)
        front = self.int64(0)
        keys = self.op("Unsqueeze", self.heads(k, heads, keys=True), front)
        return keys, self.op("Unsqueeze", self.heads(v, heads), front)


class _Decoder(_Graph):
    """tokens [1, n] at `offset`, the caches and the cross-attention → logits of the last token."""

    def __init__(self, weights: Weights, shape: Shape, suppressed: Sequence[int]) -> None:
        super().__init__(weights, shape)
        self.suppressed = list(suppressed)

    def save(self, path: Path) -> None:
        table = self.quantized("embedding", self.weights["decoder/embeddings/weight"])
        count = self.op("Gather", self.op("Shape", "tokens"), self.int64(1))
        total = self.op("Add", "offset", count)
        x = self._embedded(table, total)
        mask = self._causal_mask(total)
        past = {kind: self._past(f"in_n_layer_self_{kind}_cache") for kind in "kv"}
        grown: dict[str, list[str]] = {"k": [], "v": []}
        for index in range(self.shape.text_layers):
            x = self._block(x, index, {kind: past[kind][index] for kind in "kv"}, grown, mask)
        for kind in "kv":
            self.op("Concat", *grown[kind], axis=0, out=f"out_n_layer_self_{kind}_cache")
        self._logits(x, table)
        self.write(path, *self._interface(), metadata={})

    def _embedded(self, table: tuple[str, str, str], total: str) -> str:
        values, scales, _ = table
        rows = self.op("Transpose", self.op("Gather", values, "tokens", axis=1), perm=[1, 2, 0])
        scale = self.op("Unsqueeze", self.op("Gather", scales, "tokens"), self.int64(2))
        x = self.op("Mul", self.op("Cast", rows, to=TensorProto.FLOAT), scale)
        positions = self.constant(
            "decoder.positions", self.weights["decoder/position_encodings/encodings"]
        )
        return self.op("Add", x, self.op("Slice", positions, "offset", total, self.int64(0)))

    def _causal_mask(self, total: str) -> str:
        one, first = self.number(np.int64(1)), self.int64(0)
        last = self.op("Squeeze", total, first)
        begin = self.op("Squeeze", "offset", first)
        rows = self.op("Unsqueeze", self.op("Range", begin, last, one), self.int64(1))
        zero = self.number(np.int64(0))
        columns = self.op("Unsqueeze", self.op("Range", zero, last, one), first)
        later = self.op("Greater", columns, rows)
        return self.op("Where", later, self.number(_NEVER), self.number(np.float32(0)))

    def _past(self, cache: str) -> list[str]:
        layers = self.shape.text_layers
        used = self.op("Slice", cache, self.int64(0), "offset", self.int64(2))
        return self.split("Split", used, self.int64(*[1] * layers), outs=layers, axis=0)

    def _block(
        self, x: str, index: int, past: Mapping[str, str], grown: dict[str, list[str]], mask: str
    ) -> str:
        prefix = f"decoder/layer_{index}"
        state, heads, width = self.shape.text_state, self.shape.text_heads, self.shape.head_width
        own = prefix + "/self_attention"
        hidden = self.norm(x, own + "/layer_norm")
        joined = self.projection(hidden, own + "/linear_0", state, width)
        q, k, v = self.split("Split", joined, self.int64(state, state, state), outs=3, axis=-1)
        full = {}
        for kind, new in (("k", k), ("v", v)):
            before = self.op("Squeeze", past[kind], self.int64(0))
            full[kind] = self.op("Concat", before, new, axis=1)
            grown[kind].append(self.op("Unsqueeze", full[kind], self.int64(0)))
        mixed = self.attend(
            self.heads(q, heads),
            self.heads(full["k"], heads, keys=True),
            self.heads(full["v"], heads),
            mask,
        )
        x = self.op("Add", x, self.layer(mixed, own + "/linear_1"))
        x = self.op("Add", x, self._listen(x, index))
        return self.feed_forward(x, prefix + "/ffn")

    def _listen(self, x: str, index: int) -> str:
        """Cross-attention to what the encoder heard."""
        prefix = f"decoder/layer_{index}/attention"
        state, heads, width = self.shape.text_state, self.shape.text_heads, self.shape.head_width
        hidden = self.norm(x, prefix + "/layer_norm")
        queries = self.heads(self.projection(hidden, prefix + "/linear_0", state, width), heads)
        layer = self.number(np.int64(index))
        keys = self.op("Gather", "n_layer_cross_k", layer, axis=0)
        values = self.op("Gather", "n_layer_cross_v", layer, axis=0)
        return self.layer(self.attend(queries, keys, values), prefix + "/linear_2")

    def _logits(self, x: str, table: tuple[str, str, str]) -> None:
        # sherpa-onnx reads the last position only.
        last = self.op("Slice", x, self.int64(-1), self.int64(_END), self.int64(1))
        scores = self.int8_product(self.norm(last, "decoder/layer_norm"), *table)
        bias = np.zeros(self.shape.vocabulary, np.float32)
        bias[self.suppressed] = _NEVER
        self.op("Add", scores, self.constant("suppressed", bias), out="logits")

    def _interface(self) -> tuple[list[onnx.ValueInfoProto], list[onnx.ValueInfoProto]]:
        layers, state = self.shape.text_layers, self.shape.text_state
        kinds = [f"n_layer_self_{kind}_cache" for kind in "kv"]
        inputs = [_integers("tokens", 1, "n_tokens")]
        inputs += [_floats("in_" + kind, layers, 1, "C_in", state) for kind in kinds]
        inputs += [*_cross_attention(self.shape), _integers("offset", 1)]
        outputs = [_floats("logits", 1, 1, self.shape.vocabulary)]
        outputs += [_floats("out_" + kind, layers, 1, "C_out", state) for kind in kinds]
        return inputs, outputs
