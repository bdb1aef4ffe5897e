"""FunASR in process: nothing is downloaded, the directory is looked at first."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
import pytest

from appliance.engines.asr import RATE, AsrConfig
from appliance.engines.errors import (
    EngineMissingError,
    ModelFileCorruptError,
    ModelFileMissingError,
)
from appliance.engines.recognisers import load_recogniser

FILES = ("configuration.json", "config.yaml", "model.pt", "am.mvn", "chn_jpn.bpe.model")


class AutoModel:
    """As FunASR's, by what is used of it."""

    made: ClassVar[list[dict[str, Any]]] = []
    asked: ClassVar[list[dict[str, Any]]] = []

    def __init__(self, **options: Any) -> None:
        if "broken" in options["model"]:
            raise KeyError("frontend")
        self.made.append(options)

    def generate(self, **options: Any) -> list[dict[str, str]]:
        self.asked.append(options)
        return [{"text": "<|zh|><|NEUTRAL|><|Speech|><|withitn|>早上7點見,好嗎?"}]


@pytest.fixture
def funasr(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("funasr")
    module.AutoModel = AutoModel  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "funasr", module)
    monkeypatch.setitem(sys.modules, "kaldi_native_fbank", ModuleType("kaldi_native_fbank"))


def directory(tmp_path: Path, name: str = "SenseVoiceSmall") -> Path:
    made = tmp_path / name
    made.mkdir()
    for file in FILES:
        (made / file).write_bytes(b"x")
    return made


@pytest.mark.usefixtures("funasr")
@pytest.mark.parametrize("missing", FILES)
def test_a_directory_that_lacks_a_file_never_reaches_funasr(missing: str, tmp_path: Path) -> None:
    AutoModel.made.clear()
    path = directory(tmp_path)
    (path / missing).unlink()
    with pytest.raises(ModelFileMissingError):
        load_recogniser(AsrConfig("funasr", str(path)))
    assert AutoModel.made == [], "it would look for it on a hub"


@pytest.mark.usefixtures("funasr")
def test_what_it_writes_is_made_fit_to_be_asked(tmp_path: Path) -> None:
    AutoModel.made.clear()
    path = directory(tmp_path)
    recogniser = load_recogniser(AsrConfig("funasr", str(path)))
    assert AutoModel.made == [
        {"model": str(path), "device": "cpu", "disable_update": True, "disable_pbar": True}
    ]
    recogniser.reset("zh", ("小鹿",))
    tone = 0.3 * np.sin(np.arange(RATE) * 0.2) * (np.arange(RATE) > RATE // 4)
    recogniser.accept(tone.astype(np.float32), RATE)
    assert recogniser.finish() == "早上7点见，好吗？"
    asked = AutoModel.asked[-1]
    assert (asked["language"], asked["use_itn"], asked["hotword"]) == ("zh", True, "小鹿")
    assert asked["input"].dtype == np.float32


@pytest.mark.usefixtures("funasr")
def test_a_model_it_cannot_load_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileCorruptError, match="broken"):
        load_recogniser(AsrConfig("funasr", str(directory(tmp_path, "broken"))))


def test_without_the_extra_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "kaldi_native_fbank", None)
    with pytest.raises(EngineMissingError, match=r"lory\[funasr\]"):
        load_recogniser(AsrConfig("funasr", str(directory(tmp_path))))
