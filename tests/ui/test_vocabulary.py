"""Whatever the default language model may write can be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.models.gguf import read_header
from ui import font

# What is drawn as a hex box although the vocabulary has it: nothing of the BMP. Byte tokens could
# spell any other character too: test_packed_font has all that are assigned.
KNOWINGLY_ABSENT: set[str] = set()


def byte_of() -> dict[str, int]:
    """Byte-level BPE writes bytes as characters: printable ones as themselves, others from U+0100.

    Source: GPT-2, `bytes_to_unicode` of its encoder.
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {
        chr(0x100 + number): byte for number, byte in enumerate(others)
    }


def token_texts(model: Path) -> Iterator[str]:
    """What each token of a byte-level vocabulary writes, but for its incomplete characters."""
    metadata = read_header(model).metadata
    assert metadata["tokenizer.ggml.model"] == "gpt2"
    tokens = metadata["tokenizer.ggml.tokens"]
    assert isinstance(tokens, list)
    to_byte = byte_of()
    for token in tokens:
        assert isinstance(token, str)
        if all(char in to_byte for char in token):  # else a special one, never shown
            yield bytes(to_byte[char] for char in token).decode("utf-8", "ignore")


@pytest.mark.models
def test_every_bmp_character_of_the_default_models_vocabulary_is_drawable(
    default_models: dict[str, Path],
) -> None:
    (model,) = default_models["llm"].glob("*.gguf")
    written = {char for text in token_texts(model) for char in text if char <= "\uffff"}
    assert len(written) > 16_000 and {"鹦", "鹉", "é", "の"} <= written
    for face in (font.body(), font.large()):
        assert {char for char in written if not face.has(char)} == KNOWINGLY_ABSENT
