"""A LoRA adapter for the tiny model: random low-rank changes of its attention and output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.tiny.llama import LAYERS, WIDTH, pack

RANK = 4


def metadata(**changes: Any) -> dict[str, Any]:
    entries: dict[str, Any] = {
        "general.type": "adapter",
        "general.architecture": "llama",
        "general.name": "Tiny LoRA",
        "adapter.type": "lora",
        "adapter.lora.alpha": float(RANK),
    }
    return entries | changes


def tensors(seed: int = 3) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    found = {}
    for layer in range(LAYERS):
        for part in ("attn_q", "attn_output"):
            name = f"blk.{layer}.{part}.weight"
            found[f"{name}.lora_a"] = random.normal(0.0, 1.0, (RANK, WIDTH)).astype("<f4")
            found[f"{name}.lora_b"] = random.normal(0.0, 1.0, (WIDTH, RANK)).astype("<f4")
    return found


def write_lora(path: Path, seed: int = 3, **changes: Any) -> Path:
    path.write_bytes(pack(metadata(**changes), tensors(seed)))
    return path
