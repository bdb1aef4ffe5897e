"""The tiny model with a vocabulary of the SentencePiece kind, which begins texts with a space."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.tiny.llama import metadata, pack, tensors

LETTERS = ("▁", *"<>/thinkABC:", "▁A", "▁<", "th", "ink")
TEXTS = ("<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *LETTERS)
MARKS = ("<think>", "</think>", "[INST]")


def write_sentencepiece(path: Path) -> Path:
    """`MARKS` are user-defined; a longer piece is the likelier one."""
    texts = [*dict.fromkeys(TEXTS), *MARKS]
    letters = len(texts) - 259 - len(MARKS)
    entries: dict[str, Any] = {
        key: value for key, value in metadata(None).items() if not key.startswith("tokenizer.")
    }
    entries |= {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": texts,
        "tokenizer.ggml.scores": [float(len(text) - 10) for text in texts],
        "tokenizer.ggml.token_type": [2, 3, 3, *[6] * 256, *[1] * letters, *[4] * len(MARKS)],
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.add_space_prefix": True,
    }
    path.write_bytes(pack(entries, tensors(1, False, len(texts))))
    return path
