"""A language model of random weights, made where it is needed: an engine's plumbing, no meaning.

The smallest that llama.cpp computes as it does a large one: rows of 256 weights, which is a block
of its K quantizations, and more rows than any of its tiles. Source: the GGUF specification
(docs/gguf.md of ggml), version 3.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Weights = Mapping[str, NDArray[np.float32]]

ALIGNMENT = 32
_CONTROL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")


@dataclass(frozen=True, slots=True)
class Shape:
    """Numbers of a decoder: `width` is that of the hidden state, the same for every layer."""

    width: int = 256
    heads: int = 4
    kv_heads: int = 2
    layers: int = 2
    feed_forward: int = 512
    context: int = 1024


def byte_letters() -> list[str]:
    """GPT-2's printable stand-ins for the 256 bytes."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in printable}
    for extra, byte in enumerate(byte for byte in range(256) if byte not in letters):
        letters[byte] = chr(256 + extra)
    return [letters[byte] for byte in range(256)]


def tiny_model(shape: Shape, seed: int = 1) -> bytes:
    """A GGUF file of 32-bit weights, the same for the same seed."""
    texts = [*byte_letters(), *_CONTROL]
    return pack(metadata(shape, texts), tensors(shape, len(texts), seed))


def metadata(shape: Shape, texts: Sequence[str]) -> dict[str, Any]:
    """What llama.cpp must know of the model; the last of the `texts` are control tokens."""
    end = len(texts) - 1
    plain = len(texts) - len(_CONTROL)
    return {
        "general.architecture": "llama",
        "general.type": "model",
        "general.name": "Proof",
        "llama.block_count": shape.layers,
        "llama.context_length": shape.context,
        "llama.embedding_length": shape.width,
        "llama.feed_forward_length": shape.feed_forward,
        "llama.attention.head_count": shape.heads,
        "llama.attention.head_count_kv": shape.kv_heads,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.freq_base": 10000.0,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "qwen2",
        "tokenizer.ggml.tokens": list(texts),
        "tokenizer.ggml.token_type": [1] * plain + [3] * len(_CONTROL),
        "tokenizer.ggml.merges": ["a b"],
        "tokenizer.ggml.bos_token_id": plain,
        "tokenizer.ggml.eos_token_id": end,
        "tokenizer.ggml.add_bos_token": False,
    }


def tensors(shape: Shape, vocabulary: int, seed: int) -> dict[str, NDArray[np.float32]]:
    """Random weights, so scaled that no layer drowns the one before."""
    random = np.random.default_rng(seed)

    def weights(rows: int, columns: int) -> NDArray[np.float32]:
        return random.normal(0.0, columns**-0.5, (rows, columns)).astype("<f4")

    width, kv = shape.width, shape.width // shape.heads * shape.kv_heads
    found = {
        "token_embd.weight": random.normal(0.0, 1.0, (vocabulary, width)).astype("<f4"),
        "output_norm.weight": np.ones(width, "<f4"),
        "output.weight": weights(vocabulary, width),
    }
    for layer in range(shape.layers):
        name = f"blk.{layer}."
        found |= {
            f"{name}attn_norm.weight": np.ones(width, "<f4"),
            f"{name}attn_q.weight": weights(width, width),
            f"{name}attn_k.weight": weights(kv, width),
            f"{name}attn_v.weight": weights(kv, width),
            f"{name}attn_output.weight": weights(width, width),
            f"{name}ffn_norm.weight": np.ones(width, "<f4"),
            f"{name}ffn_gate.weight": weights(shape.feed_forward, width),
            f"{name}ffn_up.weight": weights(shape.feed_forward, width),
            f"{name}ffn_down.weight": weights(width, shape.feed_forward),
        }
    return found


def pack(entries: Mapping[str, Any], weights: Weights) -> bytes:
    """A GGUF version 3 file of 32-bit tensors."""
    head = b"GGUF" + struct.pack("<IQQ", 3, len(weights), len(entries))
    head += b"".join(_string(key) + _value(value) for key, value in entries.items())
    data = bytearray()
    for name, tensor in weights.items():
        shape = tensor.shape[::-1]
        head += _string(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
        head += struct.pack("<IQ", 0, len(data))
        data += tensor.tobytes()
        data += bytes(-len(data) % ALIGNMENT)
    return head + bytes(-len(head) % ALIGNMENT) + bytes(data)


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _value(value: Any) -> bytes:
    match value:
        case bool():
            return struct.pack("<I?", 7, value)
        case int():
            return struct.pack("<II", 4, value)
        case float():
            return struct.pack("<If", 6, value)
        case str():
            return struct.pack("<I", 8) + _string(value)
        case [str(), *_]:
            items = b"".join(map(_string, value))
            return struct.pack("<IIQ", 9, 8, len(value)) + items
        case [float(), *_]:
            return struct.pack("<IIQ", 9, 6, len(value)) + struct.pack(f"<{len(value)}f", *value)
        case list():
            return struct.pack("<IIQ", 9, 5, len(value)) + struct.pack(f"<{len(value)}i", *value)
    raise TypeError(value)
