"""A model file is checked before llama.cpp sees it: every damage gets its reason."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.engines.llama.engine import LlamaEngine
from appliance.engines.llama.preflight import fitted, need_of
from appliance.engines.llm import LlmError, LlmOptions
from appliance.models import footprint
from appliance.models.gguf import GgufError, read_header
from tests.tiny.llama import metadata, pack, tensors, write_model

WHOLE = pack(metadata(), tensors())


def test_a_sound_file_tells_its_architecture_and_size(tiny_path: Path) -> None:
    header = read_header(tiny_path)
    assert header.architecture == "llama"
    assert header.number("block_count") == 2
    assert header.weight_bytes == sum(tensor.nbytes for tensor in tensors().values())


def test_the_fingerprint_tells_models_apart_and_is_the_same_for_a_copy(tmp_path: Path) -> None:
    one, copy, other = (
        read_header(write_model(tmp_path / name, seed=seed)).fingerprint
        for name, seed in (("one", 1), ("copy", 1), ("other", 2))
    )
    assert one == copy != other


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"GG", "not a GGUF"),
        (b"PK\x03\x04" + bytes(500), "not a GGUF"),
        (b"GGUF", "ends inside its header"),
        (b"GGUF\x01\x00\x00\x00" + bytes(100), "version 1"),
        (b"GGUF\x03\x00\x00\x00" + b"\xff" * 100, "tensors"),
        (WHOLE[:300], "ends inside its header"),
        (WHOLE[: len(WHOLE) // 2], "truncated"),
        (WHOLE[:-4096], "truncated"),
        (pack(metadata(), {}), "no weights"),
        (pack(metadata() | {"general.type": "mmproj"}, tensors()), "mmproj"),
        (pack(metadata() | {"general.alignment": 3}, tensors()), "power of two"),
        (pack(metadata() | {"general.architecture": "unheard-of"}, tensors()), "unheard-of"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_a_damaged_or_foreign_file_is_model_corrupt_with_its_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(LlmError) as refused:
        LlamaEngine(LlmOptions(str(path), context=256))
    assert refused.value.code == "model-corrupt"
    assert reason in refused.value.detail


@given(cut=st.integers(0, len(WHOLE) - 1))
@settings(max_examples=60)
def test_a_file_cut_anywhere_before_its_last_tensor_ends_is_refused(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("cut") / "model.gguf"
    path.write_bytes(WHOLE[:cut])
    with pytest.raises(GgufError):
        read_header(path)


@given(at=st.integers(4, 4000), garbage=st.binary(min_size=1, max_size=16))
@settings(max_examples=150)
def test_a_header_with_garbage_in_it_never_does_worse_than_a_gguf_error(
    tmp_path_factory: pytest.TempPathFactory, at: int, garbage: bytes
) -> None:
    path = tmp_path_factory.mktemp("garbage") / "model.gguf"
    path.write_bytes(WHOLE[:at] + garbage + WHOLE[at + len(garbage) :])
    try:
        read_header(path)
    except GgufError as error:
        assert str(error)


def test_a_missing_file_is_model_missing(tmp_path: Path) -> None:
    with pytest.raises(LlmError) as refused:
        LlamaEngine(LlmOptions(str(tmp_path / "none.gguf")))
    assert refused.value.code == "model-missing"


def test_a_model_that_does_not_fit_is_refused_before_it_is_loaded(tiny_path: Path) -> None:
    with pytest.raises(LlmError) as refused:
        LlamaEngine(LlmOptions(str(tiny_path), memory_limit=32 << 20))
    assert refused.value.code == "out-of-memory"
    assert "32 MB" in refused.value.detail


def test_the_need_grows_with_the_context_and_shrinks_with_quantized_kv(tiny_path: Path) -> None:
    header = read_header(tiny_path)
    small = footprint.estimate(header, 1024, 32)
    large = footprint.estimate(header, 4096, 32)
    quantized = footprint.estimate(header, 4096, 32, "q8_0", "q8_0")
    # 2 layers x 1 head x 32 x (K and V) x 2 bytes a token.
    assert small.kv_cache == 1024 * 2 * 32 * 2 * 2
    assert large.kv_cache == 4 * small.kv_cache
    assert quantized.kv_cache * 32 == large.kv_cache * 17


def test_where_memory_is_short_speed_is_given_up_first_and_then_the_length_of_the_context(
    tiny_path: Path,
) -> None:
    header = read_header(tiny_path)
    plain = LlmOptions(str(tiny_path), context=8192)

    def within(limit: int) -> tuple[bool, int, str]:
        options, warning = fitted(msgspec.structs.replace(plain, memory_limit=limit), header)
        return options.repack, options.context, warning

    whole = need_of(plain, header).total
    assert within(whole) == (True, 8192, "")
    repack, context, warning = within(whole - 1)
    assert (repack, context < 8192) == (False, True)  # the tiny model has nothing to repack
    assert str(context) in warning
    least = need_of(msgspec.structs.replace(plain, repack=False, context=1024), header).total
    assert within(least)[1] == 1024
    with pytest.raises(LlmError) as refused:
        within(least - 1)
    assert refused.value.code == "out-of-memory"
