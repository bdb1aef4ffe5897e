"""What the box says, it understands: the default voice transcribed by the default recogniser."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from appliance import paths
from appliance.audio.vad import WINDOW, silero
from appliance.configuration.settings import Settings
from appliance.engines.asr import RATE, Recogniser
from appliance.engines.recognisers import load_recogniser
from appliance.engines.synthesisers import load_synthesiser
from appliance.engines.tts import Synthesiser
from appliance.models.catalogue_file import read_catalogue
from appliance.models.errors import ModelError
from appliance.models.store import Store
from appliance.sound.resample import resample
from appliance.supervision.roster import Roster
from appliance.supervision.worker_options import WorkerOptions
from bench.cer import errors, total

pytestmark = pytest.mark.models

SENTENCES = (
    "明天早上七点叫我起床，然后帮我泡一杯咖啡。",
    "今天天气怎么样，出门要不要带雨伞？",
    "人工智能正在改变我们的生活方式。",
    "北京的冬天很冷，但是阳光非常好。",
    "他一边听音乐，一边写作业。",
    "睡觉之前最好不要看手机。",
    "长江全长6300公里，是中国最长的河流。",
    "周末我想和朋友一起去爬山。",
)


@pytest.fixture(scope="module")
def options() -> WorkerOptions:
    settings = Settings()
    roster = Roster(settings, read_catalogue(), Store(paths.default_root()))
    try:
        roster.asr(), roster.tts(), roster.vad()
    except ModelError as error:
        pytest.skip(str(error))
    return WorkerOptions(settings, roster, Path(), Path())


@pytest.fixture(scope="module")
def recogniser(options: WorkerOptions) -> Recogniser:
    return load_recogniser(options.asr().config)


@pytest.fixture(scope="module")
def voice(options: WorkerOptions) -> Synthesiser:
    return load_synthesiser(options.tts().config)


def say(voice: Synthesiser, text: str, name: str = "", speed: float = 1.0) -> NDArray[np.float32]:
    blocks: list[NDArray[np.float32]] = []
    voice.synthesise(text, name, speed, blocks.append, lambda: False)
    samples = np.concatenate([*blocks, np.zeros(0, np.float32)])
    return resample(samples, voice.rate, RATE)


def hear(recogniser: Recogniser, samples: NDArray[np.float32]) -> str:
    recogniser.reset()
    recogniser.accept(samples, RATE)
    return recogniser.finish()


@pytest.mark.parametrize("name", ["zf_xiaoyi", pytest.param("zm_yunxi", marks=pytest.mark.long)])
def test_spoken_sentences_are_understood(
    voice: Synthesiser, recogniser: Recogniser, name: str
) -> None:
    assert name in voice.voices
    results = [errors(text, hear(recogniser, say(voice, text, name))) for text in SENTENCES]
    assert total(results).rate <= 0.20, [result.rate for result in results]


def test_faster_speech_is_shorter_and_still_understood(
    voice: Synthesiser, recogniser: Recogniser
) -> None:
    slow, fast = say(voice, SENTENCES[2]), say(voice, SENTENCES[2], speed=1.3)
    assert len(fast) < 0.9 * len(slow)
    assert errors(SENTENCES[2], hear(recogniser, fast)).rate <= 0.3


@pytest.mark.parametrize("level", [0.0, 0.001, 0.02, 0.2])
def test_silence_and_noise_are_nothing(recogniser: Recogniser, level: float) -> None:
    noise = np.random.default_rng(3).normal(0, level, 4 * RATE).astype(np.float32)
    assert hear(recogniser, noise) == ""


def test_speech_in_noise_is_still_understood(voice: Synthesiser, recogniser: Recogniser) -> None:
    speech = say(voice, SENTENCES[0])
    quiet = np.zeros(RATE // 2, np.float32)
    padded = np.concatenate([quiet, speech, quiet])
    scale = float(np.sqrt(np.mean(speech**2))) / 10  # 20 dB
    noisy = padded + np.random.default_rng(0).normal(0, scale, len(padded)).astype(np.float32)
    assert errors(SENTENCES[0], hear(recogniser, noisy)).rate <= 0.3


@pytest.mark.parametrize("text", ["", "😀😀", "。。。", "Привет"])
def test_what_cannot_be_spoken_makes_no_sound(voice: Synthesiser, text: str) -> None:
    assert len(say(voice, text)) == 0


def test_a_stop_between_pieces_ends_a_long_text(voice: Synthesiser) -> None:
    blocks: list[NDArray[np.float32]] = []
    voice.synthesise("这是没有标点的长句子" * 30, "", 2.0, blocks.append, lambda: bool(blocks))
    assert len(blocks) == 1


def test_silero_tells_speech_from_silence_and_noise(
    options: WorkerOptions, voice: Synthesiser
) -> None:
    vad = silero(options.audio().vad_model)

    def share(samples: NDArray[np.float32]) -> float:
        vad.reset()
        windows = [samples[i : i + WINDOW] for i in range(0, len(samples) - WINDOW + 1, WINDOW)]
        return sum(vad.is_speech(window) for window in windows) / len(windows)

    assert share(say(voice, SENTENCES[0])) > 0.7
    assert share(np.zeros(2 * RATE, np.float32)) == 0.0
    assert share(np.random.default_rng(0).normal(0, 0.05, 2 * RATE).astype(np.float32)) < 0.05


@pytest.mark.parametrize("damage", ["truncated", "no metadata", "short voices"])
def test_a_damaged_voice_model_is_noticed_before_it_can_end_the_process(
    options: WorkerOptions, tmp_path: Path, damage: str
) -> None:
    config = options.tts().config
    source = Path(config.directory)
    for name in ("tokens.txt", "voices.bin", "model.onnx"):
        (tmp_path / name).symlink_to(source / name)
    victim = tmp_path / ("voices.bin" if damage == "short voices" else "model.onnx")
    data = victim.resolve().read_bytes()
    victim.unlink()
    # The metadata are the last field of the file; a cut before them leaves a valid prefix.
    kept = data.rindex(b"model_type") - 4 if damage == "no metadata" else len(data) // 2
    victim.write_bytes(data[:kept])
    code = (
        "import sys\n"
        "from appliance.engines.errors import ModelFileCorruptError\n"
        "from appliance.engines.synthesisers import load_synthesiser\n"
        "from appliance.engines.tts import TtsConfig\n"
        "try:\n    load_synthesiser(TtsConfig('kokoro', sys.argv[1]))\n"
        "except ModelFileCorruptError:\n    sys.exit(42)\n"
    )
    result = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert result.returncode == 42
