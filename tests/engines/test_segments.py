"""Partials and long speech for engines that only know whole segments."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from appliance.engines.asr import RATE, AsrConfig
from appliance.engines.asr_segments import SegmentRecogniser
from appliance.engines.errors import (
    EngineError,
    EngineMissingError,
    ModelFileCorruptError,
    ModelFileMissingError,
)
from appliance.engines.recognisers import load_recogniser


class CountingDecoder:
    """Writes one letter per burst of sound, so that lost or doubled speech shows."""

    longest = 28.0

    def __init__(self) -> None:
        self.lengths: list[float] = []

    def decode(
        self, samples: NDArray[np.float32], language: str, hot_words: tuple[str, ...]
    ) -> str:
        self.lengths.append(len(samples) / RATE)
        loud = np.abs(samples) > 0.05
        frames: NDArray[np.bool_] = loud[: len(loud) // 320 * 320].reshape(-1, 320).any(axis=1)
        return "x" * int(np.count_nonzero(frames[1:] & ~frames[:-1]) + int(frames[0]))


def burst(seconds: float, amplitude: float = 0.4) -> NDArray[np.float32]:
    count = int(seconds * RATE)
    envelope = np.minimum(1, np.minimum(np.arange(count), np.arange(count)[::-1]) / 800)
    return (amplitude * envelope * np.sin(np.arange(count) * 0.2)).astype(np.float32)


def silence(seconds: float) -> NDArray[np.float32]:
    noise = np.random.default_rng(1).normal(0, 2e-4, int(seconds * RATE))
    return noise.astype(np.float32)


def feed(recogniser: SegmentRecogniser, *parts: NDArray[np.float32]) -> list[str]:
    partials = []
    samples = np.concatenate(parts)
    for start in range(0, len(samples), 1600):
        recogniser.accept(samples[start : start + 1600], RATE)
        partials.append(recogniser.partial())
    return partials


def test_a_partial_comes_at_a_pause_and_is_the_result_when_nothing_follows() -> None:
    decoder = CountingDecoder()
    recogniser = SegmentRecogniser(decoder, "zh")
    partials = feed(recogniser, silence(0.3), burst(1.0), silence(0.6))
    assert partials[-1] == "x"
    calls = len(decoder.lengths)
    assert recogniser.finish() == "x"
    assert len(decoder.lengths) == calls == 1, "the pause had already been decoded"


def test_speech_after_a_pause_is_not_lost() -> None:
    recogniser = SegmentRecogniser(CountingDecoder(), "zh")
    feed(recogniser, silence(0.3), burst(0.8), silence(0.6), burst(0.4))
    assert recogniser.finish() == "xx"


def test_a_soft_last_syllable_is_not_lost() -> None:
    recogniser = SegmentRecogniser(CountingDecoder(), "zh")
    feed(recogniser, silence(0.3), burst(0.8, 0.8), silence(0.6), burst(0.3, 0.07), silence(0.4))
    assert recogniser.finish() == "xx"


@pytest.mark.parametrize("level", [0.0, 0.01, 0.1])
def test_silence_and_steady_noise_are_not_even_decoded(level: float) -> None:
    decoder = CountingDecoder()
    recogniser = SegmentRecogniser(decoder, "zh")
    noise = np.random.default_rng(0).normal(0, level, 3 * RATE).astype(np.float32)
    feed(recogniser, noise)
    assert recogniser.finish() == ""
    assert decoder.lengths == []


def test_five_minutes_are_cut_at_pauses_and_nothing_is_lost_or_said_twice() -> None:
    decoder = CountingDecoder()
    recogniser = SegmentRecogniser(decoder, "zh")
    for _ in range(100):
        for part in (burst(2.3), silence(0.7)):
            recogniser.accept(part, RATE)
    assert recogniser.finish() == "x" * 100
    assert max(decoder.lengths) <= decoder.longest


def test_an_utterance_does_not_leak_into_the_next() -> None:
    recogniser = SegmentRecogniser(CountingDecoder(), "zh")
    feed(recogniser, silence(0.3), burst(1.0))
    recogniser.reset()
    assert recogniser.finish() == ""


def test_another_rate_is_refused() -> None:
    with pytest.raises(EngineError, match="16000"):
        SegmentRecogniser(CountingDecoder(), "zh").accept(burst(0.1), 48000)


def test_an_unknown_engine_names_those_there_are() -> None:
    with pytest.raises(EngineMissingError, match="whisper"):
        load_recogniser(AsrConfig("martian", "."))


@pytest.mark.parametrize("engine", ["whisper", "sense-voice", "online-transducer", "paraformer"])
def test_a_model_that_is_not_there_is_an_error_before_native_code(engine: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ModelFileMissingError):
        load_recogniser(AsrConfig(engine, str(tmp_path)))


@pytest.mark.parametrize("content", [b"\x00" * 200, b"garbage" * 50, b"\x08\x07"])
def test_a_model_that_is_no_model_is_an_error_before_native_code(content: bytes, tmp_path) -> None:  # type: ignore[no-untyped-def]
    for name in ("encoder.onnx", "decoder.onnx", "tokens.txt"):
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelFileCorruptError):
        load_recogniser(AsrConfig("whisper", str(tmp_path)))
