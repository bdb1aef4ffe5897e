"""VITS and Matcha through the real sherpa-onnx, with models small enough to make here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from appliance.engines.errors import ModelFileCorruptError, ModelFileMissingError
from appliance.engines.synthesisers import load_synthesiser
from appliance.engines.tts import Synthesiser, TtsConfig
from tests.tiny.voices import FRAME, MATCHA, VITS, VOCODER, matcha, vits

Make = Callable[[Path], None]
ENGINES: dict[str, Make] = {"vits": vits, "matcha": matcha}


def say(voice: Synthesiser, text: str, name: str = "") -> list[NDArray[np.float32]]:
    blocks: list[NDArray[np.float32]] = []
    voice.synthesise(text, name, 1.0, blocks.append, lambda: False)
    return blocks


@pytest.mark.parametrize(("engine", "rate"), [("vits", 8000), ("matcha", 22050)])
def test_the_lexicon_makes_sounds_of_text(tmp_path: Path, engine: str, rate: int) -> None:
    ENGINES[engine](tmp_path)
    voice = load_synthesiser(TtsConfig(engine, str(tmp_path)))
    assert voice.rate == rate
    sound = np.concatenate(say(voice, "你好"))
    # n, i3, h, ao3 are tokens 2 to 5, a frame each.
    assert [round(float(v), 2) for v in np.unique(sound) if v > 0.011] == [0.02, 0.03, 0.04, 0.05]
    assert np.count_nonzero(np.isclose(sound, 0.03)) == FRAME


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("text", ["", "😀😀", "Привет", "。。。"])
def test_what_the_lexicon_does_not_know_is_silence(tmp_path: Path, engine: str, text: str) -> None:
    ENGINES[engine](tmp_path)
    assert say(load_synthesiser(TtsConfig(engine, str(tmp_path))), text) == []


def test_vits_gives_its_sentences_one_by_one_and_a_stop_acts_between_them(tmp_path: Path) -> None:
    vits(tmp_path)
    voice = load_synthesiser(TtsConfig("vits", str(tmp_path)))
    assert len(say(voice, "你好。你好。你好。")) >= 3
    blocks: list[NDArray[np.float32]] = []
    voice.synthesise("你好。" * 5, "", 1.0, blocks.append, lambda: bool(blocks))
    assert len(blocks) == 1


def test_speakers_are_numbers_unless_the_catalogue_names_them(tmp_path: Path) -> None:
    vits(tmp_path)
    assert len(load_synthesiser(TtsConfig("vits", str(tmp_path))).voices) == 174
    named = load_synthesiser(TtsConfig("vits", str(tmp_path), voices={"十号": 10}))
    assert named.voices == ("十号",)


@pytest.mark.parametrize("key", ["sample_rate", "n_speakers", "comment", "language"])
def test_a_vits_without_metadata_is_refused_before_it_can_end_the_process(
    tmp_path: Path, key: str
) -> None:
    vits(tmp_path, {name: value for name, value in VITS.items() if name != key})
    with pytest.raises(ModelFileCorruptError, match=key):
        load_synthesiser(TtsConfig("vits", str(tmp_path)))


@pytest.mark.parametrize("key", ["sample_rate", "n_speakers", "pad_id", "use_eos_bos"])
def test_a_matcha_without_metadata_is_refused_before_it_can_end_the_process(
    tmp_path: Path, key: str
) -> None:
    matcha(tmp_path, {name: value for name, value in MATCHA.items() if name != key})
    with pytest.raises(ModelFileCorruptError, match=key):
        load_synthesiser(TtsConfig("matcha", str(tmp_path)))


@pytest.mark.parametrize(
    ("vocoder", "complaint"),
    [
        ({}, "model_type"),
        ({"model_type": "melgan"}, "no vocoder"),
        ({"model_type": "vocos"}, "n_fft"),
        ({**VOCODER, "sample_rate": "44100"}, "44100 Hz"),
    ],
)
def test_a_vocoder_that_does_not_fit_is_refused(
    tmp_path: Path, vocoder: dict[str, str], complaint: str
) -> None:
    matcha(tmp_path, MATCHA, vocoder)
    with pytest.raises(ModelFileCorruptError, match=complaint):
        load_synthesiser(TtsConfig("matcha", str(tmp_path)))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("file", ["lexicon.txt", "tokens.txt"])
def test_a_missing_lexicon_or_token_table_is_named(tmp_path: Path, engine: str, file: str) -> None:
    ENGINES[engine](tmp_path)
    (tmp_path / file).unlink()
    with pytest.raises(ModelFileMissingError, match=file):
        load_synthesiser(TtsConfig(engine, str(tmp_path)))
