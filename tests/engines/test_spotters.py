"""The keyword spotter: how phrases are spelt for it, and what is checked before native code."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.engines.errors import ModelFileCorruptError, ModelFileMissingError
from appliance.engines.kws import KwsConfig
from appliance.engines.kws_sherpa import keyword
from appliance.engines.spotters import load_spotter
from tests.engines.counter import Counter

FILES = {"encoder": "e.onnx", "decoder": "d.onnx", "joiner": "j.onnx", "tokens": "tokens.txt"}


def test_keywords_are_spelt_as_the_model_wants_them() -> None:
    assert keyword("你好小鹿") == "n ǐ h ǎo x iǎo l ù"
    assert keyword("安安 A") == "ān ān"
    assert keyword("OK") == ""


def test_a_spotter_without_its_files_is_an_error_before_native_code(tmp_path: Path) -> None:
    with pytest.raises(ModelFileMissingError):
        load_spotter(KwsConfig(str(tmp_path), FILES), Counter())
    for name in FILES.values():
        (tmp_path / name).write_bytes(b"garbage" * 20)
    with pytest.raises(ModelFileCorruptError):
        load_spotter(KwsConfig(str(tmp_path), FILES), Counter())
