"""Whether a model's memory can be taken back, read from the beginning of its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.models import footprint
from appliance.models.gguf import GgufError, read_header, read_settings
from appliance.models.importing import describe_gguf, describe_toml
from appliance.models.rollback import forgets
from tests.tiny.forgetful import write_forgetful
from tests.tiny.llama import write_model


@pytest.mark.parametrize(
    ("kind", "expected"), [("mamba", True), ("lfm2", True), ("gemma3", False), ("llama", False)]
)
def test_recurrent_and_hybrid_models_are_known_from_their_header(
    tmp_path: Path, kind: str, expected: bool
) -> None:
    path = tmp_path / "model.gguf"
    write_model(path) if kind == "llama" else write_forgetful(path, kind)
    header = read_header(path)
    assert forgets(header.metadata) == forgets(read_settings(path)) == expected
    model = describe_gguf("m", header, path.stat().st_size)
    assert model.facts.cache == ("snapshot" if expected else "auto")
    assert f'cache = "{model.facts.cache}"' in describe_toml(model)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("qwen35.full_attention_interval", 4),
        ("granitehybrid.ssm.state_size", 128),
        ("rwkv7.wkv.head_size", 64),
        ("kimi-linear.kda.head_dim", 128),
        ("not-yet-known.ssm.conv_kernel", 4),
    ],
)
def test_what_only_recurrent_layers_have_gives_a_model_away(key: str, value: int) -> None:
    architecture = key.partition(".")[0]
    assert forgets({"general.architecture": architecture, key: value})
    assert not forgets({"general.architecture": "llama", key: value})


def test_only_the_beginning_of_a_file_is_read(tmp_path: Path) -> None:
    path = write_forgetful(tmp_path / "model.gguf", "lfm2")
    settings = read_settings(path)
    assert settings["lfm2.shortconv.l_cache"] == 3
    assert not any(key.startswith("tokenizer.") for key in settings)
    path.write_bytes(path.read_bytes()[:900])
    assert forgets(read_settings(path))
    for junk in (b"", b"GGUF", b"x" * 400):
        path.write_bytes(junk)
        with pytest.raises(GgufError):
            read_settings(path)


def test_the_memory_of_a_hybrid_is_that_of_its_attention_and_of_its_states(tmp_path: Path) -> None:
    hybrid = footprint.estimate(read_header(write_forgetful(tmp_path / "h.gguf", "lfm2")), 1024)
    # One layer of three has a cache: a key and a value of 32 numbers of 2 bytes a token.
    states = 8 * 2 * 64 * 2 * 4
    assert hybrid.kv_cache == 1024 * 2 * 32 * 2 + states
    recurrent = footprint.estimate(read_header(write_forgetful(tmp_path / "m.gguf", "mamba")), 1024)
    assert recurrent.kv_cache == 8 * 2 * (128 * 3 + 128 * 16) * 4
