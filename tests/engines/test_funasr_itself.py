"""FunASR itself, not a stand-in: tiny random models through its own `AutoModel`, offline.

It weighs 1.8 GB, so it has an environment of its own: `make test-funasr`.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import numpy as np
import pytest

from appliance.engines.asr import RATE, AsrConfig
from appliance.engines.errors import ModelFileCorruptError, ModelFileMissingError
from appliance.engines.recognisers import load_recogniser

pytest.importorskip("torch", reason="funasr is not installed here: make test-funasr")
try:
    import torchaudio  # noqa: F401
except OSError:
    # Its library was built for another torch than the one that is here. FunASR imports it to read
    # sound files and to resample, which we never let it do.
    sys.modules["torchaudio"] = ModuleType("torchaudio")
pytest.importorskip("funasr", reason="funasr is not installed here: make test-funasr")
pytestmark = pytest.mark.long

from tests.tiny.funasr_models import paraformer, sense_voice  # noqa: E402

Make = Callable[[Path], Path]
MODELS = pytest.mark.parametrize("make", [sense_voice, paraformer])


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a socket to somewhere fails loudly."""

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("FunASR asked the network for something")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def speech(seconds: float = 1.5) -> np.ndarray:
    times = np.arange(int(RATE * seconds)) / RATE
    voiced = np.sin(2 * np.pi * 140 * times) * (np.sin(2 * np.pi * 3 * times) > -0.5)
    noise = np.random.default_rng(1).normal(0, 0.01, len(times))
    silence = np.zeros(RATE // 2)
    return np.concatenate([silence, 0.4 * voiced + noise, silence]).astype(np.float32)


@MODELS
def test_a_model_folder_goes_through_the_real_thing(make: Make, tmp_path: Path) -> None:
    recogniser = load_recogniser(AsrConfig("funasr", str(make(tmp_path / "model"))))
    heard = []
    for _ in range(2):  # the second utterance knows nothing of the first
        recogniser.reset("zh", ("小鹿",))
        recogniser.accept(speech(), RATE)
        heard.append(recogniser.finish())
    assert all(isinstance(text, str) and "<|" not in text for text in heard)
    assert heard[0] == heard[1]


@MODELS
def test_a_wrong_path_is_refused_before_it_becomes_a_download(make: Make, tmp_path: Path) -> None:
    for name in ("iic/SenseVoiceSmall", "paraformer-zh", str(tmp_path / "nowhere")):
        with pytest.raises(ModelFileMissingError):
            load_recogniser(AsrConfig("funasr", name))


@MODELS
@pytest.mark.parametrize("broken", ["model.pt", "config.yaml", "am.mvn"])
def test_a_broken_file_is_an_error_of_ours(make: Make, tmp_path: Path, broken: str) -> None:
    folder = make(tmp_path / "model")
    path = folder / broken
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    with pytest.raises(ModelFileCorruptError):
        load_recogniser(AsrConfig("funasr", str(folder)))
