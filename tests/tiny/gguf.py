"""The smallest GGUF files that look like a language model."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from types import MappingProxyType

NO_NUMBERS: Mapping[str, int] = MappingProxyType({})


def _text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def gguf(
    template: str = "",
    name: str = "Tiny",
    architecture: str = "llama",
    kind: int = 0,
    numbers: Mapping[str, int] = NO_NUMBERS,
) -> bytes:
    """Version 3, two tensors of 32 bytes, with or without a chat template. `kind` is the ggml type
    of the second one, `numbers` are further entries.
    """
    entries = [
        _text("general.architecture") + struct.pack("<I", 8) + _text(architecture),
        _text("general.name") + struct.pack("<I", 8) + _text(name),
        _text("llama.context_length") + struct.pack("<II", 4, 2048),
        _text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 2) + _text("a") + _text("b"),
        _text("tokenizer.ggml.scores") + struct.pack("<IIQ", 9, 6, 2) + bytes(8),
    ]
    entries += [_text(key) + struct.pack("<IH", 2, number) for key, number in numbers.items()]
    if template:
        entries.append(_text("tokenizer.chat_template") + struct.pack("<I", 8) + _text(template))
    tensors = b"".join(
        _text(f"blk.{n}") + struct.pack("<IQIQ", 1, 8, kind * n, 32 * n) for n in range(2)
    )
    head = b"GGUF" + struct.pack("<IQQ", 3, 2, len(entries)) + b"".join(entries) + tensors
    return head + bytes(-len(head) % 32) + bytes(64)
