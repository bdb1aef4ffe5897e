"""The wake word by the box's recogniser: how often the phrase wakes it, and other speech does."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from appliance.configuration.settings import Settings
from appliance.engines.asr import RATE
from appliance.engines.kws_asr import AsrSpotter
from appliance.engines.recognisers import load_recogniser
from appliance.engines.synthesisers import load_synthesiser
from appliance.sound.resample import resample
from appliance.sound.wav import read_wav, write_wav
from bench.voice.conditions import CONDITIONS, Samples
from bench.voice.corpus import SPEEDS, Utterance, default_tts, speak, worker_options

_PHRASE = Settings().text("talk.wake_phrase")
_THRESHOLD = Settings().number("talk.wake_score")
_NEAR_MISSES = (
    "你好小王。",
    "你好世界。",
    "小鹿在森林里。",
    "你好吗？",
    "小路很长。",
    "您好，请问。",
)
_CONDITIONS = ("clean", "noise-20db", "noise-10db", "reverberation")


def wake(utterances: list[Utterance], directory: Path, voices: int) -> dict[str, object]:
    """`recall` per condition; the share of other utterances that wake; seconds a stretch costs."""
    spotter = AsrSpotter(load_recogniser(worker_options().asr().config))
    calls = [spoken for _, spoken in _spoken((_PHRASE,), directory, voices)]
    recall = {}
    for condition in _CONDITIONS:
        change = CONDITIONS[condition]
        scores = [
            _score(spotter, change(call, np.random.default_rng(number)))
            for number, call in enumerate(calls)
        ]
        recall[condition] = round(sum(score >= _THRESHOLD for score in scores) / len(scores), 3)
    began = time.process_time()
    near = {text: _score(spotter, call) for text, call in _spoken(_NEAR_MISSES, directory, 1)}
    others = [_score(spotter, utterance.samples) for utterance in utterances]
    cost = (time.process_time() - began) / (len(near) + len(others))
    return {
        "wake_recall": recall,
        "wake_calls": len(calls),
        "wake_false_of_near": round(sum(s >= _THRESHOLD for s in near.values()) / len(near), 3),
        "wake_false_of_other": round(sum(s >= _THRESHOLD for s in others) / len(others), 3),
        "wake_cpu_seconds_per_stretch": round(cost, 3),
    }


def _score(spotter: AsrSpotter, samples: Samples) -> float:
    spotter.reset(_PHRASE)
    spotter.accept(samples, RATE)
    return spotter.finish().score


def _spoken(texts: tuple[str, ...], directory: Path, voices: int) -> list[tuple[str, Samples]]:
    """Each text by so many voices at three speeds; made once and kept in `directory`."""
    engine = load_synthesiser(default_tts(2))
    found = []
    for number, text in enumerate(texts):
        for voice in engine.voices[:voices]:
            for name, speed in SPEEDS:
                path = directory / f"wake-{len(texts)}-{number}-{voice}-{name}.wav"
                if not path.exists():
                    write_wav(path, speak(engine, text, voice, speed), engine.rate)
                samples, rate = read_wav(path)
                found.append((text, resample(samples, rate, RATE)))
    return found
