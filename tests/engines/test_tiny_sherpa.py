"""Every sherpa-onnx engine loads and decodes for real, on models of a few hundred bytes.

Native code ends the process where Python code would raise: what these load has passed all the
checks before it, and its text all the tidying after it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from appliance.engines.asr import RATE, AsrConfig
from appliance.engines.asr_two_pass import TwoPass
from appliance.engines.errors import (
    EngineMissingError,
    ModelFileCorruptError,
    ModelFileMissingError,
)
from appliance.engines.kws import KwsConfig
from appliance.engines.recognisers import load_recogniser
from appliance.engines.spotters import load_spotter
from tests.tiny import sherpa as tiny_sherpa

SPEECH: NDArray[np.float32] = (0.3 * np.sin(np.arange(RATE) * 0.2)).astype(np.float32)
PAUSE: NDArray[np.float32] = np.zeros(RATE // 2, np.float32)
KEYWORD_TOKENS = ("<blk>", "<s>", "</s>", "<unk>", "n", "ǐ", "h", "ǎo")
KWS_FILES = {
    "encoder": "encoder.onnx",
    "decoder": "decoder.onnx",
    "joiner": "joiner.onnx",
    "tokens": "tokens.txt",
}


@pytest.mark.parametrize(
    ("engine", "make", "text"),
    [
        ("zipformer-ctc", tiny_sherpa.zipformer_ctc, "好"),
        ("fire-red-ctc", tiny_sherpa.fire_red_ctc, "好"),
        ("paraformer", tiny_sherpa.paraformer, "你好"),
        ("sense-voice", tiny_sherpa.sense_voice, "好"),
        ("online-transducer", tiny_sherpa.online_transducer, "好你鹿"),
    ],
)
@pytest.mark.parametrize("hot_words", [(), ("你好",), ("没有的词", "鹿")])
def test_an_engine_hears_with_hot_words_and_without(
    engine: str,
    make: Callable[[Path], None],
    text: str,
    hot_words: tuple[str, ...],
    tmp_path: Path,
) -> None:
    make(tmp_path)
    recogniser = load_recogniser(AsrConfig(engine, str(tmp_path)))
    for _ in range(2):
        recogniser.reset("zh", hot_words)
        recogniser.accept(np.concatenate([PAUSE, SPEECH, PAUSE]), RATE)
        assert recogniser.finish() == text


def test_a_qwen3_asr_of_which_files_are_wrong_is_told(tmp_path: Path) -> None:
    files = {"tokens": "tokenizer/vocab.json"}
    config = AsrConfig("qwen3-asr", str(tmp_path), files)
    with pytest.raises(ModelFileMissingError, match=r"vocab\.json"):
        load_recogniser(config)
    (tmp_path / "tokenizer").mkdir()
    (tmp_path / "tokenizer" / "vocab.json").write_text("{}")
    with pytest.raises(ModelFileMissingError, match=r"conv_frontend\.onnx"):
        load_recogniser(config)
    (tmp_path / "conv_frontend.onnx").write_bytes(b"<html>")
    with pytest.raises(ModelFileCorruptError, match=r"conv_frontend\.onnx"):
        load_recogniser(config)


def test_a_package_older_than_its_engine_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_sherpa.fire_red_ctc(tmp_path)
    monkeypatch.delattr("sherpa_onnx.OfflineRecognizer.from_fire_red_asr_ctc")
    with pytest.raises(EngineMissingError, match="pip install --upgrade sherpa-onnx"):
        load_recogniser(AsrConfig("fire-red-ctc", str(tmp_path)))


def test_a_transducer_takes_hot_words(tmp_path: Path) -> None:
    tiny_sherpa.transducer(tmp_path)
    recogniser = load_recogniser(AsrConfig("transducer", str(tmp_path)))
    recogniser.reset("zh", ("你好", "小鹿"))
    recogniser.accept(np.concatenate([PAUSE, SPEECH, PAUSE]), RATE)
    assert set(recogniser.finish()) == {"好"}


def test_a_streaming_engine_shows_words_before_the_end(tmp_path: Path) -> None:
    tiny_sherpa.online_transducer(tmp_path)
    recogniser = load_recogniser(AsrConfig("online-transducer", str(tmp_path)))
    recogniser.accept(SPEECH, RATE)
    assert recogniser.partial() == "好你鹿"


def test_two_engines_make_two_passes(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for directory, make in (
        (first, tiny_sherpa.online_transducer),
        (second, tiny_sherpa.paraformer),
    ):
        directory.mkdir()
        make(directory)
    recogniser = load_recogniser(
        AsrConfig("paraformer", str(second)), AsrConfig("online-transducer", str(first))
    )
    assert isinstance(recogniser, TwoPass)
    recogniser.reset()
    recogniser.accept(np.concatenate([PAUSE, SPEECH]), RATE)
    assert recogniser.partial() == "好你鹿"
    recogniser.accept(PAUSE, RATE)
    assert recogniser.partial() == "你好"
    assert recogniser.finish() == "你好"


def test_the_keyword_spotter_says_yes_to_its_phrase_and_no_to_others(tmp_path: Path) -> None:
    tiny_sherpa.online_transducer(tmp_path, KEYWORD_TOKENS)
    spotter = load_spotter(KwsConfig(str(tmp_path), KWS_FILES), None)  # type: ignore[arg-type]
    spotter.reset("你好")
    assert spotter.accept(SPEECH, RATE), "while it is still being said"
    assert spotter.finish().score == 1.0
    for other in ("小鹿", "hello", ""):
        spotter.reset(other)
        assert not spotter.accept(SPEECH, RATE)
        assert spotter.finish().score == 0.0
