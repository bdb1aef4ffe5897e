"""Speech made by the default TTS: several voices and speeds, every sentence with its text."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from appliance import paths
from appliance.configuration.settings import Settings
from appliance.engines.asr import RATE
from appliance.engines.synthesisers import load_synthesiser
from appliance.engines.tts import Synthesiser, TtsConfig
from appliance.models.catalogue_file import read_catalogue
from appliance.models.store import Store
from appliance.sound.resample import resample
from appliance.sound.wav import read_wav, write_wav
from appliance.supervision.roster import Roster
from appliance.supervision.worker_options import WorkerOptions
from bench.voice.conditions import Samples

SENTENCES = (
    "明天早上我想早点起床去公园跑步。",
    "你能告诉我这附近哪里有好吃的面馆吗？",
    "水为什么会结冰？",
    "请把刚才的话再说一遍。",
    "我妈妈下个星期要来看我，我很高兴。",
    "中国有多少个省份？",
    "今天晚上吃什么好呢，我还没有想好。",
    "给我讲一个关于兔子和乌龟的故事。",
    "月亮离地球有多远？",
    "火车几点出发，我们几点到车站？",
    "学习外语有什么好办法？",
    "苹果和香蕉哪一个更甜？",
    "昨天的雨下得很大，路上都是水。",
    "为什么天空是蓝色的？",
)
SPEEDS = (("slow", 0.85), ("normal", 1.0), ("fast", 1.3))


@dataclass(frozen=True, slots=True)
class Utterance:
    """Clean speech at 16 kHz and what is said in it."""

    text: str
    voice: str
    speed: str
    samples: Samples


def worker_options() -> WorkerOptions:
    """What the box would start its workers with.

    Raises:
        ModelError: when one is asked for whose model is not installed.
    """
    settings = Settings()
    roster = Roster(settings, read_catalogue(), Store(paths.default_root()))
    return WorkerOptions(settings, roster, Path(), Path())


def default_tts(threads: int) -> TtsConfig:
    """The default voice model on so many threads."""
    return replace(worker_options().tts().config, threads=threads)


def speak(engine: Synthesiser, text: str, voice: str, speed: float) -> Samples:
    """Speech at the engine's own rate."""
    blocks: list[Samples] = []
    engine.synthesise(text, voice, speed, blocks.append, lambda: False)
    return np.concatenate(blocks)


def corpus(directory: Path, count: int) -> list[Utterance]:
    """`count` utterances, voices and speeds in turn; made once and kept in `directory`."""
    directory.mkdir(parents=True, exist_ok=True)
    engine: Synthesiser | None = None
    found = []
    for number in range(count):
        text = SENTENCES[number % len(SENTENCES)]
        name, speed = SPEEDS[number % len(SPEEDS)]
        path = directory / f"utterance-{number:03}.wav"
        note = path.with_suffix(".txt")
        if not note.exists():
            engine = engine or load_synthesiser(default_tts(2))
            voice = engine.voices[number % len(engine.voices)]
            print(f"making {path.name}: {voice}, {name}", file=sys.stderr)
            write_wav(path, speak(engine, text, voice, speed), engine.rate)
            note.write_text(f"{voice}\t{name}\t{text}\n", encoding="utf-8")
        voice, name, text = note.read_text(encoding="utf-8").strip().split("\t")
        samples, rate = read_wav(path)
        found.append(Utterance(text, voice, name, resample(samples, rate, RATE)))
    return found
