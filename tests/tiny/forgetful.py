"""Random GGUF models whose memory is not a plain KV cache: recurrent, hybrid, sliding window.

The vocabulary is the tiny model's. Tensors after `load_arch_tensors` of llama.cpp's mamba.cpp,
lfm2.cpp and gemma3.cpp.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.tiny.llama import FEED_FORWARD, WIDTH, metadata, pack, vocabulary

INNER, KERNEL, STATE, STEP_RANK = 2 * WIDTH, 4, 16, 4
HEAD = WIDTH // 2
WINDOW = 32
KINDS = ("mamba", "lfm2", "gemma3")

Weights = dict[str, np.ndarray]


def write_forgetful(path: Path, kind: str, seed: int = 1, **entries: Any) -> Path:
    """A model of one of the `KINDS`."""
    made = {"mamba": _mamba, "lfm2": _lfm2, "gemma3": _gemma3}[kind]
    settings, weights = made(np.random.default_rng(seed))
    common = {key: value for key, value in metadata().items() if not key.startswith("llama.")}
    common["general.architecture"] = kind
    own = {f"{kind}.{key}": value for key, value in settings.items()}
    # In the order of files in the wild: what it is, how it is built, its vocabulary.
    named = {key: value for key, value in common.items() if key.startswith("general.")}
    path.write_bytes(pack({**named, **own, **common, **entries}, weights))
    return path


def _common(random: np.random.Generator, norm: str = "output_norm") -> Weights:
    size = len(vocabulary()[0])
    return {
        "token_embd.weight": random.normal(0.0, 1.0, (size, WIDTH)).astype("<f4"),
        "output.weight": _weights(random, size, WIDTH),
        f"{norm}.weight": np.ones(WIDTH, "<f4"),
    }


def _weights(random: np.random.Generator, *shape: int) -> np.ndarray:
    return random.normal(0.0, 0.15, shape).astype("<f4")


def _settings(layers: int) -> dict[str, Any]:
    return {
        "block_count": layers,
        "context_length": 32768,
        "embedding_length": WIDTH,
        "feed_forward_length": FEED_FORWARD,
        "attention.layer_norm_rms_epsilon": 1e-5,
    }


def _mamba(random: np.random.Generator) -> tuple[dict[str, Any], Weights]:
    weights = _common(random)
    for layer in range(2):
        name = f"blk.{layer}."
        weights |= {
            f"{name}attn_norm.weight": np.ones(WIDTH, "<f4"),
            f"{name}ssm_in.weight": _weights(random, 2 * INNER, WIDTH),
            f"{name}ssm_conv1d.weight": _weights(random, INNER, KERNEL),
            f"{name}ssm_conv1d.bias": _weights(random, INNER),
            f"{name}ssm_x.weight": _weights(random, STEP_RANK + 2 * STATE, INNER),
            f"{name}ssm_dt.weight": _weights(random, INNER, STEP_RANK),
            f"{name}ssm_dt.bias": _weights(random, INNER),
            f"{name}ssm_a": -np.tile(np.arange(1, STATE + 1, dtype="<f4") / STATE, (INNER, 1)),
            f"{name}ssm_d": np.ones(INNER, "<f4"),
            f"{name}ssm_out.weight": _weights(random, WIDTH, INNER),
        }
    settings = _settings(2) | {
        "feed_forward_length": 0,
        "attention.head_count": 0,
        "ssm.conv_kernel": KERNEL,
        "ssm.inner_size": INNER,
        "ssm.state_size": STATE,
        "ssm.time_step_rank": STEP_RANK,
    }
    return settings, weights


def _feed_forward(random: np.random.Generator, name: str) -> Weights:
    return {
        f"{name}ffn_norm.weight": np.ones(WIDTH, "<f4"),
        f"{name}ffn_gate.weight": _weights(random, FEED_FORWARD, WIDTH),
        f"{name}ffn_up.weight": _weights(random, FEED_FORWARD, WIDTH),
        f"{name}ffn_down.weight": _weights(random, WIDTH, FEED_FORWARD),
    }


def _attention(random: np.random.Generator, name: str) -> Weights:
    return {
        f"{name}attn_q.weight": _weights(random, 2 * HEAD, WIDTH),
        f"{name}attn_k.weight": _weights(random, HEAD, WIDTH),
        f"{name}attn_v.weight": _weights(random, HEAD, WIDTH),
        f"{name}attn_output.weight": _weights(random, WIDTH, 2 * HEAD),
        f"{name}attn_q_norm.weight": np.ones(HEAD, "<f4"),
        f"{name}attn_k_norm.weight": np.ones(HEAD, "<f4"),
    }


def _lfm2(random: np.random.Generator) -> tuple[dict[str, Any], Weights]:
    """A short convolution, attention, a short convolution."""
    weights = _common(random, "token_embd_norm")
    kv_heads = [0, 1, 0]
    for layer, heads in enumerate(kv_heads):
        name = f"blk.{layer}."
        weights |= {f"{name}attn_norm.weight": np.ones(WIDTH, "<f4")}
        weights |= _feed_forward(random, name)
        if heads:
            weights |= _attention(random, name)
        else:
            weights |= {
                f"{name}shortconv.conv.weight": _weights(random, WIDTH, 3),
                f"{name}shortconv.in_proj.weight": _weights(random, 3 * WIDTH, WIDTH),
                f"{name}shortconv.out_proj.weight": _weights(random, WIDTH, WIDTH),
            }
    settings = _settings(3) | {
        "attention.head_count": 2,
        "attention.head_count_kv": kv_heads,
        "rope.freq_base": 10000.0,
        "shortconv.l_cache": 3,
    }
    return settings, weights


def _gemma3(random: np.random.Generator) -> tuple[dict[str, Any], Weights]:
    """Every other layer looks back no further than the window."""
    weights = _common(random)
    for layer in range(4):
        name = f"blk.{layer}."
        weights |= {
            f"{name}attn_norm.weight": np.ones(WIDTH, "<f4"),
            f"{name}post_attention_norm.weight": np.ones(WIDTH, "<f4"),
            f"{name}post_ffw_norm.weight": np.ones(WIDTH, "<f4"),
        }
        weights |= _feed_forward(random, name) | _attention(random, name)
    settings = _settings(4) | {
        "attention.head_count": 2,
        "attention.head_count_kv": 1,
        "attention.key_length": HEAD,
        "attention.value_length": HEAD,
        "attention.sliding_window": WINDOW,
        "attention.sliding_window_pattern": 2,
        "rope.freq_base": 10000.0,
    }
    return settings, weights
