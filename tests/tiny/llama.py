"""A GGUF model of a few hundred kilobytes with random weights: llama.cpp's plumbing, no meaning.

Byte-level vocabulary (256 bytes, a few merges, ChatML and thinking control tokens), two layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from appliance.proving.tiny_model import byte_letters, pack

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CONTROL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
USER_DEFINED = ("<think>", "</think>")
MERGES = ("a b", "ab c", "t h", "th e", "ä ½")
WIDTH, HEADS, KV_HEADS, LAYERS, FEED_FORWARD = 64, 2, 1, 2, 128


def vocabulary(
    control: Sequence[str] = CONTROL, user_defined: Sequence[str] = USER_DEFINED
) -> tuple[list[str], list[int]]:
    """Token texts and their types (1 normal, 3 control, 4 user-defined)."""
    merged = [merge.replace(" ", "") for merge in MERGES]
    texts = [*byte_letters(), *merged, *control, *user_defined]
    kinds = [1] * (256 + len(merged)) + [3] * len(control) + [4] * len(user_defined)
    return texts, kinds


def metadata(
    template: str | None = CHATML,
    control: Sequence[str] = CONTROL,
    user_defined: Sequence[str] = USER_DEFINED,
) -> dict[str, Any]:
    """The first of the `control` tokens begins a text, the last ends it."""
    texts, kinds = vocabulary(control, user_defined)
    entries: dict[str, Any] = {
        "general.architecture": "llama",
        "general.type": "model",
        "general.name": "Tiny",
        "llama.block_count": LAYERS,
        "llama.context_length": 32768,
        "llama.embedding_length": WIDTH,
        "llama.feed_forward_length": FEED_FORWARD,
        "llama.attention.head_count": HEADS,
        "llama.attention.head_count_kv": KV_HEADS,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.freq_base": 10000.0,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "qwen2",
        "tokenizer.ggml.tokens": texts,
        "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.merges": list(MERGES),
        "tokenizer.ggml.bos_token_id": texts.index(control[0]),
        "tokenizer.ggml.eos_token_id": texts.index(control[-1]),
        "tokenizer.ggml.add_bos_token": False,
    }
    if template is not None:
        entries["tokenizer.chat_template"] = template
    return entries


def tensors(seed: int = 1, endless: bool = False, size: int = 0) -> dict[str, np.ndarray]:
    """Random weights; `endless` ones never end an answer. `size` of another vocabulary."""
    random = np.random.default_rng(seed)
    size = size or len(vocabulary()[0])

    def weights(*shape: int) -> np.ndarray:
        return random.normal(0.0, 0.15, shape).astype("<f4")

    kv = WIDTH // HEADS * KV_HEADS
    found = {
        "token_embd.weight": random.normal(0.0, 1.0, (size, WIDTH)).astype("<f4"),
        "output_norm.weight": np.ones(WIDTH, "<f4"),
        "output.weight": weights(size, WIDTH),
    }
    for layer in range(LAYERS):
        name = f"blk.{layer}."
        found |= {
            f"{name}attn_norm.weight": np.ones(WIDTH, "<f4"),
            f"{name}attn_q.weight": weights(WIDTH, WIDTH),
            f"{name}attn_k.weight": weights(kv, WIDTH),
            f"{name}attn_v.weight": weights(kv, WIDTH),
            f"{name}attn_output.weight": weights(WIDTH, WIDTH),
            f"{name}ffn_norm.weight": np.ones(WIDTH, "<f4"),
            f"{name}ffn_gate.weight": weights(FEED_FORWARD, WIDTH),
            f"{name}ffn_up.weight": weights(FEED_FORWARD, WIDTH),
            f"{name}ffn_down.weight": weights(WIDTH, FEED_FORWARD),
        }
    if endless:
        # The first component of every hidden state is large; against it stand the control tokens.
        found["token_embd.weight"][:, 0] = 8.0
        texts, _ = vocabulary()
        for text in CONTROL:
            found["output.weight"][texts.index(text), 0] = -20.0
    return found


def write_model(path: Path, seed: int = 1, endless: bool = False) -> Path:
    path.write_bytes(pack(metadata(), tensors(seed, endless)))
    return path
