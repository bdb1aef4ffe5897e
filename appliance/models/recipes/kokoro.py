"""Kokoro-82M int8 as published, made fast for sherpa-onnx, with its voices.

The published graph spends 83 % of its time in `ConvInteger`, which ONNX Runtime runs without
prepacked weights. Here 84 of the 87 become im2col (`Gather`) and `MatMulIntegerToFloat` on constant
int8 weights, the same integer arithmetic; the other three, too small or strided, float `Conv`.
AdaIN's ten nodes become one `InstanceNormalization`, and the STFT, a naive sum in ONNX Runtime, one
strided `Conv`. sherpa-onnx reads what else it needs from the metadata, `voices.bin` (float32,
speakers × 510 × 1 × 256) and `tokens.txt`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from appliance.models.catalogue import AnyModel, TtsModel
from appliance.models.errors import ConversionError
from appliance.models.recipes.onnx_graph import GraphEditor

STYLE_SHAPE = (510, 1, 256)
_SMALLEST_MATMUL = 64  # outputs × inputs below which a float Conv is the faster one

# Names of the published graph whose convolutions run at the same time resolution: their im2col
# indices are equal, so they are computed once.
_RESOLUTIONS = (
    (re.compile(r"generator/(resblocks\.[012]|noise_res\.0)/"), "first upsampling"),
    (re.compile(r"generator/(resblocks\.[345]|noise_res\.1)/"), "second upsampling"),
    (re.compile(r"decoder/decoder/(encode|decode\.[012])/"), "decoder"),
)


def build(model: AnyModel, work: Path, out: Path) -> None:
    """`work/kokoro.onnx` → `out/{model.onnx,voices.bin,tokens.txt}`.

    Raises:
        ConversionError: the graph is not the one this recipe knows.
    """
    if not isinstance(model, TtsModel):
        raise ConversionError(f"{model.name}: the kokoro recipe makes TTS models only")
    names = [voice.name for voice in sorted(model.facts.voices, key=lambda v: v.speaker)]
    try:
        graph = onnx.load(str(work / "kokoro.onnx"))
        rewrite(graph)
    except (ValueError, KeyError, IndexError) as error:
        raise ConversionError(f"{model.name}: not the published Kokoro graph ({error})") from error
    describe(graph, names, model.facts.sample_rate)
    onnx.save(graph, str(out / "model.onnx"))
    (out / "voices.bin").write_bytes(b"".join(voice_bytes(name) for name in names))
    (out / "tokens.txt").write_bytes(_shipped("tokens.txt"))


def rewrite(model: onnx.ModelProto) -> None:
    """Replace the slow operators in place."""
    editor = GraphEditor(model)
    _Convolutions(editor).rewrite()
    editor.finish()
    editor = GraphEditor(model)
    fuse_instance_norms(editor)
    stft_to_conv(editor)
    editor.finish()


def describe(model: onnx.ModelProto, voices: list[str], sample_rate: int) -> None:
    """The metadata sherpa-onnx 2 reads; without it the process exits."""
    entries = {
        "model_type": "kokoro",
        "version": "2",
        "sample_rate": str(sample_rate),
        "style_dim": ",".join(map(str, STYLE_SHAPE)),
        "n_speakers": str(len(voices)),
        "speaker_names": ",".join(voices),
        "has_espeak": "0",
        "voice": "zh",
        "language": "Chinese",
    }
    del model.metadata_props[:]
    for key, value in entries.items():
        model.metadata_props.add(key=key, value=value)


def voice_bytes(name: str) -> bytes:
    """A shipped voice as float32 little-endian. Raises: ConversionError."""
    half = np.frombuffer(_shipped(f"{name}.f16.bin"), "<f2")
    if half.size != math.prod(STYLE_SHAPE):
        raise ConversionError(f"voice {name} has {half.size} values, not {STYLE_SHAPE}")
    return half.astype("<f4").tobytes()


def _shipped(name: str) -> bytes:
    path = resources.files("appliance.models") / "voices" / name
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ConversionError(f"{name} does not ship with Lory") from None


@dataclass(frozen=True)
class _Convolution:
    """One `ConvInteger` with the Cast, scale and bias nodes behind it.

    `weight` is int32 [out, in, taps] without its zero point, `chain` ends with the output's node.
    """

    chain: list[onnx.NodeProto]
    quantize: onnx.NodeProto
    weight: NDArray[np.int32]
    weight_zero: int
    weight_scale: np.float32
    bias: str | None
    dilation: int
    stride: int
    pads: tuple[int, int]

    @property
    def node(self) -> onnx.NodeProto:
        return self.chain[0]

    @property
    def output(self) -> str:
        return str(self.chain[-1].output[0])


class _Convolutions:
    """Turns `ConvInteger` chains into matrix products, sharing what can be shared."""

    def __init__(self, editor: GraphEditor) -> None:
        self.editor = editor
        self._transposed: dict[str, str] = {}
        self._indices: dict[tuple[str, tuple[int, ...]], str] = {}

    def rewrite(self) -> None:
        for node in self.editor.of_type("ConvInteger"):
            conv = self._read(node)
            self.editor.retire(*conv.chain)
            out_channels, in_channels, _ = conv.weight.shape
            if conv.stride != 1 or out_channels * in_channels < _SMALLEST_MATMUL:
                self._as_float(conv)
            else:
                self._as_matmul(conv)

    def _read(self, node: onnx.NodeProto) -> _Convolution:
        editor = self.editor
        attributes = editor.attributes(node)
        chain, bias = [node], None
        while chain[-1].op_type != "Mul":
            before = chain[-1].output[0]
            (follower,) = editor.consumers[before]
            if follower.op_type == "Add":
                bias = self._bias_behind(_other_input(follower, before))
            elif follower.op_type not in ("Cast", "Mul"):
                raise ValueError(f"{node.name}: unexpected {follower.op_type}")
            chain.append(follower)
        scales = editor.producer[_other_input(chain[-1], chain[-2].output[0])]
        scale = next(name for name in scales.input if editor.is_constant(name))
        zero = int(editor.value(node.input[3]))
        left, right = attributes.get("pads", [0, 0])
        return _Convolution(
            chain=chain,
            quantize=editor.producer[node.input[0]],
            weight=editor.value(node.input[1]).astype(np.int32) - zero,
            weight_zero=zero,
            weight_scale=np.float32(editor.value(scale).reshape(())),
            bias=bias,
            dilation=int(attributes.get("dilations", [1])[0]),
            stride=int(attributes.get("strides", [1])[0]),
            pads=(int(left), int(right)),
        )

    def _bias_behind(self, name: str) -> str:
        """The float bias that the graph quantizes at run time (Div, Floor, Cast, Reshape)."""
        while not self.editor.is_constant(name):
            name = self.editor.producer[name].input[0]
        return name

    def _as_float(self, conv: _Convolution) -> None:
        weight = (conv.weight * conv.weight_scale).astype(np.float32)
        inputs = [
            conv.quantize.input[0],
            self.editor.constant(conv.node.name + "_weight", weight),
        ]
        if conv.bias:
            inputs.append(conv.bias)
        self.editor.emit(
            "Conv",
            inputs,
            conv.output,
            kernel_shape=[conv.weight.shape[2]],
            dilations=[conv.dilation],
            strides=[conv.stride],
            pads=list(conv.pads),
        )

    def _as_matmul(self, conv: _Convolution) -> None:
        """[1, C, T] → columns [1, T, taps · C] → [1, T, O] → [1, O, T]."""
        editor, name = self.editor, conv.node.name
        out_channels, in_channels, taps = conv.weight.shape
        if sum(conv.pads) != (taps - 1) * conv.dilation:
            raise ValueError(f"{name}: its padding changes the length")
        _, act_scale, act_zero = conv.quantize.output
        signed = (conv.weight + conv.weight_zero - 128).astype(np.int8)
        rows = signed.transpose(2, 1, 0).reshape(taps * in_channels, out_channels)
        inputs = [
            self._columns(conv),
            editor.constant(name + "_weight", rows),
            act_scale,
            editor.scalar(name + "_scale", conv.weight_scale),
            act_zero,
            editor.scalar(name + "_zero", np.int8(conv.weight_zero - 128)),
        ]
        if conv.bias:
            inputs.append(conv.bias)
        product = editor.emit(
            "MatMulIntegerToFloat", inputs, name + "_product", domain="com.microsoft"
        )
        editor.emit("Transpose", [product], conv.output, perm=[0, 2, 1])

    def _columns(self, conv: _Convolution) -> str:
        editor, name = self.editor, conv.node.name
        quantized, _, zero = conv.quantize.output
        if quantized not in self._transposed:
            self._transposed[quantized] = editor.emit(
                "Transpose", [quantized], quantized + "_t", perm=[0, 2, 1]
            )
        rows = self._transposed[quantized]
        _, in_channels, taps = conv.weight.shape
        if taps == 1:
            return rows
        left, right = conv.pads
        pads = editor.int64(0, left, 0, 0, right, 0)
        padded = editor.emit("Pad", [rows, pads, zero], name + "_padded", mode="constant")
        offsets = tuple(tap * conv.dilation for tap in range(taps))
        gathered = editor.emit(
            "Gather", [padded, self._index(name, rows, offsets)], name + "_gathered", axis=1
        )
        shape = editor.int64(1, -1, taps * in_channels)
        return editor.emit("Reshape", [gathered, shape], name + "_columns")

    def _index(self, name: str, rows: str, offsets: tuple[int, ...]) -> str:
        """int64 [T, taps]: which padded rows each output step sees."""
        editor = self.editor
        resolution = next((r for pattern, r in _RESOLUTIONS if pattern.search(name)), name)
        key = (resolution, offsets)
        if key not in self._indices:
            length = editor.emit("Shape", [rows], name + "_length", start=1, end=2)
            count = editor.emit("Squeeze", [length], name + "_count")
            zero = editor.scalar("i64_scalar_0", np.int64(0))
            one = editor.scalar("i64_scalar_1", np.int64(1))
            steps = editor.emit("Range", [zero, count, one], name + "_steps")
            column = editor.emit("Reshape", [steps, editor.int64(-1, 1)], name + "_step_column")
            taps = editor.constant(
                "taps_" + "_".join(map(str, offsets)), np.array([offsets], np.int64)
            )
            self._indices[key] = editor.emit("Add", [column, taps], name + "_index")
        return self._indices[key]


def fuse_instance_norms(editor: GraphEditor) -> None:
    """(x − mean) / sqrt(var + ε), scaled and shifted per channel → `InstanceNormalization`.

    Where a constant affine pair stands before the style's own, both are folded into one:
    (n·w + b)·s + t = n·(w·s) + (b·s + t).
    """
    for div in editor.of_type("Div"):
        normalised = _normalised_input(editor, div)
        if normalised is None:
            continue
        source, epsilon = normalised
        for scale_node in list(editor.consumers[div.output[0]]):
            _fuse_one(editor, div.output[0], scale_node, source, epsilon)


def _normalised_input(editor: GraphEditor, div: onnx.NodeProto) -> tuple[str, float] | None:
    centred = editor.producer.get(div.input[0])
    deviation = editor.producer.get(div.input[1])
    if centred is None or deviation is None:
        return None
    if centred.op_type != "Sub" or deviation.op_type != "Sqrt":
        return None
    mean = editor.producer.get(centred.input[1])
    if mean is None or mean.op_type != "ReduceMean" or mean.input[0] != centred.input[0]:
        return None
    variance = editor.producer[deviation.input[0]]
    epsilon = next(name for name in variance.input if editor.is_constant(name))
    return centred.input[0], float(editor.value(epsilon).reshape(()))


def _fuse_one(
    editor: GraphEditor, normal: str, scale_node: onnx.NodeProto, source: str, epsilon: float
) -> None:
    if scale_node.op_type != "Mul":
        raise ValueError(f"{scale_node.name}: a normalised value is not scaled")
    scale, current = _other_input(scale_node, normal), scale_node
    affine: tuple[str, str] | None = None
    if editor.is_constant(scale):
        (shift_node,) = editor.consumers[current.output[0]]
        affine = (scale, _other_input(shift_node, current.output[0]))
        (current,) = editor.consumers[shift_node.output[0]]
        scale = _other_input(current, shift_node.output[0])
    (last,) = editor.consumers[current.output[0]]
    shift = _other_input(last, current.output[0])
    prefix = last.name + "_fused"
    if affine:
        weight, bias = affine
        shifted = editor.emit("Mul", [scale, bias], prefix + "_style_bias")
        shift = editor.emit("Add", [shifted, shift], prefix + "_shift")
        scale = editor.emit("Mul", [scale, weight], prefix + "_scale")
    flat = editor.int64(-1)
    scale = editor.emit("Reshape", [scale, flat], prefix + "_scale_flat")
    shift = editor.emit("Reshape", [shift, flat], prefix + "_shift_flat")
    editor.retire(last)
    editor.emit("InstanceNormalization", [source, scale, shift], last.output[0], epsilon=epsilon)


def stft_to_conv(editor: GraphEditor) -> None:
    """`STFT` of a real signal [1, L] → `Conv` with the windowed DFT basis: [1, F, K, 2]."""
    (node,) = editor.of_type("STFT")
    signal, hop, window = node.input[:3]
    kernel = _dft_kernel(editor.value(window).astype(np.float64))
    bins, length = len(kernel) // 2, kernel.shape[2]
    framed = editor.emit("Reshape", [signal, editor.int64(1, 1, -1)], "stft_signal")
    spectrum = editor.emit(
        "Conv",
        [framed, editor.constant("stft_kernel", kernel)],
        "stft_spectrum",
        kernel_shape=[length],
        strides=[int(editor.value(hop).reshape(()))],
    )
    parts = editor.emit("Reshape", [spectrum, editor.int64(1, 2, bins, -1)], "stft_parts")
    editor.retire(node)
    editor.emit("Transpose", [parts], node.output[0], perm=[0, 3, 2, 1])


def _dft_kernel(window: NDArray[np.float64]) -> NDArray[np.float32]:
    """[2K, 1, N]: the K real rows, then the K imaginary ones.

    Angles are reduced to k·t mod N first, so that a different libm cannot change the file's hash
    by a bit in a large argument.
    """
    length = len(window)
    bins = length // 2 + 1
    kernel = np.zeros((2 * bins, 1, length), np.float32)
    for k in range(bins):
        for t in range(length):
            angle = 2 * math.pi * (k * t % length) / length
            kernel[k, 0, t] = window[t] * math.cos(angle)
            kernel[bins + k, 0, t] = -window[t] * math.sin(angle)
    return kernel


def _other_input(node: onnx.NodeProto, name: str) -> str:
    (other,) = (i for i in node.input if i != name)
    return str(other)
