"""The real default models load in their engines and do their work."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

import numpy as np
import pytest

from appliance.models.catalogue import AnyModel, Catalogue, LlmModel, TtsModel
from appliance.models.catalogue_file import read_catalogue
from appliance.models.gguf import read_header
from appliance.models.store import Store
from appliance.paths import default_root

pytestmark = pytest.mark.models

SENTENCE = "今天天气很好我们去公园散步吧"
PHONEMES = "ʨi→ntʰjɛ→ntʰjɛ→nʨʰi↘ xə↓n xau↓, wo↓mən ʨʰy↘ kʊ→ŋɥɛ↗n sa↘npu↘ pa."


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue()


@pytest.fixture(scope="module")
def store(catalogue: Catalogue) -> Store:
    found = Store(default_root())
    absent = [m.name for m in catalogue.expand(["default"]) if found.state(m) != "installed"]
    if absent:
        pytest.skip(f"not installed in {found.root}: {', '.join(absent)}")
    return found


def the(catalogue: Catalogue, role: str) -> AnyModel:
    return next(model for model in catalogue.expand(["default"]) if model.role == role)


@pytest.fixture(scope="module")
def speech(catalogue: Catalogue, store: Store) -> dict[str, np.ndarray]:
    """One sentence by every voice, 24 kHz."""
    sherpa = pytest.importorskip("sherpa_onnx")
    model = the(catalogue, "tts")
    assert isinstance(model, TtsModel)
    files = {key: str(path) for key, path in store.files(model).items()}
    kokoro = sherpa.OfflineTtsKokoroModelConfig(lexicon="", **files)
    config = sherpa.OfflineTtsModelConfig(kokoro=kokoro, num_threads=2)
    engine = sherpa.OfflineTts(sherpa.OfflineTtsConfig(model=config))
    assert engine.sample_rate == model.facts.sample_rate
    assert engine.num_speakers == len(model.facts.voices)
    sounds = {}
    for voice in model.facts.voices:
        generation = sherpa.GenerationConfig()
        generation.sid = voice.speaker
        generation.phoneme_codepoints = [[ord(symbol) for symbol in PHONEMES]]
        sounds[voice.name] = np.array(engine.generate("", generation).samples, np.float32)
    return sounds


def test_every_file_is_what_the_catalogue_names(catalogue: Catalogue, store: Store) -> None:
    for model in catalogue.expand(["default"]):
        assert store.verify(model) == [], model.name


def test_the_language_model_is_a_whole_chat_model(catalogue: Catalogue, store: Store) -> None:
    model = the(catalogue, "llm")
    assert isinstance(model, LlmModel)
    header = read_header(store.files(model)["model"])
    assert header.has_chat_template
    assert header.number("context_length") >= model.facts.context


def test_every_voice_speaks_a_second_or_more(speech: dict[str, np.ndarray]) -> None:
    for name, samples in speech.items():
        assert 24000 < len(samples) < 8 * 24000, name
        assert 0.01 < float(np.sqrt(np.mean(samples**2))) < 0.5, name


def test_the_converted_recogniser_writes_what_the_rewritten_voice_says(
    catalogue: Catalogue, store: Store, speech: dict[str, np.ndarray]
) -> None:
    sherpa = pytest.importorskip("sherpa_onnx")
    model = the(catalogue, "asr")
    facts = model.facts
    files = {key: str(path) for key, path in store.files(model).items()}
    recogniser = sherpa.OfflineRecognizer.from_whisper(
        language=facts.language, tail_paddings=facts.tail_paddings, num_threads=2, **files
    )
    to_simplified = pytest.importorskip("opencc").OpenCC("t2s")
    likeness = []
    for samples in speech.values():
        stream = recogniser.create_stream()
        silence = np.zeros(int(24000 * facts.append_silence_s), np.float32)
        stream.accept_waveform(24000, np.concatenate([samples, silence]))
        recogniser.decode_stream(stream)
        heard = re.sub(r"\W", "", to_simplified.convert(stream.result.text))
        likeness.append(SequenceMatcher(None, SENTENCE, heard).ratio())
    assert sum(likeness) / len(likeness) > 0.9, likeness


def test_the_endpointer_finds_speech_and_not_silence(
    catalogue: Catalogue, store: Store, speech: dict[str, np.ndarray]
) -> None:
    sherpa = pytest.importorskip("sherpa_onnx")
    model = the(catalogue, "vad")
    config = sherpa.VadModelConfig()
    config.silero_vad.model = str(store.files(model)["model"])
    config.silero_vad.threshold = model.facts.threshold
    config.sample_rate = model.facts.sample_rate
    window = model.facts.window
    samples = next(iter(speech.values()))
    at_16k = np.interp(np.arange(0, len(samples), 1.5), np.arange(len(samples)), samples)
    quiet = np.zeros(16000, np.float32)
    for sound, expected in ((quiet, False), (np.concatenate([quiet, at_16k]), True)):
        detector = sherpa.VoiceActivityDetector(config, buffer_size_in_seconds=20)
        heard = False
        for start in range(0, len(sound) - window, window):
            detector.accept_waveform(sound[start : start + window].astype(np.float32))
            heard = heard or detector.is_speech_detected()
        assert heard is expected
